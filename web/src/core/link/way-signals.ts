import { ProtocolError } from '../wire/reader.ts';
import type { WayCandidate, WayDescription } from './description.ts';

const maxCandidates = 96;

/** Holds what the other side says about ways to its order and its limits: which way, one fingerprint, so many candidates. */
export class WaySignals {
  private way = 0;
  private candidates = 0;
  private fingerprint: string | undefined;

  begin(way: number): void {
    this.way = way;
    this.candidates = 0;
    this.fingerprint = undefined;
  }

  /** Whether it is about the way there is. Throws ProtocolError when it may not be said. */
  acceptsDescription(said: WayDescription): boolean {
    if (!this.isCurrent(said.way)) return false;
    if (this.fingerprint !== undefined && this.fingerprint !== said.fingerprint) throw new ProtocolError('A way came with another fingerprint than before.');
    this.fingerprint = said.fingerprint;
    // New credentials are a restart, and its candidates are counted anew.
    this.candidates = 0;
    return true;
  }

  acceptsCandidate(said: WayCandidate): boolean {
    if (!this.isCurrent(said.way)) return false;
    if (this.fingerprint === undefined) throw new ProtocolError('A candidate came before its way was described.');
    if (++this.candidates > maxCandidates) throw new ProtocolError('A way had too many candidates.');
    return true;
  }

  private isCurrent(way: number): boolean {
    if (way > this.way) throw new ProtocolError('Something was said of a way that nobody began.');
    return way === this.way;
  }
}
