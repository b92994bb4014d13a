export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * `fit` follows the view's size; `actual` is one desktop pixel a device pixel; `corner` is the same from the view's
 * top-left corner, never centred (kiosk); `free` is what fingers made of it.
 */
export type ViewMode = 'fit' | 'actual' | 'corner' | 'free';

/** Bounds of the zoom, in CSS pixels a desktop pixel. */
const minScale = 0.05;
const maxScale = 16;

/**
 * Where a desktop picture lies in the view: screen = desktop * scale + offset, in CSS pixels from the view's top-left corner.
 * A value: every change makes a new one, so React and gestures can compare and keep them. A picture smaller than the view is
 * centred; a larger one always covers it, so nobody can pan into nowhere.
 */
export class ViewTransform {
  private constructor(
    readonly view: Size,
    readonly picture: Size,
    readonly devicePixelRatio: number,
    readonly mode: ViewMode,
    readonly scale: number,
    readonly x: number,
    readonly y: number,
  ) {}

  static readonly empty = new ViewTransform({ width: 0, height: 0 }, { width: 0, height: 0 }, 1, 'fit', 1, 0, 0);

  static of(view: Size, picture: Size, devicePixelRatio: number, mode: ViewMode = 'fit'): ViewTransform {
    return new ViewTransform(view, picture, devicePixelRatio, mode, 1, 0, 0).settle(mode, 1, 0, 0);
  }

  withView(view: Size, devicePixelRatio: number): ViewTransform {
    if (view.width === this.view.width && view.height === this.view.height && devicePixelRatio === this.devicePixelRatio) return this;
    const centre = this.toDesktop(this.view.width / 2, this.view.height / 2);
    return new ViewTransform(view, this.picture, devicePixelRatio, this.mode, this.scale, this.x, this.y)
      .around(centre, this.mode, this.scale, view.width / 2, view.height / 2);
  }

  /** Keeps the top-left corner in place: that is where a desktop stays when its resolution changes. */
  withPicture(picture: Size): ViewTransform {
    if (picture.width === this.picture.width && picture.height === this.picture.height) return this;
    return new ViewTransform(this.view, picture, this.devicePixelRatio, this.mode, this.scale, this.x, this.y)
      .settle(this.mode, this.scale, this.x, this.y);
  }

  withMode(mode: ViewMode): ViewTransform {
    if (mode === this.mode) return this;
    const centre = this.toDesktop(this.view.width / 2, this.view.height / 2);
    return this.around(centre, mode, this.scale, this.view.width / 2, this.view.height / 2);
  }

  /** Zooms by `factor`; what is under the screen point stays under it. */
  zoomAt(screenX: number, screenY: number, factor: number): ViewTransform {
    return this.around(this.toDesktop(screenX, screenY), 'free', this.scale * factor, screenX, screenY);
  }

  panBy(dx: number, dy: number): ViewTransform {
    if (dx === 0 && dy === 0) return this;
    return this.settle(this.mode === 'fit' ? 'free' : this.mode, this.scale, this.x + dx, this.y + dy);
  }

  /** Pans just enough to have a desktop point inside the view, `margin` CSS pixels from its edge. */
  reveal(desktopX: number, desktopY: number, margin: number): ViewTransform {
    const at = this.toScreen(desktopX, desktopY);
    const push = (value: number, size: number): number => {
      const edge = Math.min(margin, size / 4);
      return value < edge ? edge - value : value > size - edge ? size - edge - value : 0;
    };
    return this.panBy(push(at.x, this.view.width), push(at.y, this.view.height));
  }

  /** Not bounded to the picture; see `pixelAt`. */
  toDesktop(screenX: number, screenY: number): Point {
    return { x: (screenX - this.x) / this.scale, y: (screenY - this.y) / this.scale };
  }

  toScreen(desktopX: number, desktopY: number): Point {
    return { x: desktopX * this.scale + this.x, y: desktopY * this.scale + this.y };
  }

  /** The desktop pixel under a screen point, the nearest one when it is outside; what goes on the wire. */
  pixelAt(screenX: number, screenY: number): Point {
    const at = this.toDesktop(screenX, screenY);
    return { x: bound(Math.floor(at.x), this.picture.width), y: bound(Math.floor(at.y), this.picture.height) };
  }

  /** Every desktop pixel is a whole number of device pixels, so enlarging needs no smoothing. */
  get isCrisp(): boolean {
    const device = this.scale * this.devicePixelRatio;
    return device >= 1 && Math.abs(device - Math.round(device)) < 1e-6;
  }

  private around(desktop: Point, mode: ViewMode, scale: number, screenX: number, screenY: number): ViewTransform {
    const kept = this.scaleFor(mode, scale);
    return this.settle(mode, kept, screenX - desktop.x * kept, screenY - desktop.y * kept);
  }

  private settle(mode: ViewMode, wanted: number, x: number, y: number): ViewTransform {
    const scale = this.scaleFor(mode, wanted);
    const left = this.place(x, this.picture.width * scale, this.view.width, mode);
    const top = this.place(y, this.picture.height * scale, this.view.height, mode);
    if (mode === this.mode && scale === this.scale && left === this.x && top === this.y) return this;
    return new ViewTransform(this.view, this.picture, this.devicePixelRatio, mode, scale, left, top);
  }

  private scaleFor(mode: ViewMode, wanted: number): number {
    if (mode === 'actual' || mode === 'corner') return 1 / this.devicePixelRatio;
    if (mode === 'free') return Math.min(maxScale, Math.max(minScale, wanted));
    const { view, picture } = this;
    if (view.width <= 0 || view.height <= 0 || picture.width <= 0 || picture.height <= 0) return 1;
    return Math.min(view.width / picture.width, view.height / picture.height);
  }

  /** Offsets are whole device pixels: a fraction would blur a 1:1 picture. */
  private place(offset: number, length: number, view: number, mode: ViewMode): number {
    const free = view - length;
    const at = free >= 0 ? (mode === 'corner' ? 0 : free / 2) : Math.min(0, Math.max(free, offset));
    return Math.round(at * this.devicePixelRatio) / this.devicePixelRatio;
  }
}

function bound(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, value));
}
