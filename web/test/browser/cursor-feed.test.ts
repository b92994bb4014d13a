import { deflateRawSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { CursorFeed } from '../../src/browser/cursor-feed.ts';
import type { CursorIn } from '../../src/core/session/messages.ts';

/** A pointer of one pixel, which says which one it is. */
function shape(shade: number): CursorIn {
  return { t: 'shape', width: 1, height: 1, hotX: 0, hotY: 0, packed: new Uint8Array(deflateRawSync(Uint8Array.of(shade, 0, 0, 255))) };
}

function feed(): { cursors: CursorFeed; told: string[] } {
  const told: string[] = [];
  const cursors = new CursorFeed({
    shape: ({ width, rgba }) => told.push(width === 0 ? 'hidden' : `shape ${rgba[0]}`),
    position: (x, y) => told.push(`at ${x},${y}`),
    failed: (error) => told.push(`failed: ${error instanceof Error ? error.message : String(error)}`),
  });
  return { cursors, told };
}

const soon = (met: () => void): Promise<void> => vi.waitFor(met, { timeout: 30_000 });

it('tells the first shape and the newest, and nothing of the thousands between', async () => {
  const { cursors, told } = feed();
  const shapes = Array.from({ length: 200 }, (_, shade) => shape(shade));
  for (let i = 0; i < 20_000; i++) cursors.take(shapes[i % 200]!);
  cursors.take(shape(250));
  await soon(() => expect(told.at(-1)).toBe('shape 250'));
  expect(told).toEqual(['shape 0', 'shape 250']);
  cursors.take({ t: 'shape', width: 0, height: 0, hotX: 0, hotY: 0, packed: new Uint8Array(0) });
  await soon(() => expect(told.at(-1)).toBe('hidden'));
});

it('tells the first position at once, and of those that follow it the newest', async () => {
  const { cursors, told } = feed();
  for (let i = 0; i < 20_000; i++) cursors.take({ t: 'position', x: i, y: 7 });
  expect(told).toEqual(['at 0,7']);
  await soon(() => expect(told).toEqual(['at 0,7', 'at 19999,7']));
});

it('says what is wrong with a shape', async () => {
  const { cursors, told } = feed();
  cursors.take({ t: 'shape', width: 2, height: 1, hotX: 0, hotY: 0, packed: new Uint8Array(deflateRawSync(new Uint8Array(4))) });
  await soon(() => expect(told).toEqual(['failed: A cursor unpacked to less than its size.']));
});
