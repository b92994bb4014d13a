/**
 * Lets the first of a burst through at once, and then one a frame: the latest, or the sum of what came since. `join` says how two
 * become one.
 */
export class FrameGate<T> {
  private waiting: T | undefined;
  private open = true;

  constructor(
    private readonly send: (value: T) => void,
    private readonly join: (earlier: T, later: T) => T,
    private readonly nextFrame: (work: () => void) => void,
  ) {}

  push(value: T): void {
    if (this.open) {
      this.open = false;
      this.send(value);
      this.nextFrame(() => this.frame());
    } else {
      this.waiting = this.waiting === undefined ? value : this.join(this.waiting, value);
    }
  }

  /** What waits goes now: something else must follow it in order. */
  flush(): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) this.send(waiting);
  }

  drop(): void {
    this.waiting = undefined;
  }

  private frame(): void {
    if (this.waiting === undefined) {
      this.open = true;
      return;
    }
    this.flush();
    this.nextFrame(() => this.frame());
  }
}
