// How the records of a session leave and come, by the relay or by a way beside it (direct.md, "Link"): what waits for the host's window to open,
// and what both sides say of their ways. Which of the two paths a record takes is PathSwitch's.
import type { WayCandidate, WayDescription } from '../link/description.ts';
import { PathSwitch } from '../link/path-switch.ts';
import { WaySignals } from '../link/way-signals.ts';
import type { TurnOffer } from '../relay/signals.ts';
import { ProtocolError } from '../wire/reader.ts';

/** What has the connections behind direct ways. The host begins them. */
export interface WayOutput {
  /** The host's side of a way. A number that is new begins one; with `stun` as the server's port for that. */
  describe(description: WayDescription, stun: number | undefined, turn: TurnOffer | undefined): void;
  candidate(candidate: WayCandidate): void;
  /** False: the channel is not open any more, or holds more than it takes. */
  send(way: number, message: Uint8Array): boolean;
  /** The way is over; a moment later, for the last words, what it was made of can be closed. */
  ended(way: number): void;
}

/** What is said of ways inside the session's channel. */
export type WaySignal = { t: 'direct'; description: WayDescription } | { t: 'candidate'; candidate: WayCandidate };

/** What the link sends by, and tells. */
export interface SessionLinkPorts {
  /** Payload bytes to the host that the relay takes now; 0 when there is no host. */
  relayRoom(): number;
  sendRelay(payload: Uint8Array): boolean;
  /** Whether the host is there, so that what finds its window full can wait for it to open. */
  isHostHere(): boolean;
  /** A payload of the host, in its order; a view, good during the call. */
  deliver(payload: Uint8Array): void;
  /** True: messages wait inside the secure channel from now on, where short ones overtake long ones. */
  hold(held: boolean): void;
  /** Everything has left, and more may. */
  unblocked(): void;
  /** A way is dead and the relay did not take its place: only another handshake helps. */
  stranded(): void;
  /** Of a way of ours, for the host. */
  say(signal: ({ t: 'direct' } & WayDescription) | ({ t: 'candidate' } & WayCandidate)): void;
}

export class SessionLink {
  private readonly paths: PathSwitch;
  private readonly signals = new WaySignals();
  /** Records that were sealed when the host's window was found full: as many as the peer seals at once. */
  private readonly outbox: Uint8Array<ArrayBuffer>[] = [];
  private now = 0;

  /** Without ways everything stays on the relay. */
  constructor(private readonly ports: SessionLinkPorts, private readonly out: { readonly ways?: WayOutput }) {
    this.paths = new PathSwitch({
      relayRoom: () => ports.relayRoom(),
      sendRelay: (payload) => ports.sendRelay(payload),
      sendDirect: (way, message) => out.ways?.send(way, message) === true,
      deliver: (payload) => ports.deliver(payload),
      roomOpened: () => this.flush(),
      wayEnded: (way) => out.ways?.ended(way),
      stranded: () => ports.stranded(),
    });
  }

  get isDirect(): boolean {
    return this.paths.isDirect;
  }

  /** The relay is away, and the session goes on by its way. */
  get isAlone(): boolean {
    return this.paths.isAlone;
  }

  /** Something waits for the host's window. */
  get isBlocked(): boolean {
    return this.outbox.length > 0;
  }

  get deadline(): number | undefined {
    return this.paths.deadline;
  }

  tick(now: number): void {
    this.now = now;
    this.paths.tick(now);
  }

  // ---- Records.

  send(now: number, record: Uint8Array<ArrayBuffer>): void {
    this.now = now;
    // A handshake goes past what was sealed before it.
    if ((this.outbox.length === 0 || isHandshake(record)) && this.dispatch(record)) return;
    // Nothing reaches a host that is away; a full window opens again.
    if (!this.ports.isHostHere() && !this.isAlone) return;
    this.outbox.push(record);
    this.ports.hold(true);
  }

  /** The host's window at the relay has opened. */
  credit(now: number): void {
    this.now = now;
    this.paths.flush();
    this.flush();
  }

  /** Throws ProtocolError for what a host may not send, as `fromWay` and `signalled` do. */
  fromRelay(now: number, payload: Uint8Array): void {
    this.now = now;
    this.paths.fromRelay(now, payload);
  }

  fromWay(now: number, way: number, message: Uint8Array): void {
    this.now = now;
    this.paths.fromDirect(now, way, message);
  }

  /** The session stands still, and what was underway is lost. */
  clear(): void {
    this.outbox.length = 0;
    this.ports.hold(false);
  }

  /** The relay's connection broke, here or there. False: something was on it, and the session is broken. */
  tryGoOnAlone(): boolean {
    return this.paths.tryGoOnAlone();
  }

  /** The relay leads to the host again. */
  relayIsBack(now: number): void {
    this.paths.relayIsBack();
    this.credit(now);
  }

  /** With a session its ways end. */
  reset(): void {
    this.paths.reset();
  }

  /** Keys are new, and ways are counted from wherever the host counts now. `mayMark`: the host knows marks. */
  renew(mayMark: boolean): void {
    this.paths.renew();
    this.paths.mayMark = mayMark;
  }

  /** A handshake is what a path is found by; it stays on the relay. */
  private dispatch(record: Uint8Array): boolean {
    return isHandshake(record) ? this.ports.sendRelay(record) : this.paths.send(this.now, record);
  }

  private flush(): void {
    for (let next = this.outbox[0]; next !== undefined; next = this.outbox[0]) {
      if (!this.dispatch(next)) return;
      this.outbox.shift();
    }
    this.ports.hold(false);
    this.ports.unblocked();
  }

  // ---- Ways.

  /** What the host says of its ways; the server's port for STUN and its TURN servers go with a way that is new. */
  signalled(signal: WaySignal, stun: number | undefined, turn: TurnOffer | undefined): void {
    const { way } = signal.t === 'direct' ? signal.description : signal.candidate;
    const { ways } = this.out;
    const isNew = this.paths.isNew(way);
    if (ways === undefined || (way !== this.paths.current && !isNew)) return;
    if (signal.t === 'direct' && isNew) {
      if (this.paths.current !== 0) throw new ProtocolError('The host began a way beside another.');
      this.paths.begin(way);
      this.signals.begin(way);
    }
    if (signal.t === 'direct') {
      if (this.signals.acceptsDescription(signal.description)) ways.describe(signal.description, stun, turn);
    } else if (this.signals.acceptsCandidate(signal.candidate)) {
      ways.candidate(signal.candidate);
    }
  }

  described(description: WayDescription): void {
    if (description.way === this.paths.current) this.ports.say({ t: 'direct', ...description });
  }

  candidate(candidate: WayCandidate): void {
    if (candidate.way === this.paths.current) this.ports.say({ t: 'candidate', ...candidate });
  }

  opened(now: number, way: number): void {
    this.now = now;
    this.paths.opened(now, way);
    this.paths.flush();
  }

  failed(now: number, way: number, why: string): void {
    this.now = now;
    this.paths.fail(now, way, why);
  }
}

function isHandshake(record: Uint8Array): boolean {
  return (record[0] ?? 0) < 0x20;
}
