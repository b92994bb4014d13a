import type { PixelRect } from '../../core/codec/pixel-rect.ts';

/** A browser hands a canvas to its compositor whole, whatever changed in it: at 1920x1080 eight megabytes for a letter, which takes longer than all else the letter needs. */
const largest = { width: 640, height: 360 };
/** Each pane is a layer of the page. */
const mostInARow = 8;
/** Scaled down, an edge lies between two pixels of the screen: what shines through there is the same part of the picture. Enough for a twelfth of its size. */
const overlap = 12;

/**
 * The canvases that a picture of this size lies on, beside each other like a window's panes, each over the margins of those before it: what changes
 * in one place moves one of them. The page makes them, the worker paints them; both know them by this.
 */
export function panesOf(width: number, height: number): PixelRect[] {
  const across = pieces(width, largest.width), down = pieces(height, largest.height);
  return down.flatMap(([y, h]) => across.map(([x, w]) => ({ x, y, width: w, height: h })));
}

function pieces(length: number, most: number): [at: number, length: number][] {
  const count = Math.min(mostInARow, Math.ceil(length / most));
  const each = Math.ceil(length / count);
  return Array.from({ length: Math.ceil(length / each) }, (_, i) => [i * each, Math.min(length, (i + 1) * each + overlap) - i * each]);
}
