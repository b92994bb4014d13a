import { expect, it } from 'vitest';
import { WireReader } from '../../src/core/wire/reader.ts';
import { WireWriter } from '../../src/core/wire/writer.ts';

it('writes what it reads, at every length at which its buffer grows', () => {
  for (let filled = 0; filled < 300; filled++) {
    const writer = new WireWriter().put(new Uint8Array(filled).fill(9)).u8(1).u16(0x0203).i16(-2).u32(0x04050607);
    const reader = new WireReader(writer.put(Uint8Array.of(8)).done());
    expect(reader.take(filled).every((value) => value === 9)).toBe(true);
    expect([reader.u8(), reader.u16(), reader.i16(), reader.u32(), reader.u8()]).toEqual([1, 0x0203, -2, 0x04050607, 8]);
    reader.end();
  }
});
