import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Picture, UpdateResult } from '../../src/core/codec/update-decoder.ts';
import { Painter } from '../../src/browser/painter.ts';

class ImageDouble {
  constructor(readonly data: Uint8ClampedArray, readonly width: number, readonly height: number) {}
}

let painted: number[] = [];
let sizes: string[] = [];
let puts: string[] = [];

beforeEach(() => {
  vi.stubGlobal('ImageData', ImageDouble);
  painted = [];
  sizes = [];
  puts = [];
});

function canvas(): OffscreenCanvas {
  const context = { putImageData: (_: unknown, ...at: number[]) => puts.push(at.join(',')) };
  return { width: 0, height: 0, getContext: () => context } as unknown as OffscreenCanvas;
}

function picture(width: number, height: number): Picture {
  const pixels = new Uint32Array(width * height);
  return { width, height, pixels, rgba: new Uint8ClampedArray(pixels.buffer) };
}

function update(sequence: number, ...dirty: [number, number, number, number][]): UpdateResult {
  const rects = dirty.map(([x, y, width, height]) => ({ x, y, width, height }));
  return { sequence, full: false, bounds: { x: 0, y: 0, width: 1, height: 1 }, dirty: rects };
}

const painter = (): Painter => new Painter((sequence) => painted.push(sequence), (width, height) => sizes.push(`${width}x${height}`));

describe('painting', () => {
  it('puts the whole picture first, then what changed, and says so each time', () => {
    const p = painter();
    p.attach(canvas());
    const shown = picture(20, 10);
    p.show(shown, update(1, [0, 0, 20, 10]));
    p.show(shown, update(2, [1, 2, 3, 4], [5, 6, 7, 2]));
    expect(puts).toEqual(['0,0', '0,0,1,2,3,4', '0,0,5,6,7,2']);
    expect(painted).toEqual([1, 2]);
    expect(sizes).toEqual(['20x10']);
  });

  it('waits for a canvas', () => {
    const p = painter();
    p.show(picture(20, 10), update(1));
    expect(painted).toEqual([]);
    p.attach(canvas());
    expect(painted).toEqual([1]);
    expect(puts).toEqual(['0,0']);
  });

  it('paints and acknowledges nothing while nobody looks, then the newest at once, each acknowledged once and in order', () => {
    const p = painter();
    p.attach(canvas());
    const shown = picture(20, 10);
    p.show(shown, update(1));
    p.setVisible(false);
    puts = [];
    for (let sequence = 2; sequence <= 500; sequence++) p.show(shown, update(sequence, [1, 1, 1, 1]));
    expect([puts, painted]).toEqual([[], [1]]);
    p.setVisible(true);
    expect(puts).toEqual(['0,0']);
    expect(painted).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    p.setVisible(true);
    expect(puts).toEqual(['0,0']);
  });

  it('does not put up with updates without end while nobody looks', () => {
    const p = painter();
    p.attach(canvas());
    p.setVisible(false);
    const shown = picture(2, 2);
    let sequence = 0;
    while (p.show(shown, update(sequence++)) && sequence < 100_000);
    expect(sequence).toBeLessThan(5000);
  });

  it('follows the size of the picture', () => {
    const p = painter();
    p.attach(canvas());
    p.show(picture(20, 10), update(1));
    p.setVisible(false);
    p.show(picture(30, 40), update(2));
    expect(sizes).toEqual(['20x10']);
    p.setVisible(true);
    expect(sizes).toEqual(['20x10', '30x40']);
  });
});
