import type { Line } from './messages.ts';

/** Twice a second while live. Times in milliseconds, rates in bits a second over the last second. */
export interface Health {
  readonly path: 'relay' | 'direct';
  readonly roundTrip: number | undefined;
  /** On a direct path: what the relay takes, now and then. */
  readonly relayRoundTrip: number | undefined;
  /** On a direct path: how much of what the host sent was lost lately, 0 to 1; undefined where that is not known. */
  readonly loss: number | undefined;
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
  private told: Line | undefined;
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

  line(told: Line): void {
    this.told = told;
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
    // What was said of a direct path is not true of the next one.
    if (path === 'relay') this.told = undefined;
    const median = took[took.length >> 1];
    const health: Health = {
      path,
      roundTrip: this.roundTrip === undefined ? undefined : this.roundTrip / 1000,
      relayRoundTrip: this.told?.relay === undefined ? undefined : this.told.relay / 1000,
      loss: this.told?.loss === undefined ? undefined : this.told.loss / 10_000,
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
    this.told = undefined;
    this.inputAt = undefined;
    this.answers = [];
    this.bytes = [0, 0];
    this.updates = [0, 0];
  }
}
