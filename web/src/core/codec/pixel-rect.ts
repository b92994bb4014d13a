/** A rectangle of pixels; left and top inclusive. */
export interface PixelRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const noRect: PixelRect = { x: 0, y: 0, width: 0, height: 0 };

const area = (rect: PixelRect): number => rect.width * rect.height;

/** The smallest rectangle around both; an empty one adds nothing. */
export function union(a: PixelRect, b: PixelRect): PixelRect {
  if (area(a) === 0) return b;
  if (area(b) === 0) return a;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

const waste = (a: PixelRect, b: PixelRect): number => area(union(a, b)) - area(a) - area(b);

/** At most 32 rectangles around all that was added: what must be uploaded or painted. */
export class DirtyRects {
  static readonly capacity = 32;

  private list: PixelRect[] = [];

  get rects(): readonly PixelRect[] {
    return this.list;
  }

  get bounds(): PixelRect {
    return this.list.reduce(union, noRect);
  }

  /** Begins a new list: the one given out before stays as it is. */
  clear(): void {
    this.list = [];
  }

  add(rect: PixelRect): void {
    const { list } = this;
    for (let i = list.length - 1; i >= 0; i--) {
      // A merge that adds fewer than a quarter of the pixels costs less than a rectangle.
      if (waste(list[i]!, rect) * 4 <= area(list[i]!) + area(rect)) {
        rect = union(list[i]!, rect);
        list.splice(i, 1);
        i = list.length;
      }
    }
    if (list.length < DirtyRects.capacity) {
      list.push(rect);
      return;
    }
    let best = 0;
    for (let i = 1; i < list.length; i++) if (waste(list[i]!, rect) < waste(list[best]!, rect)) best = i;
    const [nearest] = list.splice(best, 1);
    this.add(union(nearest!, rect));
  }
}
