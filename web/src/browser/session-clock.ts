/** Clocks that run on while a machine sleeps, and are set right, by less than this are one with those that stand still. Milliseconds. */
const jump = 2000;

/**
 * Microseconds since the epoch that only go forward: by the monotonic clock, so that they go on over a reload, which a resumed opener's code needs; and by the wall clock over a sleep of the
 * machine, in which the monotonic one stands still on some systems. A wall clock that is set forward looks like a sleep; that costs a question to the host.
 */
export class SessionClock {
  private wall: number;
  private steady: number;
  private slept = 0;

  /** Both in milliseconds. */
  constructor(private readonly readWall: () => number, private readonly readSteady: () => number) {
    this.wall = readWall();
    this.steady = readSteady();
  }

  now(): number {
    const [wall, steady] = [this.readWall(), this.readSteady()];
    const more = wall - this.wall - (steady - this.steady);
    if (more >= jump) this.slept += more;
    [this.wall, this.steady] = [wall, steady];
    return Math.round((steady + this.slept) * 1000);
  }
}
