import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Picture, UpdateDecoder, UpdateResult } from '../../../src/core/codec/update-decoder.ts';

const folder = fileURLToPath(new URL('../../../../tests/vectors/codec/', import.meta.url));

export const goldenFiles = readdirSync(folder).filter((name) => name.endsWith('.bin'));

export interface GoldenUpdate {
  readonly update: Uint8Array<ArrayBuffer>;
  /** Undefined when the update must be refused. */
  readonly hash: string | undefined;
}

/** Reads a golden file; its form is in tests/vectors/codec/README.md. */
export function readGolden(name: string): GoldenUpdate[] {
  const file = readFileSync(folder + name);
  const updates: GoldenUpdate[] = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const hash = file.toString('hex', at + 4 + length, at + 36 + length);
    const update = new Uint8Array(file.subarray(at + 4, at + 4 + length));
    updates.push({ update, hash: /^0+$/.test(hash) ? undefined : hash });
    at += 36 + length;
  }
  return updates;
}

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
