// Which of two paths the payloads of a session take, and the order of those that come over both (direct.md, "Link").
//
//          opened, heard their over             silence, closed
// relay ──────────────────────────> direct ───────────────────> waiting ──their back──> what they lack, then the relay
//         says over                    │     says back             │ no answer, or no relay to say it on
//                                 relay breaks: goes on alone      └──────> stranded: another handshake
//
// The twin of Core/Link/PathSwitch.cs, but that it follows: who leads (the host) compares round trips and moves first. What a relay that stalls in the move holds back is gone round:
// relay-marks.ts.
// Long because it is one machine whose every part looks at the same few flags.
import { ProtocolError } from '../wire/reader.ts';
import { LinkKind, LinkWord, maxOnChannel, readLink, writeLink, type LinkMessage } from './link-message.ts';
import { Pieces, piecesOf } from './pieces.ts';
import { RelayMarks } from './relay-marks.ts';

/** What the machine sends by, and tells. */
export interface LinkPorts {
  /** Payload bytes that the relay takes now. */
  relayRoom(): number;
  sendRelay(payload: Uint8Array): boolean;
  /** False: the channel is not open any more, or holds more than it takes. */
  sendDirect(way: number, message: Uint8Array): boolean;
  /** A payload in its order; a view, good during the call. */
  deliver(payload: Uint8Array): void;
  /** Something may leave again. */
  roomOpened(): void;
  wayEnded(way: number, why: string): void;
  /** The way is dead and the relay did not take its place: what was underway is lost, and only another handshake helps. The switch is to be reset. */
  stranded(why: string): void;
}

/** A way over which nothing comes for so long is dead. Microseconds, as all times here. */
const silence = 1_500_000;
/** Each KiB of what is kept may take so much longer: a line of 20 kB a second is slow, not dead. */
const perKilobyte = 50_000;
const heartbeat = 500_000;
/** So long their `back` is waited for once ours is said. */
const backPatience = 2_000_000;
/** How long a payload waits to be counted; so many bytes are counted at once. */
const countTime = 50_000;
const countBytes = 64 * 1024;
/** Of what comes before its turn so much is taken at least: the relay's window. */
const mostEarly = 1024 * 1024;

export class PathSwitch {
  private way = 0;
  /** Ways up to this one are over, and not answered for. Before a session there is none to answer for at all. */
  private closedThrough = 0xffff;
  private open = false;
  private hasHeard = false;
  private sends = false;
  private takes = false;
  private saidBack = false;
  private hasRelay = true;
  private givenUpAt = 0;
  private owed: LinkMessage | undefined;
  private resends = false;
  private kept: Uint8Array[] = [];
  private keptBytes = 0;
  private early: Uint8Array[] = [];
  private earlyBytes = 0;
  private readonly pieces = new Pieces();
  private sent = 0;
  private counted = 0;
  private received = 0;
  private uncountedBytes = 0;
  private countAt: number | undefined;
  private heardAt = 0;
  private saidAt = 0;
  private progressAt = 0;
  private fullWindow = 0;
  private why = '';
  private readonly marks = new RelayMarks(mostEarly);
  /** The other side knows marks. Set before a way begins. */
  mayMark = false;

  /** `leads`: for tests, the other side of it. */
  constructor(private readonly ports: LinkPorts, private readonly leads = false) {}

  /** The way there is, open or not yet; 0: none. */
  get current(): number {
    return this.way;
  }

  /** Both directions take the way. */
  get isDirect(): boolean {
    return this.sends && this.takes && !this.saidBack;
  }

  /** Our `back` is said; theirs is not heard. */
  get isGivenUp(): boolean {
    return this.saidBack;
  }

  /** The relay broke and is not back: the way is all there is. */
  get isAlone(): boolean {
    return !this.hasRelay && this.way !== 0;
  }

  /** Payload bytes that may be sent now. */
  get window(): number {
    if (this.sends) return this.saidBack ? 0 : Math.max(0, this.fullWindow - this.keptBytes);
    if (this.resends || this.owed !== undefined) return 0;
    const room = this.ports.relayRoom();
    this.fullWindow = Math.max(this.fullWindow, room);
    return room;
  }

  /** When `tick` is due; undefined: nothing is. */
  get deadline(): number | undefined {
    if (this.way === 0) return undefined;
    if (this.saidBack) return !this.hasRelay ? this.givenUpAt : this.sends || this.takes ? this.givenUpAt + backPatience : undefined;
    if (!this.open) return undefined;
    return Math.min(this.countAt ?? Infinity, this.saidAt + heartbeat, this.overDueAt, this.deadAt);
  }

  private get overDueAt(): number {
    return this.marks.theirs === this.way && !this.takes && !this.marks.isTold ? this.marks.missedAt ?? Infinity : Infinity;
  }

  private get deadAt(): number {
    const progress = this.kept.length === 0 || !this.sends ? Infinity : this.progressAt + silence + Math.floor(this.keptBytes / 1024) * perKilobyte;
    return Math.min(this.heardAt + silence, progress);
  }

  /** Whether a way of this number may still begin. */
  isNew(number: number): boolean {
    return number > Math.max(this.way, this.closedThrough);
  }

  begin(number: number): void {
    this.way = number;
    this.open = this.hasHeard = this.sends = this.takes = this.saidBack = false;
    this.hasRelay = true;
    this.sent = this.counted = this.received = this.uncountedBytes = 0;
    this.countAt = undefined;
    this.pieces.clear();
    this.early = [];
    this.earlyBytes = this.progressAt = 0;
    this.marks.begin(number);
    this.mark();
  }

  opened(now: number, number: number): void {
    if (number !== this.way || this.open || this.saidBack) return;
    this.open = true;
    this.heardAt = now;
    this.sayHeard(now);
  }

  /** The way is dead, or not to be had. */
  fail(now: number, number: number, reason: string): void {
    if (number !== this.way || this.way === 0 || this.saidBack) return;
    this.saidBack = true;
    this.givenUpAt = now;
    this.owed = { word: LinkWord.back, way: this.way, count: this.received };
    this.why = reason;
    this.flush();
  }

  /**
   * What was on the relay between the two is lost: either's connection to it broke. Nothing of ours was, when both directions had moved over; then the session goes on
   * by the way alone. Whether that is so for the other side too is theirs to know: if not, they end the way. False: the session is broken, and this is to be reset.
   */
  tryGoOnAlone(): boolean {
    if (!this.isDirect) return false;
    this.marks.relayBroke();
    this.hasRelay = false;
    return true;
  }

  /** The relay carries again what is sent to the other side. */
  relayIsBack(): void {
    this.hasRelay = true;
  }

  /** A session begins: ways are counted from wherever the host counts now. */
  renew(): void {
    this.reset();
    this.closedThrough = 0;
  }

  /** The session is over or broken: nothing of before counts, and what the host may still say of its way is not answered. */
  reset(): void {
    const former = this.way;
    this.closedThrough = 0xffff;
    this.resends = false;
    this.owed = undefined;
    this.kept = [];
    this.keptBytes = 0;
    this.begin(0);
    if (former !== 0) this.ports.wayEnded(former, 'The session it belonged to is over.');
  }

  /** False when there is no room; nothing is sent then. */
  send(now: number, payload: Uint8Array): boolean {
    if (payload.length > this.window) return false;
    if (!this.sends) {
      if (!this.ports.sendRelay(payload)) return false;
      this.marks.sent(payload);
      return true;
    }
    if (this.kept.length === 0) this.progressAt = Math.max(this.progressAt, now);
    this.kept.push(payload.slice());
    this.keptBytes += payload.length;
    this.sent++;
    if (!this.sendPieces(payload)) this.fail(now, this.way, 'The channel took no more.');
    return true;
  }

  fromRelay(now: number, payload: Uint8Array): void {
    if (payload[0] !== LinkKind.word) {
      if (!isRecord(payload) || this.marks.isNewFromRelay()) this.ports.deliver(payload);
      return;
    }
    const message = readLink(payload);
    if (message.word === LinkWord.heard || message.word === LinkWord.came || message.word === LinkWord.rest) {
      throw new ProtocolError('What a way brought was counted on the relay.');
    }
    if (message.word === LinkWord.mark) {
      if (message.way === this.way || this.isNew(message.way)) this.marks.theyMarked(message.way);
    } else if (message.word === LinkWord.over) {
      if (message.way !== this.way) return;
      this.marks.theyAreOver();
      this.theyTookTheWay(message.way);
    } else if (message.word === LinkWord.ask) {
      // How long the relay takes, while the way is in use. What finds no room is not answered.
      if (message.way === this.way) this.ports.sendRelay(writeLink({ ...message, word: LinkWord.answer }));
    } else if (message.word === LinkWord.answer) {
      // We ask nothing: who leads does.
    } else if (message.way === this.way) {
      this.theyWentBack(now, message.count);
    } else if (this.isNew(message.way)) {
      // They gave it up before we heard of it.
      this.closedThrough = message.way;
      this.owed ??= { word: LinkWord.back, way: message.way, count: 0 };
      this.flush();
    }
  }

  fromDirect(now: number, number: number, message: Uint8Array): void {
    if (number !== this.way || this.way === 0 || this.saidBack) return;
    this.opened(now, number);
    this.heardAt = now;
    this.hasHeard = true;
    switch (message[0]) {
      case 0x20: case 0x21:
        require(message.length <= maxOnChannel && this.pieces.isEmpty, 'A payload came in the middle of another.');
        this.receive(now, message);
        break;
      case LinkKind.part:
        this.pieces.add(message);
        break;
      case LinkKind.lastPart: {
        this.pieces.add(message);
        const whole = this.pieces.whole();
        require(isRecord(whole), 'What came in parts was no record.');
        this.receive(now, whole);
        break;
      }
      case LinkKind.word:
        this.hearOnWay(now, readLink(message));
        break;
      default: throw new ProtocolError('Something came over a way that is no part of a link.');
    }
    this.flush();
  }

  tick(now: number): void {
    const due = this.deadline;
    if (due !== undefined && due <= now) {
      if (now - due >= heartbeat) {
        // It was us who stood still: what came meanwhile may still wait to be handed over.
        this.heardAt = Math.max(this.heardAt, now - silence + heartbeat);
        this.progressAt = Math.max(this.progressAt, this.heardAt);
        this.givenUpAt = Math.max(this.givenUpAt, now - backPatience + heartbeat);
      }
      if (this.saidBack) {
        if (this.deadline !== undefined && this.deadline <= now) {
          this.ports.stranded(this.why);
          return;
        }
      } else if (now >= this.deadAt) this.fail(now, this.way, 'Nothing came over it any more.');
      else {
        if (now >= this.overDueAt) this.sayCame(now);
        this.sayHeard(now);
      }
    }
    this.flush();
  }

  /** Says and sends what found no room on the relay before, and moves over when that can be. */
  flush(): void {
    if (this.owed !== undefined && this.ports.sendRelay(writeLink(this.owed))) this.owed = undefined;
    let resent = false;
    while (this.resends && this.owed === undefined) {
      const first = this.kept[0];
      if (first === undefined || !this.ports.sendRelay(first)) break;
      this.kept.shift();
      this.keptBytes -= first.length;
      this.resends = this.kept.length > 0;
      resent = !this.resends;
    }
    this.mark();
    if (
      this.open && this.hasHeard && (this.takes || this.leads) && !this.sends && !this.saidBack && !this.resends && this.window > 0 &&
      this.ports.sendRelay(writeLink({ word: LinkWord.over, way: this.way, count: 0 }))
    ) {
      this.sends = true;
      resent = true;
      // Who knows marks can miss what the relay holds back. Should the channel take no more, the next that is sent finds it out.
      if (this.marks.hasMarked) this.ports.sendDirect(this.way, writeLink({ word: LinkWord.over, way: this.way, count: 0 }));
    }
    if (resent) this.ports.roomOpened();
  }

  private theyTookTheWay(number: number): void {
    this.takes = true;
    for (let next = this.early.shift(); next !== undefined; next = this.early.shift()) {
      this.earlyBytes -= next.length;
      this.ports.deliver(next);
      if (this.way !== number) return;
    }
    this.flush();
  }

  private theyWentBack(now: number, count: number): void {
    require(count >= this.counted && count <= this.sent, 'A way was said to have brought what it was not given.');
    require(this.early.length === 0, 'A way brought what was never to come over it.');
    this.drop(count);
    this.fail(now, this.way, 'The other side gave it up.');
    const former = this.way;
    this.closedThrough = this.way;
    this.way = 0;
    this.sends = this.takes = this.open = false;
    this.marks.begin(0);
    this.resends = this.kept.length > 0;
    this.ports.wayEnded(former, this.why);
    this.flush();
    if (!this.resends) this.ports.roomOpened();
  }

  private mark(): void {
    if (!this.mayMark || this.way === 0 || this.marks.hasMarked || this.sends || this.saidBack || this.resends || this.owed !== undefined) return;
    this.marks.hasMarked = this.ports.sendRelay(writeLink({ word: LinkWord.mark, way: this.way, count: 0 }));
  }

  private hearOnWay(now: number, said: LinkMessage): void {
    require(said.way === this.way, 'A way said something of another.');
    switch (said.word) {
      case LinkWord.heard: this.count(now, said.count); break;
      case LinkWord.over: this.marks.awaitOver(now); break;
      case LinkWord.came: this.giveRest(now, said.count); break;
      case LinkWord.rest:
        this.marks.beginRest(said.count);
        this.takeAfterRest();
        break;
      default: throw new ProtocolError('A way said what is said on the relay.');
    }
  }

  /** When their `over` has come, so that they need keep nothing any more, or when it is missed. */
  private sayCame(now: number): void {
    const came = writeLink({ word: LinkWord.came, way: this.way, count: this.marks.tell() });
    if (!this.ports.sendDirect(this.way, came)) this.fail(now, this.way, 'The channel took no more.');
  }

  private giveRest(now: number, count: number): void {
    require(this.sends, 'A way was counted that was not taken.');
    const missing = this.marks.missing(count);
    if (missing === undefined) return;
    // What is sent behind it is counted so much later.
    const bytes = missing.reduce((sum, payload) => sum + payload.length, 0);
    this.progressAt = Math.max(this.progressAt, now) + Math.floor(bytes / 1024) * perKilobyte;
    const isTaken = this.ports.sendDirect(this.way, writeLink({ word: LinkWord.rest, way: this.way, count: missing.length }));
    if (!isTaken || !missing.every((payload) => this.sendPieces(payload))) this.fail(now, this.way, 'The channel took no more.');
  }

  private receiveRest(payload: Uint8Array): void {
    const number = this.way;
    if (this.marks.isNewFromWay()) this.ports.deliver(payload);
    if (this.way === number && !this.saidBack) this.takeAfterRest();
  }

  /** All that was on the relay is here: that their `over` is there as well, the relay will say when it can. */
  private takeAfterRest(): void {
    if (this.marks.rest === 0 && !this.takes) this.theyTookTheWay(this.way);
  }

  private receive(now: number, payload: Uint8Array): void {
    if (this.marks.rest > 0) {
      this.receiveRest(payload);
      return;
    }
    const number = this.way;
    this.received++;
    this.uncountedBytes += payload.length;
    this.countAt = Math.min(this.countAt ?? Infinity, this.uncountedBytes >= countBytes ? now : now + countTime);
    if (this.takes) {
      this.ports.deliver(payload);
    } else {
      require(this.earlyBytes + payload.length <= Math.max(this.fullWindow, mostEarly), 'More than a window came before its turn.');
      this.early.push(payload.slice());
      this.earlyBytes += payload.length;
      this.marks.awaitOver(now);
    }
    if (this.way === number && !this.saidBack && this.countAt <= now) this.sayHeard(now);
  }

  private count(now: number, count: number): void {
    require(count >= this.counted && count <= this.sent, 'A way was said to have brought what it was not given.');
    if (count === this.counted) return;
    this.progressAt = Math.max(this.progressAt, now);
    this.drop(count);
    this.ports.roomOpened();
  }

  private drop(count: number): void {
    const dropped = this.kept.splice(0, count - this.counted);
    for (const payload of dropped) this.keptBytes -= payload.length;
    this.counted = count;
  }

  private sendPieces(payload: Uint8Array): boolean {
    return piecesOf(payload).every((piece) => this.ports.sendDirect(this.way, piece));
  }

  private sayHeard(now: number): void {
    this.saidAt = now;
    this.uncountedBytes = 0;
    this.countAt = undefined;
    const heard = writeLink({ word: LinkWord.heard, way: this.way, count: this.received });
    if (!this.ports.sendDirect(this.way, heard)) this.fail(now, this.way, 'The channel took no more.');
    else if (this.takes && this.marks.theirs === this.way && !this.marks.isTold) this.sayCame(now);
  }
}

const isRecord = (payload: Uint8Array): boolean => payload[0] === 0x20 || payload[0] === 0x21;

function require(holds: boolean, otherwise: string): void {
  if (!holds) throw new ProtocolError(otherwise);
}
