import type { PixelRect } from '../core/codec/pixel-rect.ts';
import type { Picture, UpdateResult } from '../core/codec/update-decoder.ts';
import { Pane } from './pane.ts';
import { canvasesOf } from './view/panes.ts';

/** More updates than any host has underway without an acknowledgement. */
const maxUnseen = 4096;
/** A pane that changes together with others is left to the whole for so long, in milliseconds: a film goes on. */
const calm = 500;
/** By then a browser has shown what was put on a canvas. */
const shown = 100;
/** When nothing more comes for so long, the whole is brought up to date: scaled down, it shines through at the edges of panes. */
const pause = 300;

export interface PainterOutput {
  /** Canvases for a picture of this size are to be made. */
  wanted(width: number, height: number): void;
  /** The picture is on new canvases for the first time. */
  appeared(width: number, height: number): void;
  /** Once for each update, in order, when it is on the canvas. */
  painted(sequence: number, arrivedAt: number): void;
}

/**
 * Puts the decoder's picture on its canvases. While nobody can see it (page hidden, or no canvases yet) updates go into the
 * picture alone and their acknowledgements wait: memory does not grow, and the host stops by itself.
 *
 * What changes within one pane is put on that pane, which is quick; what changes in several is put on the whole below them, at once: between canvases a
 * browser may show one before the other.
 */
export class Painter {
  private whole: Pane | undefined;
  private panes: readonly Pane[] = [];
  private appeared = false;
  private image: ImageData | undefined;
  private picture: Picture | undefined;
  private visible = true;
  private stale = false;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private readonly unseen: { readonly sequence: number; readonly arrivedAt: number }[] = [];

  constructor(private readonly out: PainterOutput) {}

  /** Canvases of a size that is no longer wanted are not painted: others have been asked for. */
  attach(width: number, height: number, canvases: readonly OffscreenCanvas[]): void {
    const { image } = this;
    if (image === undefined || image.width !== width || image.height !== height) return;
    const [whole, ...panes] = canvasesOf(width, height).map((rect, i) => Pane.on(canvases[i], rect, i > 0));
    this.whole = whole;
    this.panes = panes;
    this.appeared = false;
    this.stale = true;
    this.repaint();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.repaint();
  }

  /**
   * False when a host sends on and on without waiting for acknowledgements. `arrivedAt`, in microseconds, is said again when it is on the screen, which may be minutes later.
   */
  show(picture: Picture, update: UpdateResult, arrivedAt: number): boolean {
    if (picture !== this.picture) this.take(picture);
    if (!this.canPaint) {
      this.stale = true;
      this.unseen.push({ sequence: update.sequence, arrivedAt });
      return this.unseen.length <= maxUnseen;
    }
    if (this.stale) {
      this.unseen.push({ sequence: update.sequence, arrivedAt });
      this.repaint();
      return true;
    }
    this.put(update.dirty);
    this.out.painted(update.sequence, arrivedAt);
    return true;
  }

  private get canPaint(): boolean {
    return this.visible && this.whole !== undefined;
  }

  private take(picture: Picture): void {
    const { image } = this;
    this.picture = picture;
    this.image = new ImageData(picture.rgba, picture.width, picture.height);
    this.stale = true;
    if (image?.width === picture.width && image.height === picture.height) return;
    this.whole = undefined;
    this.panes = [];
    this.out.wanted(picture.width, picture.height);
  }

  private put(dirty: readonly PixelRect[]): void {
    const { image, whole } = this;
    const first = dirty[0];
    if (image === undefined || whole === undefined || first === undefined) return;
    const now = performance.now();
    // Panes don't overlap: what has the first has all, or none does.
    const pane = this.panes.find((one) => one.contains(first) && dirty.every((rect) => one.contains(rect)));
    if (pane !== undefined && !pane.isLeaving && now - pane.sharedAt >= calm) {
      for (const rect of pane.isOn ? dirty : [pane.rect]) pane.put(image, rect);
      pane.isOn = pane.isAhead = true;
      pane.changedAt = now;
      this.settleLater();
      return;
    }
    for (const one of this.panes) {
      if (!dirty.some((rect) => one.touches(rect))) continue;
      if (pane === undefined) one.sharedAt = now;
      if (!one.isOn) continue;
      if (one.isAhead) whole.put(image, one.rect);
      one.isAhead = false;
      one.leavingAt ??= now;
      for (const rect of dirty) one.put(image, rect);
      this.settleLater();
    }
    for (const rect of dirty) whole.put(image, rect);
  }

  private settleLater(): void {
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      this.settle();
    }, shown);
  }

  private settle(): void {
    const { image, whole } = this;
    const now = performance.now();
    for (const pane of this.panes) {
      if (pane.leavingAt !== undefined) {
        if (now - pane.leavingAt >= shown) pane.takeAway();
      } else if (pane.isAhead && now - pane.changedAt >= pause && image !== undefined) {
        whole?.put(image, pane.rect);
        pane.isAhead = false;
      }
    }
    if (this.panes.some((pane) => pane.isAhead || pane.isLeaving)) this.settleLater();
  }

  private repaint(): void {
    const { image, whole } = this;
    if (!this.canPaint || !this.stale || image === undefined || whole === undefined) return;
    this.stale = false;
    whole.put(image, whole.rect);
    for (const pane of this.panes) pane.takeAway();
    if (!this.appeared) {
      this.appeared = true;
      this.out.appeared(image.width, image.height);
    }
    for (const { sequence, arrivedAt } of this.unseen.splice(0)) this.out.painted(sequence, arrivedAt);
  }
}
