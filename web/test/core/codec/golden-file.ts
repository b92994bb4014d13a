import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Picture, UpdateDecoder, UpdateResult } from '../../../src/core/codec/update-decoder.ts';
import type { GoldenUpdate } from './golden-updates.ts';
import { parseGolden } from './golden-updates.ts';

const folder = fileURLToPath(new URL('../../../../tests/vectors/codec/', import.meta.url));

export const goldenFiles = readdirSync(folder).filter((name) => name.endsWith('.bin'));

export const readGolden = (name: string): GoldenUpdate[] => parseGolden(readFileSync(folder + name));

/** The packed part of an update and what surrounds it. */
export function cut(update: Uint8Array): { head: Uint8Array; packed: Uint8Array; loose: Uint8Array } {
  const length = new DataView(update.buffer, update.byteOffset).getUint32(14);
  return { head: update.slice(0, 14), packed: update.slice(18, 18 + length), loose: update.slice(18 + length) };
}

export function hashOf({ rgba }: Picture): string {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from]!;
    rgb[to++] = rgba[from + 1]!;
    rgb[to++] = rgba[from + 2]!;
  }
  return createHash('sha256').update(rgb).digest('hex');
}

/** Applies an update that has nothing to wait for. */
export function applyNow(decoder: UpdateDecoder, update: Uint8Array): UpdateResult {
  const result = decoder.apply(update);
  if (result instanceof Promise) throw new Error('The update waits for something.');
  return result;
}

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): (limit: number) => number {
  return (limit) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}
