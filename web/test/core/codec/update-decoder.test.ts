import { describe, expect, test } from 'vitest';
import { UpdateDecoder } from '../../../src/core/codec/update-decoder.ts';
import { ProtocolError } from '../../../src/core/wire/reader.ts';
import { applyNow, goldenFiles, hashOf, readGolden, seeded } from './golden-file.ts';

describe('golden files', () => {
  test.each(goldenFiles)('%s', (name) => {
    const decoder = new UpdateDecoder();
    const accepted: Uint8Array[] = [];
    readGolden(name).forEach(({ update, hash }, place) => {
      if (hash === undefined) {
        const victim = new UpdateDecoder();
        for (const good of accepted) victim.apply(good);
        expect(() => victim.apply(update), `update ${place}`).toThrow(ProtocolError);
      } else {
        decoder.apply(update);
        expect(hashOf(decoder.picture!), `update ${place}`).toBe(hash);
        accepted.push(update);
      }
    });
    expect(accepted.length).toBeGreaterThan(3);
  }, 60_000);
});

test('the picture is opaque, and what changed is within the dirty rectangles', () => {
  const decoder = new UpdateDecoder();
  let before: Uint32Array | undefined;
  for (const { update } of readGolden('recorded-editor.bin').slice(0, 20)) {
    const { dirty, full, bounds } = applyNow(decoder, update);
    const { pixels, width } = decoder.picture!;
    expect(dirty.length).toBeLessThanOrEqual(32);
    expect(pixels.every((pixel) => pixel >>> 24 === 255)).toBe(true);
    if (before !== undefined && !full) {
      const was = before;
      for (const rect of dirty) {
        expect(rect.x >= bounds.x && rect.y >= bounds.y).toBe(true);
        for (let y = rect.y; y < rect.y + rect.height; y++) {
          for (let x = rect.x; x < rect.x + rect.width; x++) was[y * width + x] = pixels[y * width + x]!;
        }
      }
      expect(was.every((pixel, at) => pixel === pixels[at])).toBe(true);
    }
    before = pixels.slice();
  }
}, 60_000);

test('an update that continues nothing is refused', () => {
  const [, second] = readGolden('recorded-editor.bin');
  expect(() => new UpdateDecoder().apply(second!.update)).toThrow('continues a picture');
});

test('an update that comes twice is refused, and a whole picture mends the decoder', () => {
  const [first, second] = readGolden('stream.bin');
  const decoder = new UpdateDecoder();
  decoder.apply(first!.update);
  decoder.apply(second!.update);
  expect(() => decoder.apply(second!.update)).toThrow('came after');
  decoder.apply(first!.update);
  expect(hashOf(decoder.picture!)).toBe(first!.hash);
});

test('mutated and truncated updates end in a picture or a ProtocolError', () => {
  const random = seeded(1);
  const updates = readGolden('depths.bin').slice(0, 20).map(({ update }) => update);
  const decoder = new UpdateDecoder();
  let refused = 0;
  for (let round = 0; round < 20_000; round++) {
    const last = random(3) === 0 ? 0 : random(updates.length);
    if (last > 0) for (let i = 0; i < last; i++) decoder.apply(updates[i]!);
    let mutated = updates[last]!.slice();
    for (let i = random(4) + 1; i > 0; i--) {
      // The size stays: how much memory a size allows is another matter.
      const at = 14 + random(random(2) === 0 ? mutated.length - 14 : Math.min(40, mutated.length - 14));
      mutated[at] = random(2) === 0 ? random(256) : mutated[at]! ^ (1 << random(8));
    }
    if (random(4) === 0) mutated = mutated.slice(0, random(mutated.length));
    try {
      decoder.apply(mutated);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(1000);
}, 120_000);
