import type { PixelRect } from '../core/codec/pixel-rect.ts';

/** One canvas of the picture, and where it lies. */
export class Pane {
  /** It is seen, over the whole. */
  isOn = false;
  /** What it shows has not been put on the whole since `changedAt`. */
  isAhead = false;
  changedAt = 0;
  /** When it last changed together with others, which is shown by the whole alone: parts of it would be seen one after the other. */
  sharedAt = -Infinity;
  /** Since when what it shows is on the whole as well, which takes its place as soon as that is sure to be seen; undefined: it stays. */
  leavingAt: number | undefined;

  private constructor(readonly rect: PixelRect, private readonly context: OffscreenCanvasRenderingContext2D) {}

  static on(canvas: OffscreenCanvas | undefined, rect: PixelRect, alpha: boolean): Pane {
    const context = canvas?.getContext('2d', { alpha });
    if (context === null || context === undefined) throw new Error('The browser has no canvas for the picture.');
    return new Pane(rect, context);
  }

  get isLeaving(): boolean {
    return this.leavingAt !== undefined;
  }

  contains({ x, y, width, height }: PixelRect): boolean {
    const { rect } = this;
    return x >= rect.x && y >= rect.y && x + width <= rect.x + rect.width && y + height <= rect.y + rect.height;
  }

  touches({ x, y, width, height }: PixelRect): boolean {
    const { rect } = this;
    return x < rect.x + rect.width && y < rect.y + rect.height && x + width > rect.x && y + height > rect.y;
  }

  /** Puts what of a part of the picture lies on it. */
  put(image: ImageData, { x, y, width, height }: PixelRect): void {
    const { rect, context } = this;
    const left = Math.max(x, rect.x), top = Math.max(y, rect.y);
    const w = Math.min(x + width, rect.x + rect.width) - left, h = Math.min(y + height, rect.y + rect.height) - top;
    if (w > 0 && h > 0) context.putImageData(image, -rect.x, -rect.y, left, top, w, h);
  }

  takeAway(): void {
    if (this.isOn) this.context.clearRect(0, 0, this.rect.width, this.rect.height);
    this.isOn = this.isAhead = false;
    this.leavingAt = undefined;
  }
}
