import type { PixelRect } from '../core/codec/pixel-rect.ts';
import type { Picture, UpdateResult } from '../core/codec/update-decoder.ts';
import { panesOf } from './view/panes.ts';

/** More updates than any host has underway without an acknowledgement. */
const maxUnseen = 4096;

interface Pane {
  readonly rect: PixelRect;
  readonly context: OffscreenCanvasRenderingContext2D;
}

export interface PainterOutput {
  /** Panes for a picture of this size are to be made. */
  wanted(width: number, height: number): void;
  /** The picture is on new panes for the first time. */
  appeared(width: number, height: number): void;
  /** Once for each update, in order, when it is on the canvas. */
  painted(sequence: number): void;
}

/**
 * Puts the decoder's picture on its panes. While nobody can see it (page hidden, or no panes yet) updates go into the
 * picture alone and their acknowledgements wait: memory does not grow, and the host stops by itself.
 */
export class Painter {
  private panes: readonly Pane[] = [];
  private appeared = false;
  private image: ImageData | undefined;
  private picture: Picture | undefined;
  private visible = true;
  private stale = false;
  private readonly unseen: number[] = [];

  constructor(private readonly out: PainterOutput) {}

  /** Panes of a size that is no longer wanted are not painted: others have been asked for. */
  attach(width: number, height: number, canvases: readonly OffscreenCanvas[]): void {
    const { image } = this;
    if (image === undefined || image.width !== width || image.height !== height) return;
    this.panes = panesOf(width, height).map((rect, i) => {
      // Without alpha the compositor need not blend.
      const context = canvases[i]?.getContext('2d', { alpha: false });
      if (context === null || context === undefined) throw new Error('The browser has no canvas for the picture.');
      return { rect, context };
    });
    this.appeared = false;
    this.stale = true;
    this.repaint();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.repaint();
  }

  /** False when a host sends on and on without waiting for acknowledgements. */
  show(picture: Picture, update: UpdateResult): boolean {
    if (picture !== this.picture) this.take(picture);
    if (!this.canPaint) {
      this.stale = true;
      this.unseen.push(update.sequence);
      return this.unseen.length <= maxUnseen;
    }
    if (this.stale) {
      this.unseen.push(update.sequence);
      this.repaint();
      return true;
    }
    for (const rect of update.dirty) this.put(rect);
    this.out.painted(update.sequence);
    return true;
  }

  private get canPaint(): boolean {
    return this.visible && this.panes.length > 0;
  }

  private take(picture: Picture): void {
    const { image } = this;
    this.picture = picture;
    this.image = new ImageData(picture.rgba, picture.width, picture.height);
    this.stale = true;
    if (image?.width === picture.width && image.height === picture.height) return;
    this.panes = [];
    this.out.wanted(picture.width, picture.height);
  }

  private put({ x, y, width, height }: PixelRect): void {
    const { image } = this;
    if (image === undefined) return;
    for (const { rect, context } of this.panes) {
      const left = Math.max(x, rect.x), top = Math.max(y, rect.y);
      const w = Math.min(x + width, rect.x + rect.width) - left, h = Math.min(y + height, rect.y + rect.height) - top;
      if (w > 0 && h > 0) context.putImageData(image, -rect.x, -rect.y, left, top, w, h);
    }
  }

  private repaint(): void {
    const { image } = this;
    if (!this.canPaint || !this.stale || image === undefined) return;
    this.stale = false;
    this.put({ x: 0, y: 0, width: image.width, height: image.height });
    if (!this.appeared) {
      this.appeared = true;
      this.out.appeared(image.width, image.height);
    }
    for (const sequence of this.unseen.splice(0)) this.out.painted(sequence);
  }
}
