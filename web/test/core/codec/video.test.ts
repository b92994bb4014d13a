import { beforeEach, expect, test } from 'vitest';
import { UpdateDecoder } from '../../../src/core/codec/update-decoder.ts';
import { UpdateQueue } from '../../../src/core/codec/update-queue.ts';
import type { VideoStream } from '../../../src/core/codec/video-codec.ts';
import { ProtocolError } from '../../../src/core/wire/reader.ts';
import { WireWriter } from '../../../src/core/wire/writer.ts';

// The C# twin: tests/Alongside.Core.Tests/Codec/Video/VideoOpTests.cs.
const reset = 1;
const full = 2;
const first = 4;
const end = 8;
const holes = 16;
const show = [22];
const side = 48;
/** Baseline, level 1.1, picture order 2, one reference, and the size of a region of 32 x 32: two blocks each way. */
const parameters = sequenceParameters(2, 2);
const key = [...parameters, 0, 0, 1, 0x68, 0xce, 0, 0, 1, 0x65, 0x88, 7];
const next = [0, 0, 1, 0x41, 0x9a, 9];

function sequenceParameters(columns: number, rows: number, profile = 66): number[] {
  const golomb = (value: number): string => (value + 1).toString(2).padStart((value + 1).toString(2).length * 2 - 1, '0');
  const bits = `${golomb(0)}${golomb(0)}${golomb(2)}${golomb(1)}0${golomb(columns - 1)}${golomb(rows - 1)}11001`.padEnd(64, '0');
  const bytes = bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2));
  return [0, 0, 0, 1, 0x67, profile, 0xc0, 11, ...bytes.filter((byte, i) => i < 4 || byte !== 0)];
}

/** Films of one shade a frame: the last byte of its access unit. */
class ShadeCodec {
  readonly streams: { width: number; height: number; asked: [number[], boolean][]; isClosed: boolean }[] = [];
  refusal: Error | undefined;
  pixels: number | undefined;

  open(width: number, height: number): VideoStream {
    const stream = { width, height, asked: [] as [number[], boolean][], isClosed: false };
    this.streams.push(stream);
    return {
      decode: (accessUnit, isKey) => {
        stream.asked.push([[...accessUnit], isKey]);
        if (this.refusal !== undefined) return Promise.reject(this.refusal);
        return Promise.resolve(new Uint32Array(this.pixels ?? width * height).fill(0xff000000 | accessUnit.at(-1)!));
      },
      close: () => {
        stream.isClosed = true;
      },
    };
  }
}

const rect = (x: number, y: number, width: number, height: number): number[] => [0, x, 0, y, 0, width, 0, height];
const film = (area: number[], argument: number, data: number[]): number[] => [20, ...area, argument, 0, 0, data.length >> 8, data.length & 255, ...data];
const deferred = (...operations: number[][]): number[] => [0, operations.length, ...operations.flat()];

function update(flags: number, sequence: number, operations: number[], loose: number[] = []): Uint8Array<ArrayBuffer> {
  const block = [(operations.length << 3) & 0xff, operations.length >> 5, 0, ...operations];
  const packed = operations.length === 0 ? [] : [...((flags & reset) !== 0 ? [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50] : []), ...block];
  return new WireWriter().u8(1).u8(flags | (loose.length > 0 ? 8 : 0)).u32(sequence).u32(0).u16(side).u16(side).u32(packed.length)
    .put(Uint8Array.from(packed)).put(Uint8Array.from(loose)).done();
}

let codec: ShadeCodec;
let decoder: UpdateDecoder;
let queue: UpdateQueue;
let refused: string[];
let applied: number;
let sequence: number;

beforeEach(() => {
  codec = new ShadeCodec();
  decoder = new UpdateDecoder({ h264: codec });
  [refused, applied, sequence] = [[], 0, 0];
  queue = new UpdateQueue(decoder, {
    begun: () => undefined,
    applied: () => applied++,
    failed: (error) => refused.push(error instanceof ProtocolError ? error.message : `not a ProtocolError: ${String(error)}`),
  }, 10_000);
});

async function send(flags: number, ...films: number[][]): Promise<void> {
  queue.push(update(sequence === 0 ? reset | full | flags : flags, ++sequence, films.flatMap(() => show), deferred(...films)));
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

const shadeAt = (x: number, y: number): number => decoder.picture!.pixels[y * side + x]! & 0xff;

test('frames of a film are painted where it is, also when it moves', async () => {
  await send(0, film(rect(3, 5, 32, 32), first, key));
  await send(0, film(rect(10, 9, 32, 32), 0, next));
  expect(refused).toEqual([]);
  expect(codec.streams).toEqual([{ width: 32, height: 32, asked: [[key, true], [next, false]], isClosed: false }]);
  expect([shadeAt(2, 5), shadeAt(3, 5), shadeAt(9, 9), shadeAt(10, 9), shadeAt(41, 40), shadeAt(42, 40), shadeAt(41, 41)]).toEqual([0, 7, 7, 9, 9, 0, 0]);
});

test('holes are left as they are', async () => {
  await send(0, film(rect(0, 0, 32, 32), first, key));
  await send(0, film(rect(0, 0, 32, 32), holes, [2, ...rect(20, 4, 12, 8), ...rect(2, 4, 6, 3), ...next]));
  expect(refused).toEqual([]);
  const row = (y: number): string => Array.from({ length: 33 }, (_, x) => shadeAt(x, y)).join('');
  expect(row(3)).toBe(`${'9'.repeat(32)}0`);
  expect(row(4)).toBe(`99${'7'.repeat(6)}${'9'.repeat(12)}${'7'.repeat(12)}0`);
  expect(row(7)).toBe(`${'9'.repeat(20)}${'7'.repeat(12)}0`);
  expect(row(12)).toBe(row(3));
});

test('an odd film is a pixel longer than what is painted of it', async () => {
  await send(0, film(rect(0, 0, 31, 31), first, key));
  expect(refused).toEqual([]);
  expect([shadeAt(30, 30), shadeAt(31, 30), shadeAt(30, 31)]).toEqual([7, 0, 0]);
});

test('a decoder is closed at the end of its film, at another beginning, at a reset and at a new picture', async () => {
  await send(0, film(rect(0, 0, 32, 32), first, key), film(rect(0, 0, 32, 32), first | 3, key));
  await send(0, film(rect(0, 0, 1, 1), end, []));
  await send(0, film(rect(0, 0, 32, 32), first | 3, key));
  expect(codec.streams.map((stream) => stream.isClosed)).toEqual([true, true, false]);
  await send(full, film(rect(0, 0, 32, 32), first, key));
  expect(codec.streams.map((stream) => stream.isClosed)).toEqual([true, true, true, false]);
  queue.push(update(reset, ++sequence, show, deferred(film(rect(0, 0, 32, 32), first, key))));
  await Promise.resolve();
  expect(codec.streams.map((stream) => stream.isClosed)).toEqual([true, true, true, true, false]);
  expect(refused).toEqual([]);
});

test.each<[string, number, number[], number[]]>([
  ['one that is not there', 1, rect(0, 0, 32, 32), next],
  ['another size', 0, rect(0, 0, 30, 32), next],
  ['an unknown argument', 32, rect(0, 0, 32, 32), next],
  ['an end with a frame', end, rect(0, 0, 1, 1), next],
  ['an end that is a beginning', end | first, rect(0, 0, 32, 32), []],
  ['too small', first, rect(0, 0, 15, 32), key],
  ['another size inside', first, rect(0, 0, 34, 32), key],
  ['another profile', first, rect(0, 0, 32, 32), [...sequenceParameters(2, 2, 100), 0, 0, 1, 0x65, 7]],
  ['no key frame first', first, rect(0, 0, 32, 32), next],
  ['a key frame later', 0, rect(0, 0, 32, 32), key],
  ['nothing', 0, rect(0, 0, 32, 32), []],
  ['no start code', 0, rect(0, 0, 32, 32), next.slice(1)],
  ['no slice', first, rect(0, 0, 32, 32), parameters],
  ['an unknown unit', 0, rect(0, 0, 32, 32), [0, 0, 1, 0x6e, 1]],
  ['a header that is cut off', first, rect(0, 0, 32, 32), parameters.slice(0, 9)],
  ['holes that are cut off', holes, rect(0, 0, 32, 32), [1, 0, 0]],
  ['a hole outside', holes, rect(0, 0, 32, 32), [1, ...rect(1, 0, 32, 1), ...next]],
  ['an empty hole', holes, rect(0, 0, 32, 32), [1, ...rect(1, 0, 0, 1), ...next]],
  ['nine holes', holes, rect(0, 0, 32, 32), [9, ...Array.from({ length: 9 }, () => rect(0, 0, 1, 1)).flat(), ...next]],
])('refused: %s', async (_, argument, area, data) => {
  await send(0, film(rect(0, 0, 32, 32), first, key));
  const asked = codec.streams[0]!.asked.length;
  await send(0, film(area, argument, data));
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatch(/^(A video|An update)/);
  expect(applied).toBe(1);
  expect(codec.streams[0]!.asked).toHaveLength(asked);
});

test('what the platform refuses, or gives in another size, ends it with a reason', async () => {
  codec.refusal = new Error('no');
  await send(0, film(rect(0, 0, 32, 32), first, key));
  expect(refused).toEqual(['A video frame could not be decoded: no.']);

  codec = new ShadeCodec();
  codec.pixels = 31 * 32;
  const other = new UpdateDecoder({ h264: codec });
  await expect(other.apply(update(reset | full, 1, show, deferred(film(rect(0, 0, 32, 32), first, key))))).rejects.toThrow('came out in another size');
});

/** AV1: sequence header of main profile, level 2.0, 6 bits a side; a frame whose last byte is its shade. */
function temporalUnit(type: number, width: number, shade: number): number[] {
  const bits = `000${'0'.repeat(9)}${'0'.repeat(12)}00000${'0101'}${'0101'}${(width - 1).toString(2).padStart(6, '0')}${(31).toString(2).padStart(6, '0')}`.padEnd(64, '0');
  const header = bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2));
  return [0x12, 0, ...(type === 1 ? [0x0a, header.length, ...header] : []), 0x32, 2, (type << 4) | 9, shade];
}

test('a film by AV1', async () => {
  const decoderOfBoth = new UpdateDecoder({ h264: new ShadeCodec(), av1: codec });
  const send21 = (number: number, argument: number, data: number[]): unknown => decoderOfBoth.apply(
    update(number === 1 ? reset | full : 0, number, show, deferred([21, ...film(rect(3, 5, 32, 32), argument, data).slice(1)])));
  await send21(1, first, temporalUnit(1, 32, 7));
  await send21(2, 0, temporalUnit(3, 32, 9));
  expect(codec.streams).toEqual([{ width: 32, height: 32, asked: [[temporalUnit(1, 32, 7), true], [temporalUnit(3, 32, 9), false]], isClosed: false }]);
  expect(decoderOfBoth.picture!.pixels[5 * side + 3]! & 0xff).toBe(9);
  const wrong: [number, number[]][] = [
    [0, temporalUnit(1, 32, 7)], [0, temporalUnit(5, 32, 7)], [0, []], [0, [0x12, 0]], [first, temporalUnit(3, 32, 7)], [first, temporalUnit(1, 34, 7)],
    [0, [...temporalUnit(3, 32, 7), ...temporalUnit(3, 32, 7)]], [0, [0x30, 0x39, 7]], [0, [0x32, 9, 0x39]], [first, temporalUnit(1, 32, 7).slice(0, 8)],
  ];
  for (const [argument, data] of wrong) {
    const fresh = new UpdateDecoder({ av1: new ShadeCodec() });
    await fresh.apply(update(reset | full, 1, show, deferred([21, ...film(rect(3, 5, 32, 32), first, temporalUnit(1, 32, 7)).slice(1)])));
    expect(() => fresh.apply(update(0, 2, show, deferred([21, ...film(rect(3, 5, 32, 32), argument, data).slice(1)])))).toThrow(ProtocolError);
  }
});

test('without a decoder the operation is unknown', () => {
  const none = new UpdateDecoder({});
  expect(() => none.apply(update(reset | full, 1, show, deferred(film(rect(0, 0, 32, 32), first, key))))).toThrow('unknown operation 20');
});
