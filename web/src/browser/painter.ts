import type { Picture, UpdateResult } from '../core/codec/update-decoder.ts';

/** More updates than any host has underway without an acknowledgement. */
const maxUnseen = 4096;

/**
 * Puts the decoder's picture on the canvas. While nobody can see it (page hidden, or no canvas yet) updates go into the
 * picture alone and their acknowledgements wait: memory does not grow, and the host stops by itself.
 */
export class Painter {
  private canvas: OffscreenCanvas | undefined;
  private context: OffscreenCanvasRenderingContext2D | undefined;
  private image: ImageData | undefined;
  private picture: Picture | undefined;
  private visible = true;
  private stale = false;
  private readonly unseen: number[] = [];

  /** `painted` is called once for each update, in order, when it is on the canvas. */
  constructor(private readonly painted: (sequence: number) => void, private readonly sized: (width: number, height: number) => void) {}

  attach(canvas: OffscreenCanvas): void {
    this.canvas = canvas;
    // Without alpha the compositor need not blend.
    this.context = canvas.getContext('2d', { alpha: false }) ?? undefined;
    this.stale = true;
    this.repaint();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.repaint();
  }

  /** False when a host sends on and on without waiting for acknowledgements. */
  show(picture: Picture, update: UpdateResult): boolean {
    if (picture !== this.picture) {
      this.picture = picture;
      this.image = new ImageData(picture.rgba, picture.width, picture.height);
      this.stale = true;
    }
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
    const { context, image } = this;
    if (context !== undefined && image !== undefined) {
      for (const rect of update.dirty) context.putImageData(image, 0, 0, rect.x, rect.y, rect.width, rect.height);
    }
    this.painted(update.sequence);
    return true;
  }

  private get canPaint(): boolean {
    return this.visible && this.context !== undefined;
  }

  private repaint(): void {
    const { canvas, context, image } = this;
    if (!this.visible || !this.stale || canvas === undefined || context === undefined || image === undefined) return;
    this.stale = false;
    if (canvas.width !== image.width || canvas.height !== image.height) {
      canvas.width = image.width;
      canvas.height = image.height;
      this.sized(image.width, image.height);
    }
    context.putImageData(image, 0, 0);
    for (const sequence of this.unseen.splice(0)) this.painted(sequence);
  }
}
