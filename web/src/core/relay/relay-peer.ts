import type { EndReason } from '../session/state.ts';
import { ProtocolError } from '../wire/reader.ts';
import { readClose } from './close-codes.ts';
import { readFrame, writeFrame } from './frames.ts';
import { readSignal, type Member, type Role, type SignalIn, type SignalOut, type TurnOffer } from './signals.ts';

/** A member's place in a room, as it survives a break or a reload. */
export interface RoomPlace {
  readonly room: string;
  readonly member: number;
  readonly token: string;
}

export type Entrance =
  | { t: 'open' }
  | { t: 'join'; number: string }
  | { t: 'join'; room: string }
  | ({ t: 'rejoin' } & RoomPlace);

/** What the machine wants done; the driver's half touches the socket, the session's half is told what happened. */
export interface RelayOutput {
  /** Open a socket; its events come back as `opened`, `text`, `binary`, `closed`. */
  connect(): void;
  /** Forget the socket; nothing of it may be reported any more. Leaving closes it in order, which gives up the place; a socket that is
   *  replaced must not say so, even if it turns out to be alive: the server would forget the place that the next one comes for. */
  disconnect(leaving: boolean): void;
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array<ArrayBuffer>): void;

  /** In the room, for the first time or again. The members are in `members`. */
  entered(again: boolean): void;
  number(number: string | undefined, seconds: number): void;
  arrived(member: Member): void;
  left(member: Member, gone: boolean): void;
  /** A view into the received message, valid during the call. */
  payload(from: number, payload: Uint8Array): void;
  /** More may be sent to somebody. */
  credit(): void;
  /** The socket is gone; the machine tries again by itself. `code` as in `closed`; undefined when we gave it up. */
  broken(code: number | undefined): void;
  /** The session goes on without the relay: it is tried again for as long as that is so. */
  readonly goesOnAlone: boolean;
  ended(reason: EndReason, text: string): void;
}

type Phase = 'idle' | 'connecting' | 'entering' | 'in' | 'waiting' | 'ended';

/** Microseconds before each try after a break; the last one repeats. */
const backoff = [0, 250_000, 500_000, 1_000_000, 2_000_000] as const;
/** A first entry gives up sooner than a session that has something to lose. */
const firstPatience = 20_000_000;
/** The server keeps a place for two minutes. */
const breakPatience = 120_000_000;
/** A connection that lasted this long has held: the waits begin anew after it. A server that takes us in and throws us out at once is asked more and more rarely. */
const held = 5_000_000;
/** Between tries when it is away for longer than that, and not needed. */
const longWait = 15_000_000;
const connectPatience = 5_000_000;
const enterPatience = 10_000_000;
/** A try that has come to nothing for this long when the network comes back was made without one: its first packet is lost, and the next is seconds away. */
const staleTry = 1_000_000;
/** More members than a room can have. */
const maxMembers = 1000;

/**
 * One participant on the relay (relay.md): enters a room, keeps its place through breaks, counts windows. Pure: it is told the
 * time in microseconds and what the socket did; `deadline` is when it wants `tick`. What was sent into a broken socket is lost,
 * and the layer above starts anew after `entered(true)`.
 */
export class RelayPeer {
  readonly members = new Map<number, Member>();

  private readonly windows = new Map<number, number>();
  private phase: Phase = 'idle';
  private place: RoomPlace | undefined;
  private window = 0;
  /** The server's UDP port for STUN, as it last said. */
  stun: number | undefined;
  private lent: TurnOffer | undefined;
  private lentUntil = 0;
  private tries = 0;
  private hereSince = 0;
  private triedAt = 0;
  private brokenAt: number | undefined;
  private refusal: string | undefined;
  private due: number | undefined;

  constructor(private readonly entrance: Entrance, private readonly role: Role, private readonly out: RelayOutput) {
    if (entrance.t === 'rejoin') this.place = { room: entrance.room, member: entrance.member, token: entrance.token };
  }

  get deadline(): number | undefined {
    return this.due;
  }

  get here(): boolean {
    return this.phase === 'in';
  }

  get roomPlace(): RoomPlace | undefined {
    return this.place;
  }

  /** TURN servers that may be used, as the server last said, for as long as it said. */
  turn(now: number): TurnOffer | undefined {
    return now < this.lentUntil ? this.lent : undefined;
  }

  start(now: number): void {
    this.brokenAt = now;
    this.connect(now);
  }

  tick(now: number): void {
    if (this.due === undefined || now < this.due) return;
    this.due = undefined;
    if (this.phase === 'waiting') this.connect(now);
    else if (this.phase === 'connecting' || this.phase === 'entering') this.break(now, 0);
  }

  /** The network or the page is back: no reason to wait any longer. */
  wake(now: number): void {
    const isStale = (this.phase === 'connecting' || this.phase === 'entering') && now - this.triedAt >= staleTry;
    if (this.phase !== 'waiting' && !isStale) return;
    if (isStale) this.out.disconnect(this.place === undefined);
    this.tries = 0;
    this.connect(now);
  }

  /** What the session went on by has died: it has the patience of a break from here on. */
  needed(now: number): void {
    if (this.brokenAt !== undefined) this.brokenAt = now;
    this.wake(now);
  }

  /** The layer above hears nothing: take a new socket. */
  suspect(now: number): void {
    if (this.phase === 'in') this.break(now, 0);
  }

  opened(now: number): void {
    if (this.phase !== 'connecting') return;
    this.phase = 'entering';
    this.due = now + enterPatience;
    this.sendSignal(this.entranceSignal());
  }

  closed(now: number, code: number): void {
    if (this.phase === 'ended' || this.phase === 'idle' || this.phase === 'waiting') return;
    const closing = readClose(code, this.place !== undefined);
    if (closing.t === 'end') this.end(closing.reason, this.refusal ?? closing.text);
    else this.break(now, closing.wait, code);
  }

  text(now: number, text: string): void {
    this.guard(() => {
      const signal = readSignal(text);
      if (signal !== undefined) this.signal(now, signal);
    });
  }

  binary(message: Uint8Array): void {
    if (this.phase !== 'in') return;
    this.guard(() => {
      const frame = readFrame(message);
      if (frame.t === 'payload') {
        this.out.payload(frame.from, frame.payload);
        return;
      }
      const left = this.windows.get(frame.to);
      if (left === undefined) return;
      this.windows.set(frame.to, Math.min(this.window, left + frame.bytes));
      this.out.credit();
    });
  }

  /** Payload bytes that may be sent to a member now. */
  roomFor(member: number): number {
    return this.phase === 'in' ? this.windows.get(member) ?? 0 : 0;
  }

  /** False when the window is too small or the member is not here; nothing is sent then. */
  send(to: number, payload: Uint8Array): boolean {
    const left = this.roomFor(to);
    if (payload.length > left) return false;
    this.windows.set(to, left - payload.length);
    this.out.sendBinary(writeFrame(to, payload));
    return true;
  }

  askNumber(): void {
    if (this.phase === 'in') this.sendSignal({ t: 'number' });
  }

  giveUpNumber(): void {
    if (this.phase === 'in') this.sendSignal({ t: 'unnumber' });
  }

  remove(member: number): void {
    if (this.phase === 'in') this.sendSignal({ t: 'remove', member });
  }

  /** Leaves; an opener may take the room along. */
  leave(closeRoom: boolean): void {
    if (this.phase === 'ended') return;
    if (this.phase === 'in' && closeRoom) this.sendSignal({ t: 'close' });
    this.phase = 'ended';
    this.due = undefined;
    this.out.disconnect(true);
  }

  private signal(now: number, signal: SignalIn): void {
    switch (signal.t) {
      case 'opened':
        this.expect('entering');
        this.stun = signal.stun;
        this.lend(now, signal.turn);
        this.enter(now, { room: signal.room, member: signal.member, token: signal.token }, signal.window, []);
        this.out.entered(false);
        this.out.number(signal.number, signal.seconds);
        break;
      case 'joined': {
        this.expect('entering');
        const again = this.place !== undefined;
        const token = signal.token ?? this.place?.token;
        if (token === undefined) throw new ProtocolError('The server gave no token.');
        if (this.place !== undefined && (signal.room !== this.place.room || signal.member !== this.place.member)) {
          throw new ProtocolError('The server gave us somebody else\'s place.');
        }
        this.stun = signal.stun;
        this.lend(now, signal.turn);
        this.enter(now, { room: signal.room, member: signal.member, token }, signal.window, signal.members);
        this.out.entered(again);
        break;
      }
      case 'number': this.expect('in'); this.out.number(signal.number, signal.seconds); break;
      case 'expired': this.expect('in'); this.out.number(undefined, 0); break;
      case 'arrived': {
        this.expect('in');
        if (signal.member === this.place?.member) break;
        const member: Member = { member: signal.member, role: signal.role, here: true };
        this.admit(member);
        this.out.arrived(member);
        break;
      }
      case 'left': {
        this.expect('in');
        const known = this.members.get(signal.member);
        if (known === undefined) break;
        const member: Member = { ...known, here: false };
        this.windows.delete(signal.member);
        if (signal.gone) this.members.delete(signal.member);
        else this.members.set(signal.member, member);
        this.out.left(member, signal.gone);
        break;
      }
      case 'turn': this.expect('in'); this.lend(now, signal.turn); break;
      case 'error': this.refusal = signal.message; break;
    }
  }

  private lend(now: number, turn: TurnOffer | undefined): void {
    this.lent = turn;
    this.lentUntil = now + (turn?.seconds ?? 0) * 1_000_000;
  }

  private enter(now: number, place: RoomPlace, window: number, members: readonly Member[]): void {
    this.place = place;
    this.window = window;
    this.phase = 'in';
    this.due = undefined;
    this.hereSince = now;
    this.brokenAt = undefined;
    this.refusal = undefined;
    this.members.clear();
    this.windows.clear();
    for (const member of members) if (member.member !== place.member) this.admit(member);
  }

  private admit(member: Member): void {
    if (this.members.size >= maxMembers && !this.members.has(member.member)) throw new ProtocolError('The server named too many members.');
    this.members.set(member.member, member);
    if (member.here) this.windows.set(member.member, this.window);
  }

  private entranceSignal(): SignalOut {
    if (this.place !== undefined) return { t: 'rejoin', v: 1, ...this.place };
    if (this.entrance.t === 'join') {
      return 'number' in this.entrance
        ? { t: 'join', v: 1, role: this.role, number: this.entrance.number }
        : { t: 'join', v: 1, role: this.role, room: this.entrance.room };
    }
    return { t: 'open', v: 1, role: this.role, number: true };
  }

  private connect(now: number): void {
    this.phase = 'connecting';
    this.triedAt = now;
    this.due = now + connectPatience;
    this.out.connect();
  }

  private break(now: number, wait: number, code?: number): void {
    const told = this.phase !== 'in';
    if (this.phase === 'in' && now - this.hereSince >= held) this.tries = 0;
    this.brokenAt ??= now;
    // Without a token nobody can come back to a place, if we got one.
    this.out.disconnect(this.place === undefined);
    const hasTakenLong = now - this.brokenAt >= (this.place === undefined ? firstPatience : breakPatience);
    if (hasTakenLong && !this.out.goesOnAlone) {
      this.end('unreachable', 'The server could not be reached.');
      return;
    }
    this.phase = 'waiting';
    const step = hasTakenLong ? longWait : backoff[Math.min(this.tries, backoff.length - 1)] ?? 0;
    this.due = now + Math.max(wait, step);
    this.tries++;
    if (!told) this.out.broken(code);
  }

  private end(reason: EndReason, text: string): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.due = undefined;
    this.out.disconnect(true);
    this.out.ended(reason, text);
  }

  private sendSignal(signal: SignalOut): void {
    this.out.sendText(JSON.stringify(signal));
  }

  private expect(phase: Phase): void {
    if (this.phase !== phase) throw new ProtocolError('The server spoke out of turn.');
  }

  /** What the server gets wrong ends this session, with the reason. */
  private guard(work: () => void): void {
    if (this.phase === 'ended' || this.phase === 'waiting' || this.phase === 'idle') return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.end('protocol', error.message);
    }
  }
}
