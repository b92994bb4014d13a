import type { PixelRect } from '../../core/codec/pixel-rect.ts';

/** A browser hands a canvas to its compositor whole, whatever changed in it: at 1920x1080 eight megabytes for a letter, which takes longer than all else the letter needs. */
const largest = { width: 640, height: 360 };
/** Each pane is a layer of the page. */
const mostInARow = 8;

/**
 * The canvases that a picture of this size lies on: one with all of it, and over it panes beside each other, each of which shows its part when that alone
 * changes. The page makes them, the worker paints them; both know them by this.
 */
export function canvasesOf(width: number, height: number): PixelRect[] {
  const across = pieces(width, largest.width), down = pieces(height, largest.height);
  const panes = down.flatMap(([y, h]) => across.map(([x, w]) => ({ x, y, width: w, height: h })));
  return [{ x: 0, y: 0, width, height }, ...(panes.length > 1 ? panes : [])];
}

function pieces(length: number, most: number): [at: number, length: number][] {
  const each = Math.ceil(length / Math.min(mostInARow, Math.ceil(length / most)));
  return Array.from({ length: Math.ceil(length / each) }, (_, i) => [i * each, Math.min(length, (i + 1) * each) - i * each]);
}
