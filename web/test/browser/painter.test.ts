import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Picture, UpdateResult } from '../../src/core/codec/update-decoder.ts';
import { Painter } from '../../src/browser/painter.ts';
import { panesOf } from '../../src/browser/view/panes.ts';

class ImageDouble {
  constructor(readonly data: Uint8ClampedArray, readonly width: number, readonly height: number) {}
}

let painted: number[] = [];
let sizes: string[] = [];
let puts: string[] = [];
let wanted: string[] = [];

beforeEach(() => {
  vi.stubGlobal('ImageData', ImageDouble);
  painted = [];
  sizes = [];
  puts = [];
  wanted = [];
});

/** As the page makes them; what is put on them is noted with the pane's number. */
function canvases(count = 1): OffscreenCanvas[] {
  return Array.from({ length: count }, (_, i) => {
    const context = { putImageData: (_image: unknown, ...at: number[]) => puts.push(`${count > 1 ? `${i}: ` : ''}${at.map((n) => n + 0).join(',')}`) };
    return { getContext: () => context } as unknown as OffscreenCanvas;
  });
}

function picture(width: number, height: number): Picture {
  const pixels = new Uint32Array(width * height);
  return { width, height, pixels, rgba: new Uint8ClampedArray(pixels.buffer) };
}

function update(sequence: number, ...dirty: [number, number, number, number][]): UpdateResult {
  const rects = dirty.map(([x, y, width, height]) => ({ x, y, width, height }));
  return { sequence, full: false, bounds: { x: 0, y: 0, width: 1, height: 1 }, dirty: rects };
}

/** With a page that makes panes at once. */
function painter(attached = true): Painter {
  const made: Painter = new Painter({
    wanted: (width, height) => {
      wanted.push(`${width}x${height}`);
      if (attached) made.attach(width, height, canvases(panesOf(width, height).length));
    },
    appeared: (width, height) => sizes.push(`${width}x${height}`),
    painted: (sequence) => painted.push(sequence),
  });
  return made;
}

describe('painting', () => {
  it('puts the whole picture first, then what changed, and says so each time', () => {
    const p = painter();
    const shown = picture(20, 10);
    p.show(shown, update(1));
    p.show(shown, update(2, [1, 2, 3, 4], [5, 6, 7, 2]));
    expect(puts).toEqual(['0,0,0,0,20,10', '0,0,1,2,3,4', '0,0,5,6,7,2']);
    expect(painted).toEqual([1, 2]);
    expect(sizes).toEqual(['20x10']);
  });

  it('waits for panes of its size', () => {
    const p = painter(false);
    p.show(picture(20, 10), update(1));
    expect([wanted, painted]).toEqual([['20x10'], []]);
    p.attach(10, 10, canvases());
    expect(painted).toEqual([]);
    p.attach(20, 10, canvases());
    expect([painted, puts]).toEqual([[1], ['0,0,0,0,20,10']]);
  });

  it('touches those panes alone that have a part of what changed, each with its part', () => {
    const p = painter();
    const shown = picture(1000, 100);
    p.show(shown, update(1));
    puts = [];
    p.show(shown, update(2, [20, 30, 5, 6]));
    p.show(shown, update(3, [490, 10, 40, 7]));
    expect(puts).toEqual(['0: 0,0,20,30,5,6', '0: 0,0,490,10,22,7', '1: -500,0,500,10,30,7']);
  });

  it('paints and acknowledges nothing while nobody looks, then the newest at once, each acknowledged once and in order', () => {
    const p = painter();
    const shown = picture(20, 10);
    p.show(shown, update(1));
    p.setVisible(false);
    puts = [];
    for (let sequence = 2; sequence <= 500; sequence++) p.show(shown, update(sequence, [1, 1, 1, 1]));
    expect([puts, painted]).toEqual([[], [1]]);
    p.setVisible(true);
    expect(puts).toEqual(['0,0,0,0,20,10']);
    expect(painted).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    p.setVisible(true);
    expect(puts).toEqual(['0,0,0,0,20,10']);
  });

  it('does not put up with updates without end while nobody looks', () => {
    const p = painter();
    p.setVisible(false);
    const shown = picture(2, 2);
    let sequence = 0;
    while (p.show(shown, update(sequence++)) && sequence < 100_000);
    expect(sequence).toBeLessThan(5000);
  });

  it('follows the size of the picture, for which it wants other panes', () => {
    const p = painter();
    p.show(picture(20, 10), update(1));
    p.setVisible(false);
    p.show(picture(30, 40), update(2));
    expect([wanted, sizes]).toEqual([['20x10', '30x40'], ['20x10']]);
    p.setVisible(true);
    expect(sizes).toEqual(['20x10', '30x40']);
    p.show(picture(30, 40), update(3));
    expect([wanted.length, painted]).toEqual([2, [1, 2, 3]]);
  });
});

describe('panes', () => {
  it.each([[1, 1, 1], [640, 360, 1], [641, 360, 2], [1366, 768, 9], [1920, 1080, 9], [3840, 2160, 36], [65_535, 65_535, 64]])('of %i x %i', (width, height, count) => {
    const panes = panesOf(width, height);
    expect(panes).toHaveLength(count);
    // Without a gap, and nothing outside.
    for (let i = 0; i < 200; i++) {
      const x = i === 0 ? width - 1 : (i * 7919) % width, y = i === 0 ? height - 1 : (i * 6007) % height;
      expect(panes.some((p) => x >= p.x && x < p.x + p.width && y >= p.y && y < p.y + p.height)).toBe(true);
    }
    for (const { x, y, width: w, height: h } of panes) expect([w > 0, h > 0, x + w <= width, y + h <= height]).toEqual([true, true, true, true]);
  });
});
