import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Picture, UpdateResult } from '../../src/core/codec/update-decoder.ts';
import { Painter } from '../../src/browser/painter.ts';
import { canvasesOf } from '../../src/browser/view/panes.ts';

class ImageDouble {
  constructor(readonly data: Uint8ClampedArray, readonly width: number, readonly height: number) {}
}

let painted: number[] = [];
let arrivals: number[] = [];
let sizes: string[] = [];
let puts: string[] = [];
let wanted: string[] = [];

beforeEach(() => {
  vi.stubGlobal('ImageData', ImageDouble);
  painted = [];
  arrivals = [];
  sizes = [];
  puts = [];
  wanted = [];
});

/** As the page makes them; what is put on them, and cleared, is noted with the canvas's number: 0 is the whole. */
function canvases(count: number): OffscreenCanvas[] {
  return Array.from({ length: count }, (_, i) => {
    const context = {
      putImageData: (_image: unknown, ...at: number[]) => puts.push(`${i}: ${at.map((n) => n + 0).join(',')}`),
      clearRect: (...at: number[]) => puts.push(`${i}: clear ${at.join(',')}`),
    };
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
      if (attached) made.attach(width, height, canvases(canvasesOf(width, height).length));
    },
    appeared: (width, height) => sizes.push(`${width}x${height}`),
    painted: (sequence, arrivedAt) => {
      painted.push(sequence);
      arrivals.push(arrivedAt);
    },
  });
  return made;
}

describe('painting', () => {
  it('puts the whole picture first, then what changed, and says so each time', () => {
    const p = painter();
    const shown = picture(20, 10);
    p.show(shown, update(1), 0);
    p.show(shown, update(2, [1, 2, 3, 4], [5, 6, 7, 2]), 0);
    expect(puts).toEqual(['0: 0,0,0,0,20,10', '0: 0,0,1,2,3,4', '0: 0,0,5,6,7,2']);
    expect(painted).toEqual([1, 2]);
    expect(sizes).toEqual(['20x10']);
  });

  it('waits for panes of its size', () => {
    const p = painter(false);
    p.show(picture(20, 10), update(1), 0);
    expect([wanted, painted]).toEqual([['20x10'], []]);
    p.attach(10, 10, canvases(1));
    expect(painted).toEqual([]);
    p.attach(20, 10, canvases(1));
    expect([painted, puts]).toEqual([[1], ['0: 0,0,0,0,20,10']]);
  });

  it('paints and acknowledges nothing while nobody looks, then the newest at once, each acknowledged once and in order', () => {
    const p = painter();
    const shown = picture(20, 10);
    p.show(shown, update(1), 0);
    p.setVisible(false);
    puts = [];
    for (let sequence = 2; sequence <= 500; sequence++) p.show(shown, update(sequence, [1, 1, 1, 1]), sequence * 10);
    expect([puts, painted]).toEqual([[], [1]]);
    p.setVisible(true);
    expect(puts).toEqual(['0: 0,0,0,0,20,10']);
    expect(painted).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    expect(arrivals).toEqual([0, ...Array.from({ length: 499 }, (_, i) => (i + 2) * 10)]);
    p.setVisible(true);
    expect(puts).toEqual(['0: 0,0,0,0,20,10']);
  });

  it('does not put up with updates without end while nobody looks', () => {
    const p = painter();
    p.setVisible(false);
    const shown = picture(2, 2);
    let sequence = 0;
    while (p.show(shown, update(sequence++), 0) && sequence < 100_000);
    expect(sequence).toBeLessThan(5000);
  });

  it('follows the size of the picture, for which it wants other panes', () => {
    const p = painter();
    p.show(picture(20, 10), update(1), 0);
    p.setVisible(false);
    p.show(picture(30, 40), update(2), 0);
    expect([wanted, sizes]).toEqual([['20x10', '30x40'], ['20x10']]);
    p.setVisible(true);
    expect(sizes).toEqual(['20x10', '30x40']);
    p.show(picture(30, 40), update(3), 0);
    expect([wanted.length, painted]).toEqual([2, [1, 2, 3]]);
  });
});

describe('panes over the whole', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  /** 1000 x 100: the whole, and two panes of 500. */
  function wide(): { p: Painter; change(...dirty: [number, number, number, number][]): string[] } {
    const p = painter();
    const shown = picture(1000, 100);
    let sequence = 1;
    p.show(shown, update(sequence), 0);
    return {
      p,
      change: (...dirty) => {
        puts = [];
        p.show(shown, update(++sequence, ...dirty), 0);
        return puts;
      },
    };
  }

  it('show alone what changes within one of them: all of it at first', () => {
    const { change } = wide();
    expect(change([20, 30, 5, 6])).toEqual(['1: 0,0,0,0,500,100']);
    expect(change([21, 30, 5, 6])).toEqual(['1: 0,0,21,30,5,6']);
    expect(change([510, 30, 5, 6], [600, 0, 5, 6])).toEqual(['2: -500,0,500,0,500,100']);
  });

  it('leave to the whole what changes in several, and go when that is seen', () => {
    const { change } = wide();
    change([20, 30, 5, 6]);
    expect(change([490, 10, 40, 7])).toEqual(['0: 0,0,0,0,500,100', '1: 0,0,490,10,10,7', '0: 0,0,490,10,40,7']);
    puts = [];
    vi.advanceTimersByTime(150);
    expect(puts).toEqual(['1: clear 0,0,500,100']);
    // A film goes on, on the whole alone; and so does a letter beside it.
    expect(change([490, 10, 40, 7])).toEqual(['0: 0,0,490,10,40,7']);
    expect(change([20, 30, 5, 6])).toEqual(['0: 0,0,20,30,5,6']);
    vi.advanceTimersByTime(600);
    expect(change([20, 30, 5, 6])).toEqual(['1: 0,0,0,0,500,100']);
  });

  it('do not go before the whole is seen, though something was to be settled just then', () => {
    const { change } = wide();
    change([20, 30, 5, 6]);
    vi.advanceTimersByTime(99);
    change([490, 10, 40, 7]);
    puts = [];
    vi.advanceTimersByTime(98);
    expect(puts).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(puts).toEqual(['1: clear 0,0,500,100']);
  });

  it('are put on the whole as well, once nothing more comes', () => {
    const { change } = wide();
    change([20, 30, 5, 6]);
    vi.advanceTimersByTime(200);
    expect(change([20, 30, 5, 6])).toEqual(['1: 0,0,20,30,5,6']);
    puts = [];
    vi.advanceTimersByTime(2000);
    expect(puts).toEqual(['0: 0,0,0,0,500,100']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are gone before all is painted anew', () => {
    const { p, change } = wide();
    change([20, 30, 5, 6]);
    p.setVisible(false);
    change([20, 30, 5, 6]);
    p.setVisible(true);
    expect(puts).toEqual(['0: 0,0,0,0,1000,100', '1: clear 0,0,500,100']);
  });

  it.each([[1, 1, 0], [640, 360, 0], [641, 360, 2], [1366, 768, 9], [1920, 1080, 9], [3840, 2160, 36], [65_535, 65_535, 64]])('of %i x %i', (width, height, count) => {
    const [whole, ...panes] = canvasesOf(width, height);
    expect([whole, panes.length]).toEqual([{ x: 0, y: 0, width, height }, count]);
    // Beside each other, without a gap, and nothing outside.
    expect(panes.reduce((sum, pane) => sum + pane.width * pane.height, 0)).toBe(count > 0 ? width * height : 0);
    for (let i = 0; i < 200 && count > 0; i++) {
      const x = i === 0 ? width - 1 : (i * 7919) % width, y = i === 0 ? height - 1 : (i * 6007) % height;
      expect(panes.filter((pane) => x >= pane.x && x < pane.x + pane.width && y >= pane.y && y < pane.y + pane.height)).toHaveLength(1);
    }
  });
});
