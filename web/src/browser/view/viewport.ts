import { ViewTransform } from './view-transform.ts';

/**
 * The one place that knows how the desktop lies in the window. Gestures and buttons change it; the page and the input
 * read it. `subscribe` and `get` fit React's useSyncExternalStore.
 */
export class Viewport {
  private current = ViewTransform.empty;
  private readonly listeners = new Set<() => void>();

  readonly get = (): ViewTransform => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(next: ViewTransform): void {
    if (next === this.current) return;
    this.current = next;
    for (const listener of this.listeners) listener();
  }

  update(change: (current: ViewTransform) => ViewTransform): void {
    this.set(change(this.current));
  }
}
