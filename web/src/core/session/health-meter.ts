/** Twice a second while live. Times in milliseconds, rates in bits a second over the last second. */
export interface Health {
  readonly path: 'relay' | 'direct';
  readonly roundTrip: number | undefined;
  /** From the input message that left to the next painted update, median of the last second; undefined when nothing was typed. */
  readonly inputToPicture: number | undefined;
  readonly rate: number;
  readonly updates: number;
}

const second = 1_000_000;
/** A picture that comes this long after an input was not its answer. */
const answerLimit = 2 * second;
const maxSamples = 512;

/** Counts what passes, in windows of half a second; two of them are the last second. Bounded, whatever passes. */
export class HealthMeter {
  private roundTrip: number | undefined;
  private inputAt: number | undefined;
  private answers: { readonly at: number; readonly took: number }[] = [];
  private bytes = [0, 0];
  private updates = [0, 0];

  received(bytes: number): void {
    this.bytes[1] = (this.bytes[1] ?? 0) + bytes;
  }

  pong(took: number): void {
    this.roundTrip = took;
  }

  /** An input left; only the first after a picture starts the watch. */
  input(now: number): void {
    if (this.inputAt === undefined || now - this.inputAt > answerLimit) this.inputAt = now;
  }

  painted(now: number): void {
    this.updates[1] = (this.updates[1] ?? 0) + 1;
    if (this.inputAt === undefined) return;
    const took = now - this.inputAt;
    this.inputAt = undefined;
    if (took <= answerLimit && this.answers.length < maxSamples) this.answers.push({ at: now, took });
  }

  /** Call it every half second. */
  take(now: number, path: Health['path']): Health {
    this.answers = this.answers.filter((answer) => now - answer.at <= second);
    const took = this.answers.map((answer) => answer.took).sort((a, b) => a - b);
    const median = took[took.length >> 1];
    const health: Health = {
      path,
      roundTrip: this.roundTrip === undefined ? undefined : this.roundTrip / 1000,
      inputToPicture: median === undefined ? undefined : median / 1000,
      rate: 8 * ((this.bytes[0] ?? 0) + (this.bytes[1] ?? 0)),
      updates: (this.updates[0] ?? 0) + (this.updates[1] ?? 0),
    };
    this.bytes = [this.bytes[1] ?? 0, 0];
    this.updates = [this.updates[1] ?? 0, 0];
    return health;
  }

  /** After a break nothing that was underway counts. */
  reset(): void {
    this.roundTrip = undefined;
    this.inputAt = undefined;
    this.answers = [];
    this.bytes = [0, 0];
    this.updates = [0, 0];
  }
}
