import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UpdateDecoder } from '../../src/core/codec/update-decoder.ts';
import { ProtocolError } from '../../src/core/wire/reader.ts';
import { WireWriter } from '../../src/core/wire/writer.ts';
import { goldenFiles, readGolden, seeded } from '../core/codec/golden-file.ts';
import type { Bytes } from './attacker.ts';
import { countArrays, joined, mutate, survives, survivesLater, variants } from './attacker.ts';

// docs/protocol/codec.md, Budgets. Whatever an update says, the decoder decodes it or throws a ProtocolError, with memory bounded by the picture.

let stop: () => void;
beforeAll(() => (stop = countArrays()));
afterAll(() => stop());

const [reset, full, snapshot, deferred] = [1, 2, 4, 8];
const frameHeader = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50];

/** The picture, the packed part and its buffer's doubling, and three layers; and a new decoder with its window. */
const budgetOf = (pixels: number): number => 4 * pixels + 2 * (4 * pixels + 65536 + 131072) + 3 * 4 * pixels + (5 << 20);

/** Operations in raw blocks of a real frame. */
function pack(operations: Uint8Array, begins: boolean): Bytes {
  const parts: Uint8Array[] = begins ? [Uint8Array.from(frameHeader)] : [];
  for (let at = 0; at < operations.length; at += 131072) {
    const block = operations.subarray(at, at + 131072);
    parts.push(Uint8Array.of((block.length << 3) & 255, (block.length >> 5) & 255, block.length >> 13), block);
  }
  return operations.length === 0 ? new Uint8Array(0) : joined(...parts);
}

interface Wanted { width?: number; height?: number; flags?: number; sequence?: number; operations?: readonly number[] | Uint8Array; loose?: readonly number[] }

function update({ width = 32, height = 32, flags = reset! | full!, sequence = 1, operations = [], loose = [] }: Wanted): Bytes {
  const packed = pack(Uint8Array.from(operations), (flags & reset!) !== 0);
  return new WireWriter().u8(1).u8(flags).u32(sequence).u32(0).u16(width).u16(height).u32(packed.length).put(packed).put(Uint8Array.from(loose)).done();
}

const u16 = (value: number): number[] => [value >> 8, value & 255];
const area = (x: number, y: number, width: number, height: number): number[] => [x, y, width, height].flatMap(u16);

/** A codec that gives what it is asked for, and remembers how much that was. */
class HonestCodec {
  pixels = 0;

  decode(_: Uint8Array, width: number, height: number): Promise<Uint32Array> {
    this.pixels += width * height;
    return Promise.resolve(new Uint32Array(width * height));
  }
}

describe('golden files, cut and changed', () => {
  test.each(goldenFiles.filter((name) => !name.startsWith('long')))('%s', (name) => {
    const all = readGolden(name).slice(0, 8);
    const end = all.findIndex(({ hash }) => hash === undefined);
    const golden = all.slice(0, end < 0 ? 8 : end).map(({ update: bytes }) => bytes);
    const rounds = golden[0]!.length < 10_000 ? 200 : 30;
    const random = seeded(3);
    const decoder = new UpdateDecoder();
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      // The first is a whole picture, which mends what the round before has broken.
      const last = random(golden.length);
      for (const honest of golden.slice(0, last)) decoder.apply(honest);
      const before = decoder.picture;
      const wrong = mutate(golden[last]!, golden[random(golden.length)]!, random);
      if (!survives(() => decoder.apply(wrong), budgetOf(sizeOf(wrong) ?? (before?.width ?? 0) * (before?.height ?? 0)))) refused++;
    }
    expect(refused).toBeGreaterThan(rounds / 4);
  });
});

/** What an update in the long form says of its picture. */
function sizeOf(bytes: Bytes): number | undefined {
  if (bytes.length < 18 || bytes[0] !== 1) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [width, height] = [view.getUint16(10), view.getUint16(12)];
  return width <= 16384 && height <= 16384 && width * height <= 8192 * 4320 ? width * height : 0;
}

test('operations, cut and changed, in a sound frame', () => {
  const seeds = [
    [1, ...area(0, 0, 32, 32), 1, 2, 3, 16, ...area(4, 4, 8, 8), ...u16(0), ...u16(0)],
    [2, ...area(0, 0, 8, 2), 0, 2, 1, 1, 1, 9, 9, 9, 0x55, 0xaa, 2, ...area(8, 0, 3, 1), 7, 3, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 1, 2],
    [3, ...area(1, 1, 2, 2), ...new Array<number>(12).fill(7), 4, ...area(0, 0, 1, 1)],
    [17, ...area(0, 0, 9, 9), 4, 17, ...area(3, 3, 9, 9), 8, ...u16(0), ...u16(0), 17, ...area(0, 0, 9, 9), 0],
  ].map((operations) => Uint8Array.from(operations));
  const decoder = new UpdateDecoder();
  let taken = 0;
  for (const operations of variants(seeds, 6000)) {
    if (survives(() => decoder.apply(update({ operations, loose: [1, 2, 3] })), budgetOf(32 * 32))) taken++;
  }
  expect(taken).toBeGreaterThan(0);
});

describe('sizes', () => {
  test.each([[0, 1], [1, 0], [0, 0], [65535, 1], [1, 65535], [65535, 65535], [16385, 1], [16384, 16384], [8192, 4321]])('%i x %i is refused before memory is taken', (width, height) => {
    expect(survives(() => new UpdateDecoder().apply(update({ width, height })), budgetOf(0))).toBe(false);
  });

  test.each([[1, 1], [16384, 1], [1, 16384]])('%i x %i is taken', (width, height) => {
    const decoder = new UpdateDecoder();
    expect(survives(() => decoder.apply(update({ width, height, operations: [1, ...area(0, 0, width, height), 1, 2, 3] })), budgetOf(width * height))).toBe(true);
  });

  test('a large picture costs nothing until its operations have unpacked', () => {
    const wrong = update({ width: 8192, height: 4320, operations: [1] });
    wrong[18] = 0;
    expect(survives(() => new UpdateDecoder().apply(wrong), budgetOf(0))).toBe(false);
  });
});

describe('rectangles outside', () => {
  const outside = [[0, 0, 0, 1], [0, 0, 1, 0], [32, 0, 1, 1], [0, 32, 1, 1], [31, 31, 2, 1], [31, 31, 1, 2], [65535, 65535, 1, 1], [65535, 0, 65535, 1], [0, 0, 65535, 65535], [1, 1, 65535, 65535]] as const;
  const rests: Record<number, readonly number[]> = { 1: [1, 2, 3], 2: [0, 1, 1, 1, 1, 0], 3: [1, 2, 3], 4: [], 16: [0, 0, 0, 0], 17: [4] };
  test.each(Object.keys(rests).flatMap((op) => outside.map((place) => [Number(op), ...place] as const)))('operation %i at %i, %i of %i x %i', (op, x, y, width, height) => {
    expect(survives(() => new UpdateDecoder().apply(update({ operations: [op, ...area(x, y, width, height), ...rests[op]!], loose: [1, 2, 3] })), budgetOf(32 * 32))).toBe(false);
  });

  test.each(outside)('a picture at %i, %i of %i x %i is not even begun', (x, y, width, height) => {
    const codec = new HonestCodec();
    const loose = [0, 1, 19, ...area(x, y, width, height), 50, 0, 0, 0, 1, 7];
    expect(survives(() => new UpdateDecoder({ picture: codec }).apply(update({ flags: reset! | full! | deferred!, operations: [22], loose })), budgetOf(32 * 32))).toBe(false);
    expect(codec.pixels).toBe(0);
  });

  test.each([[25, 0], [0, 25], [65535, 0], [0, 65535]])('a copy from %i, %i', (x, y) => {
    expect(survives(() => new UpdateDecoder().apply(update({ operations: [16, ...area(0, 0, 8, 8), ...u16(x), ...u16(y)] })), budgetOf(32 * 32))).toBe(false);
  });
});

describe('what is not there', () => {
  const eight = area(0, 0, 8, 8);
  test.each<[string, Wanted]>([
    ['an operation', { operations: [99] }],
    ['a colour', { operations: [2, ...eight, 0, 1, 1, 1, 1, ...new Array<number>(8).fill(0xff)] }],
    ['a palette', { operations: [2, ...eight, 3, 0, ...new Array<number>(64).fill(0)] }],
    ['a layer that was not stored in', { operations: [17, ...eight, 1] }],
    ['a fourth layer', { operations: [17, ...eight, 7] }],
    ['the picture of an operation', { operations: [22] }],
    ['an operation for a picture', { flags: reset! | full! | deferred!, operations: [], loose: [0, 1, 19, ...eight, 50, 0, 0, 0, 0] }],
    ['the data of a picture', { flags: reset! | full! | deferred!, operations: [22], loose: [0, 1, 19, ...eight, 50, 0xff, 0xff, 0xff, 0xff, 1] }],
    ['a list of pictures', { flags: reset! | full! | deferred!, operations: [1, ...eight, 1, 1, 1] }],
    ['the pixels of a raw rectangle', { operations: [4, ...eight], loose: [1, 2, 3] }],
    ['an operation for loose bytes', { operations: [], loose: [1] }],
    ['a picture to continue', { flags: 0, operations: [] }],
    ['a picture to start from', { flags: reset!, operations: [] }],
  ])('%s', async (_, wanted) => {
    const decoder = new UpdateDecoder({ picture: new HonestCodec() });
    expect(await survivesLater(() => decoder.apply(update(wanted)), budgetOf(32 * 32))).toBe(false);
  });

  test('an update behind a snapshot', () => {
    const decoder = new UpdateDecoder();
    decoder.apply(update({ flags: reset! | full! | snapshot! }));
    expect(survives(() => decoder.apply(update({ flags: 0, sequence: 2 })))).toBe(false);
  });
});

describe('bombs', () => {
  const everything = area(0, 0, 32, 32);
  const times = (count: number, operation: readonly number[]): number[] => Array.from({ length: count }, () => operation).flat();

  test.each<[string, readonly number[]]>([
    ['painting over and over', times(3, [1, ...everything, 1, 2, 3])],
    ['copying over and over', times(2, [16, ...everything, 0, 0, 0, 0])],
    ['storing over and over', times(2, [17, ...everything, 4])],
  ])('%s', (_, operations) => {
    expect(survives(() => new UpdateDecoder().apply(update({ operations })), budgetOf(32 * 32))).toBe(false);
  });

  test('more operations than there may be', () => {
    const operations = times(65537, [1, ...area(0, 0, 1, 1), 1, 2, 3]);
    expect(survives(() => new UpdateDecoder().apply(update({ width: 1000, height: 1000, operations })), budgetOf(1_000_000))).toBe(false);
  });

  test('a frame that unpacks to more than its picture allows', () => {
    const packed = joined(Uint8Array.from(frameHeader), ...Array.from({ length: 5000 }, () => Uint8Array.of(2, 0, 16, 1)));
    const bomb = new WireWriter().u8(1).u8(reset! | full!).u32(1).u32(0).u16(32).u16(32).u32(packed.length).put(packed).done();
    expect(survives(() => new UpdateDecoder().apply(bomb), budgetOf(32 * 32))).toBe(false);
  });

  test('pictures that together are more than the picture allows, though each of them fits', () => {
    const codec = new HonestCodec();
    const loose = [...u16(1000), ...times(1000, [19, ...everything, 50, 0, 0, 0, 1, 7])];
    expect(survives(() => new UpdateDecoder({ picture: codec }).apply(update({ flags: reset! | full! | deferred!, operations: times(1000, [22]), loose })), budgetOf(32 * 32))).toBe(false);
    expect(codec.pixels).toBeLessThanOrEqual(2 * 32 * 32);
  });

  test.each([[0xff, 0xd9], [0xff, 0xc0], [0xff, 0xff], [1, 0xff]])('a picture whose data has the marker %i %i', (...data) => {
    const codec = new HonestCodec();
    const loose = [0, 1, 19, ...everything, 50, 0, 0, 0, 2, ...data];
    expect(survives(() => new UpdateDecoder({ picture: codec }).apply(update({ flags: reset! | full! | deferred!, operations: [22], loose })), budgetOf(32 * 32))).toBe(false);
    expect(codec.pixels).toBe(0);
  });

  test('a picture that comes out in another size is refused, and what was started is not left behind', async () => {
    const decoder = new UpdateDecoder({ picture: { decode: () => Promise.resolve(new Uint32Array(5)) } });
    const loose = [0, 1, 19, ...everything, 50, 0, 0, 0, 1, 7];
    await expect(decoder.apply(update({ flags: reset! | full! | deferred!, operations: [22], loose }))).rejects.toThrow(ProtocolError);
    expect(survives(() => decoder.apply(update({})))).toBe(true);
  });
});
