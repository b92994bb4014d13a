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

test('the short form says only what is new', () => {
  const decoder = new UpdateDecoder();
  const begin = new WireWriter().u8(0x20 | reset | full).u32(0x1fe).u16(4).u16(4).u8(0).done();
  expect(applyNow(decoder, begin)).toMatchObject({ sequence: 0x1fe, full: true });
  expect(applyNow(decoder, Uint8Array.of(0x20, 0xff, 0)).sequence).toBe(0x1ff);
  expect(applyNow(decoder, Uint8Array.of(0x20, 0x00, 0)).sequence).toBe(0x200);
  expect(() => decoder.apply(Uint8Array.of(0x20, 0x02, 0))).toThrow('came after');
  expect(() => decoder.apply(Uint8Array.of(0x20, 0x01, 0x80, 0x80, 0x80, 0x80, 0))).toThrow('no end');
  expect(() => decoder.apply(Uint8Array.of(0x20, 0x01, 1))).toThrow('too early');
  expect(() => decoder.apply(Uint8Array.of(0x30, 0x01, 0))).toThrow('format');
  // Refused before anything was touched: it goes on.
  expect(applyNow(decoder, Uint8Array.of(0x20, 0x01, 0)).sequence).toBe(0x201);
});

test('a reset continues a picture, and does not make one', () => {
  expect(() => new UpdateDecoder().apply(update(reset, 1))).toThrow('continues a picture');
});
