import { beforeEach, expect, test } from 'vitest';
import { UpdateDecoder } from '../../../src/core/codec/update-decoder.ts';
import { UpdateQueue } from '../../../src/core/codec/update-queue.ts';
import { ProtocolError } from '../../../src/core/wire/reader.ts';
import { WireWriter } from '../../../src/core/wire/writer.ts';
import { applyNow } from './golden-file.ts';

const reset = 1;
const full = 2;
const show = [22];
const budget = 200;

/** What the platform was asked to decode, and how each is answered. */
class ManualCodec {
  readonly asked: { jpeg: Uint8Array; width: number; height: number; answer(pixels: Uint32Array): void; refuse(error: unknown): void }[] = [];

  decode(jpeg: Uint8Array, width: number, height: number): Promise<Uint32Array> {
    return new Promise((answer, refuse) => this.asked.push({ jpeg, width, height, answer, refuse }));
  }

  /** All pixels become this colour. */
  fill(place: number, colour: number): void {
    const { width, height, answer } = this.asked[place]!;
    answer(new Uint32Array(width * height).fill(colour));
  }
}

const rect = (x: number, y: number, width: number, height: number): number[] => [0, x, 0, y, 0, width, 0, height];
const solid = (area: number[], shade: number): number[] => [1, ...area, shade, shade, shade];
const jpeg = (area: number[], data: number[], quality = 50, length = data.length): number[] => [19, ...area, quality, 0, 0, 0, length, ...data];
const deferred = (...pictures: number[][]): number[] => [0, pictures.length, ...pictures.flat()];

/** An update of an 8 x 8 picture. */
function update(flags: number, sequence: number, operations: number[], loose: number[] = []): Uint8Array<ArrayBuffer> {
  const block = [(operations.length << 3) & 0xff, operations.length >> 5, 0, ...operations];
  const packed = operations.length === 0 ? [] : [...((flags & reset) !== 0 ? [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50] : []), ...block];
  return new WireWriter().u8(1).u8(flags | (loose.length > 0 ? 8 : 0)).u32(sequence).u32(0).u16(8).u16(8).u32(packed.length)
    .put(Uint8Array.from(packed)).put(Uint8Array.from(loose)).done();
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

let codec: ManualCodec;
let decoder: UpdateDecoder;
let log: string[];
let queue: UpdateQueue;

beforeEach(() => {
  codec = new ManualCodec();
  decoder = new UpdateDecoder({ picture: codec });
  log = [];
  queue = new UpdateQueue(decoder, {
    begun: () => undefined,
    applied: ({ sequence }) => log.push(`${sequence}:${shades()}`),
    failed: (error) => log.push(error instanceof ProtocolError ? error.message : `not a ProtocolError: ${String(error)}`),
  }, budget);
});

/** The first pixel's shade in each of the four corners. */
function shades(): string {
  const { pixels } = decoder.picture!;
  return [0, 7, 56, 63].map((at) => (pixels[at]! & 0xff).toString(16)).join(' ');
}

const everything = rect(0, 0, 8, 8);
const left = rect(0, 0, 4, 8);
const right = rect(4, 0, 4, 8);

test('all of an update is painted in one step when its last picture is there, in the order of its operations', async () => {
  queue.push(update(reset | full, 1, solid(everything, 1)));
  queue.push(update(0, 2, [...solid(left, 2), ...show, ...solid(rect(0, 7, 1, 1), 9), ...show], deferred(jpeg(left, [5, 6, 7]), jpeg(right, [8, 9]))));
  expect(codec.asked.map(({ width, height, jpeg: file }) => [width, height, [...file.slice(623)]])).toEqual([
    [4, 8, [5, 6, 7, 0xff, 0xd9]],
    [4, 8, [8, 9, 0xff, 0xd9]],
  ]);
  codec.fill(1, 0xff000044);
  await turns();
  expect(shades()).toBe('1 1 1 1');
  codec.fill(0, 0xff000033);
  await turns();
  expect(log).toEqual(['1:1 1 1 1', '2:33 44 9 44']);
});

test('updates behind a picture wait for it, and each is applied once, in order', async () => {
  queue.push(update(reset | full, 1, show, deferred(jpeg(everything, [1]))));
  queue.push(update(0, 2, solid(left, 2)));
  queue.push(update(0, 3, show, deferred(jpeg(right, [1]))));
  queue.push(update(reset | full, 4, solid(everything, 4)));
  expect(decoder.picture).toBeUndefined();
  codec.fill(0, 0xff000001);
  await turns();
  expect(log).toEqual(['1:1 1 1 1', '2:2 1 2 1']);
  codec.fill(1, 0xff000003);
  await turns();
  expect(log).toEqual(['1:1 1 1 1', '2:2 1 2 1', '3:2 3 2 3', '4:4 4 4 4']);
});

test('a new picture of another size is seen only when it is whole', async () => {
  queue.push(update(reset | full, 1, solid(everything, 1)));
  const before = decoder.picture;
  queue.push(update(full, 2, show, deferred(jpeg(left, [1]))));
  expect(decoder.picture).toBe(before);
  expect(shades()).toBe('1 1 1 1');
  codec.fill(0, 0xff000002);
  await turns();
  expect(log.at(-1)).toBe('2:2 0 2 0');
});

test('what the platform refuses ends it with a reason, and nothing comes after', async () => {
  queue.push(update(reset | full, 1, [...show, ...show], deferred(jpeg(left, [1]), jpeg(right, [1]))));
  queue.push(update(0, 2, solid(left, 2)));
  codec.asked[1]!.refuse(new Error('the decoder is closed'));
  codec.fill(0, 0xff000001);
  await turns();
  queue.push(update(0, 3, solid(left, 2)));
  expect(log).toEqual(['A picture could not be decoded: the decoder is closed.']);
});

test('what goes wrong when it is shown ends it too, whether it has waited or stands behind what has', async () => {
  for (const [broken, shown] of [[1, []], [2, [1]]] as const) {
    const told: unknown[] = [];
    const showing = new UpdateQueue(new UpdateDecoder({ picture: codec }), {
      begun: () => undefined,
      applied: ({ sequence }) => {
        if (sequence === broken) throw new RangeError('no memory for the picture');
        told.push(sequence);
      },
      failed: (error) => told.push(String(error)),
    }, budget);
    showing.push(update(reset | full, 1, show, deferred(jpeg(everything, [1]))));
    showing.push(update(0, 2, solid(left, 2)));
    codec.fill(codec.asked.length - 1, 0xff000001);
    await turns();
    showing.push(update(0, 3, solid(left, 2)));
    expect(told).toEqual([...shown, 'RangeError: no memory for the picture']);
  }
});

test('a picture of another size than it should be is refused', async () => {
  queue.push(update(reset | full, 1, show, deferred(jpeg(left, [1]))));
  codec.asked[0]!.answer(new Uint32Array(31));
  await turns();
  expect(log).toEqual(['A picture came out in another size.']);
});

test('an end while a picture is underway: it is not shown, fails nothing, and nothing waits on', async () => {
  queue.push(update(reset | full, 1, show, deferred(jpeg(left, [1]))));
  queue.push(update(0, 2, solid(left, 2)));
  queue.close();
  codec.fill(0, 0xff000001);
  await turns();
  expect(log).toEqual([]);

  const refused = new UpdateQueue(new UpdateDecoder({ picture: codec }), {
    begun: () => undefined, applied: () => log.push('applied'), failed: () => log.push('failed'),
  }, budget);
  refused.push(update(reset | full, 1, show, deferred(jpeg(left, [1]))));
  refused.close();
  codec.asked[1]!.refuse(new Error('closed'));
  await turns();
  expect(log).toEqual([]);
});

test('what waits is bounded', () => {
  queue.push(update(reset | full, 1, show, deferred(jpeg(left, [1]))));
  const next = update(0, 2, solid(left, 2));
  let taken = 0;
  while (taken < 1000 && queue.push(next)) taken += next.length;
  expect(taken).toBeGreaterThan(budget - next.length);
  expect(taken).toBeLessThanOrEqual(budget);
});

test('without pictures nothing is waited for', () => {
  expect(applyNow(decoder, update(reset | full, 1, solid(everything, 1))).sequence).toBe(1);
  expect(codec.asked).toEqual([]);
});

test.each<[string, number[], number[]]>([
  ['a picture that is not shown', [], deferred(jpeg(left, [1]))],
  ['a picture that is shown twice', [...show, ...show], deferred(jpeg(left, [1]))],
  ['one that is not there', show, []],
  ['one among the other operations', [19, ...left, 50, 0, 0, 0, 0], []],
  ['another kind', show, deferred([18, ...left, 50, 0, 0, 0, 0])],
  ['quality 0', show, deferred(jpeg(left, [1], 0))],
  ['quality 101', show, deferred(jpeg(left, [1], 101))],
  ['more data than there is', show, deferred(jpeg(left, [1], 50, 2))],
  ['more pictures than there are', show, [0, 2, ...jpeg(left, [1])]],
  ['65,535 pictures', show, [255, 255, ...jpeg(left, [1])]],
  ['a marker in its data', show, deferred(jpeg(left, [1, 0xff, 0xd9, 2]))],
  ['a marker at the end of its data', show, deferred(jpeg(left, [1, 0xff]))],
  ['a place outside the picture', show, deferred(jpeg(rect(5, 0, 4, 8), [1]))],
  ['an empty place', show, deferred(jpeg(rect(5, 0, 0, 8), [1]))],
  ['data that nobody takes', show, [...deferred(jpeg(left, [1])), 1]],
  ['pictures over and over', [...show, ...show, ...show], deferred(jpeg(everything, []), jpeg(everything, []), jpeg(everything, []))],
])('refuses %s', async (_, operations, loose) => {
  queue.push(update(reset | full, 1, operations, loose));
  codec.asked.forEach((_asked, place) => codec.fill(place, 0));
  await turns();
  expect(log).toHaveLength(1);
  expect(log[0]).not.toMatch(/^1:|not a ProtocolError/);
});

test('a decoder without the platform knows no pictures', () => {
  expect(() => new UpdateDecoder().apply(update(reset | full, 1, show, deferred(jpeg(left, [1]))))).toThrow('unknown operation 19');
});
