import { expect, test } from 'vitest';
import { UpdateDecoder } from '../../../src/core/codec/update-decoder.ts';
import { WireWriter } from '../../../src/core/wire/writer.ts';
import { applyNow } from './golden-file.ts';

const reset = 1;
const full = 2;

/** An update of a 4 x 4 picture that paints nothing. */
function update(flags: number, sequence: number): Uint8Array {
  return new WireWriter().u8(1).u8(flags).u32(sequence).u32(0).u16(4).u16(4).u32(0).done();
}

test('a viewer that changes streams goes on at whatever number the other stream is', () => {
  const decoder = new UpdateDecoder();
  decoder.apply(update(reset | full, 1));
  expect(applyNow(decoder, update(reset, 7)).sequence).toBe(7);
  expect(applyNow(decoder, update(0, 8)).sequence).toBe(8);
  expect(() => decoder.apply(update(0, 10))).toThrow('came after');
});

test('a reset continues a picture, and does not make one', () => {
  expect(() => new UpdateDecoder().apply(update(reset, 1))).toThrow('continues a picture');
});
