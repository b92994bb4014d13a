// What passes on the relay while a way is looked for and taken, counted by both sides from a mark on (direct.md, "Link"): what a stalled relay holds back then comes over the way as well, and
// whichever brings a payload first delivers it. The twin of Core/Link/RelayMarks.cs.
import { ProtocolError } from '../wire/reader.ts';

/** So long their `over` is waited for before it is missed. Microseconds, as all times here. A packet that TCP has to send again costs less. */
const patience = 500_000;

export class RelayMarks {
  /** Our mark is said. */
  hasMarked = false;
  /** The way that theirs was for; 0: none. */
  theirs = 0;
  /** When their `over` will be missed; undefined: nothing waits for it. */
  missedAt: number | undefined;
  /** They were told what has come: once a way. */
  isTold = false;
  /** So many payloads that the way brings next are the relay's. */
  rest = 0;
  /** What we have sent on the relay since our mark; of more than `most` bytes the newest. */
  private kept: Uint8Array[] = [];
  private keptBytes = 0;
  private sentCount = 0;
  private hasGiven = false;
  /** Since their mark: what the relay brought, and what was delivered of it, whatever brought it. */
  private came = 0;
  private taken = 0;
  private hasBegunRest = false;
  private restAt = 0;

  constructor(private readonly most: number) {}

  /** Another way, or none. Their mark is said before the way is: it stays when it is for this one. */
  begin(way: number): void {
    if (this.theirs !== way) this.theirs = this.came = this.taken = 0;
    this.kept = [];
    this.keptBytes = this.sentCount = this.rest = 0;
    this.hasMarked = this.hasGiven = this.isTold = this.hasBegunRest = false;
    this.missedAt = undefined;
  }

  /** A payload of ours left by the relay. */
  sent(payload: Uint8Array): void {
    if (!this.hasMarked) return;
    this.sentCount++;
    this.kept.push(payload.slice());
    this.keptBytes += payload.length;
    while (this.keptBytes > this.most) this.keptBytes -= this.kept.shift()?.length ?? 0;
  }

  /** They lack what was sent after so many. Gives what is to be given them; undefined: only the relay can bring it. */
  missing(theyHave: number): Uint8Array[] | undefined {
    if (!this.hasMarked || this.hasGiven || theyHave > this.sentCount) throw new ProtocolError('What the relay brought was counted wrongly.');
    this.hasGiven = true;
    const missing = this.sentCount - theyHave;
    const given = missing > this.kept.length ? undefined : this.kept.slice(this.kept.length - missing);
    this.kept = [];
    this.keptBytes = 0;
    return given;
  }

  theyMarked(way: number): void {
    if (this.theirs === way) throw new ProtocolError('A way was marked twice.');
    this.theirs = way;
    this.came = this.taken = 0;
  }

  /** Counts a payload that the relay brought. False: the way has brought it already. */
  isNewFromRelay(): boolean {
    if (this.theirs === 0) return true;
    if (++this.came <= this.taken) return false;
    this.taken = this.came;
    return true;
  }

  /** Their `over` is waited for from now on. */
  awaitOver(now: number): void {
    this.missedAt ??= now + patience;
  }

  /** Their `over` has come on the relay, behind everything else there. */
  theyAreOver(): void {
    if (this.came < this.taken) throw new ProtocolError('A way brought more of what was on the relay than there was.');
  }

  /** The relay broke: what the way brought in its place it will not bring any more. */
  relayBroke(): void {
    this.came = this.taken;
  }

  /** How much of what was on the relay is delivered, to be told to them. */
  tell(): number {
    this.isTold = true;
    this.restAt = this.taken;
    return this.taken;
  }

  /** So many that were on the relay, behind those that we told of, come over the way now. */
  beginRest(count: number): void {
    if (!this.isTold || this.hasBegunRest) throw new ProtocolError('What was not asked for was given.');
    this.hasBegunRest = true;
    this.rest = count;
  }

  /** Counts one of them. False: the relay has brought it already. */
  isNewFromWay(): boolean {
    this.rest--;
    if (++this.restAt <= this.taken) return false;
    this.taken = this.restAt;
    return true;
  }
}
