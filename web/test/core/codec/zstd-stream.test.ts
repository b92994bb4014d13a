import { describe, expect, test } from 'vitest';
import { ZstdStream } from '../../../src/core/codec/zstd/zstd-stream.ts';
import { ProtocolError } from '../../../src/core/wire/reader.ts';
import { cut, readGolden, seeded } from './golden-file.ts';

const budget = 16 << 20;
const header = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50];
const raw = (...bytes: number[]): number[] => [(bytes.length << 3) & 0xff, bytes.length >> 5, bytes.length >> 13, ...bytes];
const repeat = (byte: number, count: number): number[] => [((count << 3) | 2) & 0xff, (count >> 5) & 0xff, count >> 13, byte];
const decompress = (stream: ZstdStream, bytes: readonly number[], limit = budget): number[] =>
  [...stream.decompress(Uint8Array.from(bytes), limit)];

describe('pieces', () => {
  test('of raw and repeated bytes', () => {
    const stream = new ZstdStream();
    expect(decompress(stream, [])).toEqual([]);
    expect(decompress(stream, [...header, ...raw(1, 2, 3), ...repeat(7, 5)])).toEqual([1, 2, 3, 7, 7, 7, 7, 7]);
    expect(decompress(stream, raw(9))).toEqual([9]);
    expect(decompress(stream, [])).toEqual([]);
  });

  test('of literals alone', () => {
    const stream = new ZstdStream();
    expect(decompress(stream, [...header, (4 << 3) | 4, 0, 0, 2 << 3, 5, 6, 0])).toEqual([5, 6]);
  });

  test('more than 20 MB through a window of 1 MiB, each piece whole at its flush', () => {
    const stream = new ZstdStream();
    let total = 0;
    for (const { update } of readGolden('long.bin')) {
      const { packed } = cut(update);
      const unpacked = stream.decompress(packed, budget);
      // The last operation ends where the piece ends, or the decoder of updates would have refused it.
      expect(unpacked.length).toBeGreaterThan(1000);
      total += unpacked.length;
    }
    expect(total).toBeGreaterThan(20_000_000);
  });

  test('begin anew after reset', () => {
    const stream = new ZstdStream();
    decompress(stream, [...header, ...raw(1)]);
    stream.reset();
    expect(() => decompress(stream, raw(2))).toThrow(ProtocolError);
    stream.reset();
    expect(decompress(stream, [...header, ...raw(3)])).toEqual([3]);
  });
});

describe('refuses', () => {
  test.each<[string, number[]]>([
    ['another magic', [1, 2, 3, 4, 0, 0x50]],
    ['a window over 1 MiB', [...header.slice(0, 5), 0x51, ...raw(1)]],
    ['a window of 2 GiB', [...header.slice(0, 5), 0xf8, ...raw(1)]],
    ['a content size', [...header.slice(0, 4), 0x20, 9, ...raw(1)]],
    ['a checksum', [...header.slice(0, 4), 0x04, 0x50, ...raw(1)]],
    ['a dictionary', [...header.slice(0, 4), 0x01, 0x50, ...raw(1)]],
    ['a last block', [...header, 9, 0, 0, 1]],
    ['a reserved block', [...header, 14, 0, 0, 1]],
    ['half a block', [...header, ...raw(1, 2, 3).slice(0, -1)]],
    ['half a block header', [...header, 8, 0]],
    ['a block over 128 KiB', [...header, ...repeat(1, 131073)]],
    ['a match before the beginning', [...header, (6 << 3) | 4, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['tables that are not there', [...header, (4 << 3) | 4, 0, 0, 0, 1, 0xfc, 1]],
    ['a prefix code that is not there', [...header, (5 << 3) | 4, 0, 0, 0x43, 0x40, 0, 1, 0]],
    ['more than its budget', [...header, ...repeat(1, 131072), ...repeat(1, 1000)]],
  ])('%s', (_, bytes) => {
    expect(() => decompress(new ZstdStream(), bytes, 131072)).toThrow(ProtocolError);
  });

  test('a bomb, with memory bounded by the budget', () => {
    const bomb = [...header];
    for (let i = 0; i < 20_000; i++) bomb.push(...repeat(0, 131072));
    expect(() => decompress(new ZstdStream(), bomb, 1 << 20)).toThrow('larger than allowed');
  });

  test('or survives anything: mutated blocks of real streams', () => {
    const random = seeded(2);
    const pieces = [...readGolden('depths.bin'), ...readGolden('recorded-terminal.bin').slice(0, 1)].map(({ update }) => cut(update).packed);
    const first = readGolden('depths.bin')[0]!;
    const stream = new ZstdStream();
    for (let round = 0; round < 20_000; round++) {
      stream.reset();
      let piece = pieces[random(pieces.length)]!.slice();
      for (let i = random(4) + 1; i > 0; i--) piece[random(Math.min(piece.length, random(2) === 0 ? 60 : 1e9))] = random(256);
      if (random(5) === 0) piece = piece.slice(0, random(piece.length));
      try {
        if (piece[0] !== 0x28) stream.decompress(cut(first.update).packed, budget);
        expect(stream.decompress(piece, 500_000).length).toBeLessThanOrEqual(500_000);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
      }
    }
  }, 120_000);
});
