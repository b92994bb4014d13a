import type { CursorIn } from '../core/session/messages.ts';
import type { CursorShape } from './bridge.ts';
import { inflateExactly } from './cursor-inflate.ts';
import { FrameGate } from './input/frame-gate.ts';

export interface CursorOutput {
  shape(shape: CursorShape): void;
  position(x: number, y: number): void;
  /** The host sent a shape that is none; nothing more is told. */
  failed(error: unknown): void;
}

/** Milliseconds: a page shows nothing more often. */
const frame = 16;

const nextFrame = (work: () => void): void => { setTimeout(work, frame); };

type Packed = Extract<CursorIn, { t: 'shape' }>;

/**
 * The host's pointer on its way to the page. However often a host changes it, the page is told once a frame, and of what waits only the newest shape and the
 * newest position count: shapes cost the page more to draw than the host to send.
 */
export class CursorFeed {
  private waiting: Packed | undefined;
  private isUnpacking = false;
  private readonly positions = new FrameGate<{ readonly x: number; readonly y: number }>(
    ({ x, y }) => this.out.position(x, y), (_, later) => later, nextFrame);

  constructor(private readonly out: CursorOutput) {}

  /** The bytes of a shape must not change any more. */
  take(cursor: CursorIn): void {
    if (cursor.t === 'position') {
      this.positions.push(cursor);
      return;
    }
    this.waiting = cursor;
    if (!this.isUnpacking) void this.unpack();
  }

  private async unpack(): Promise<void> {
    this.isUnpacking = true;
    try {
      for (let next = this.waiting; next !== undefined; next = this.waiting) {
        this.waiting = undefined;
        const { width, height, hotX, hotY, packed } = next;
        const rgba = width === 0 ? new Uint8ClampedArray(0) : await inflateExactly(packed, width * height * 4);
        this.out.shape({ width, height, hotX, hotY, rgba });
        await new Promise<void>(nextFrame);
      }
      this.isUnpacking = false;
    } catch (error) {
      this.out.failed(error);
    }
  }
}
