import type { Health } from '../core/session/health-meter.ts';

/**
 * How a session came about and goes, for who looks into a connection: the connection page shows it, and `alongside.report()` in the browser's console gives it
 * (docs/operate.md). Times in milliseconds; those that end in `Ms` without `rtt` count from the moment the session was asked for.
 */
export interface SessionReport {
  /** Undefined until the session is live. */
  readonly path: 'relay' | 'direct' | undefined;
  /** It is relayed by a TURN server. */
  readonly turn: boolean;
  readonly firstPictureMs: number | undefined;
  /** When it was first seen to be direct. */
  readonly directMs: number | undefined;
  /** The last round trip that was measured on each. */
  readonly rttRelayMs: number | undefined;
  readonly rttDirectMs: number | undefined;
  /** On a direct path: how much of what the host sent was lost lately, 0 to 1. */
  readonly loss: number | undefined;
  /** How often the path has changed. */
  readonly moves: number;
  /** Bits in the last second. */
  readonly rate: number | undefined;
}

export class SessionReporter {
  private report = nothing;
  /** The round trip that was last measured on another path: it is not this one's. */
  private stale: number | undefined;

  constructor(private readonly began: number) {}

  picture(now: number): void {
    if (this.report.firstPictureMs === undefined) this.report = { ...this.report, firstPictureMs: now - this.began };
  }

  /** @param turn Whether a TURN server relays: then the path is no direct one, whatever it is made of. */
  health(now: number, { path, roundTrip, relayRoundTrip, loss, rate }: Health, turn: boolean): void {
    const { path: before, directMs, moves } = this.report;
    if (path !== before) this.stale = roundTrip;
    const isNew = roundTrip !== undefined && (roundTrip !== this.stale || before === undefined);
    if (isNew) this.stale = undefined;
    this.report = {
      ...this.report,
      path,
      turn,
      rate,
      loss,
      ...(relayRoundTrip === undefined ? {} : { rttRelayMs: relayRoundTrip }),
      moves: before !== undefined && before !== path ? moves + 1 : moves,
      directMs: directMs ?? (path === 'direct' ? now - this.began : undefined),
      ...(!isNew ? {} : path === 'direct' ? { rttDirectMs: roundTrip } : { rttRelayMs: roundTrip }),
    };
  }

  get current(): SessionReport {
    return this.report;
  }
}

const nothing: SessionReport = {
  path: undefined, turn: false, firstPictureMs: undefined, directMs: undefined, rttRelayMs: undefined, rttDirectMs: undefined, loss: undefined, moves: 0, rate: undefined,
};
