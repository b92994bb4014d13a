import { expect } from 'vitest';
import { ProtocolError } from '../../src/core/wire/reader.ts';
import { seeded } from '../core/codec/golden-file.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** Everything that the short form tries with an honest message: cut at each of so many places, and changed so many times. Always the same. */
export function* variants(seeds: readonly Bytes[], rounds: number, seed = 1, cuts = 64): Generator<Bytes> {
  for (const honest of seeds) {
    yield honest;
    for (let at = 0; at < honest.length; at += Math.max(1, Math.floor(honest.length / cuts))) yield honest.slice(0, at);
  }
  const random = seeded(seed);
  for (let round = 0; round < rounds; round++) yield mutate(seeds[random(seeds.length)]!, seeds[random(seeds.length)]!, random);
}

const interesting = [0, 1, 2, 3, 15, 16, 17, 63, 64, 65, 127, 128, 255, 256, 4095, 4096, 16384, 16385, 32767, 32768, 65534, 65535];

export function mutate(honest: Bytes, other: Bytes, random: (limit: number) => number): Bytes {
  let bytes = honest.slice();
  for (let changes = 1 << random(4); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    const near = Math.min(bytes.length, at + 1 + random(32));
    const from = random(other.length + 1);
    switch (random(7)) {
      case 0: if (at < bytes.length) bytes[at]! ^= 1 << random(8); break;
      case 1: if (at < bytes.length) bytes[at] = random(256); break;
      case 2: {
        const value = interesting[random(interesting.length)]!;
        bytes.set([value >> 8, value & 255].slice(0, Math.max(0, bytes.length - at)), at);
        break;
      }
      case 3: bytes = joined(bytes.subarray(0, at), bytes.subarray(near)); break;
      case 4: bytes = joined(bytes.subarray(0, near), bytes.subarray(at)); break;
      case 5: bytes = joined(bytes.subarray(0, at), other.subarray(from, from + random(32)), bytes.subarray(at)); break;
      default: if (random(4) === 0) bytes = bytes.slice(0, at);
    }
  }
  return bytes;
}

/** Whether it was taken; anything but a ProtocolError fails the test, and so does more memory than the budget. */
export function survives(take: () => unknown, budget = Infinity): boolean {
  const before = allocated;
  try {
    take();
    return true;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return false;
  } finally {
    expect(allocated - before).toBeLessThanOrEqual(budget);
  }
}

/** The same for what may have to wait. */
export async function survivesLater(take: () => unknown, budget = Infinity): Promise<boolean> {
  let waits: unknown;
  if (!survives(() => (waits = take()), budget)) return false;
  try {
    await waits;
    return true;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return false;
  }
}

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

let allocated = 0;

/**
 * From now on counts the bytes of the arrays that the code under test makes by length: pixels, windows, messages. A platform that has no counter of
 * its own gives one by standing in for the two constructors that decoders take memory with. Returns what ends it.
 */
export function countArrays(): () => void {
  const originals = { Uint8Array: globalThis.Uint8Array, Uint32Array: globalThis.Uint32Array };
  for (const name of ['Uint8Array', 'Uint32Array'] as const) {
    const original = originals[name];
    globalThis[name] = new Proxy(original, {
      construct(target, [first, ...rest]: unknown[], self) {
        if (typeof first === 'number') allocated += first * target.BYTES_PER_ELEMENT;
        return Reflect.construct(target, [first, ...rest], self === globalThis[name] ? target : self) as object;
      },
    }) as never;
  }
  return () => void Object.assign(globalThis, originals);
}
