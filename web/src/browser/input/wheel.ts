/** What of a WheelEvent is used; `wheelDelta*` is in 1/120 of a notch where a browser has it. */
export interface WheelTurn {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
}

/** 1/120 of a notch for one of: a pixel, a line, a page. Three lines or a hundred pixels are a notch. */
const units = [1.2, 40, 360] as const;

/** Turns into whole 1/120 notches; fractions are kept for the next turn, so slow scrolling is not lost. */
export class WheelMeter {
  private restX = 0;
  private restY = 0;

  take(turn: WheelTurn): { dx: number; dy: number } {
    const x = this.restX + notches(turn.deltaX, turn.deltaMode, turn.wheelDeltaX);
    const y = this.restY + notches(turn.deltaY, turn.deltaMode, turn.wheelDeltaY);
    const dx = Math.trunc(x);
    const dy = Math.trunc(y);
    this.restX = x - dx;
    this.restY = y - dy;
    return { dx, dy };
  }
}

/** A real notch says so, whatever number of pixels the system makes of it. */
function notches(delta: number, mode: number, wheelDelta: number | undefined): number {
  if (mode === 0 && wheelDelta !== undefined && wheelDelta !== 0 && wheelDelta % 120 === 0 && Math.abs(delta) >= 40) return -wheelDelta;
  return delta * (units[mode] ?? units[0]);
}
