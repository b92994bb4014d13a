// The whole course of a viewer's session in one machine: room, handshake, question, live, breaks, end. What can be said apart is
// apart (relay-peer, arrivals, input, health-meter, opened-room, messages); what is left here is the order of events.
import { RelayPeer, type Entrance } from '../relay/relay-peer.ts';
import type { Member } from '../relay/signals.ts';
import { SecurePeer } from '../secure/peer.ts';
import { makeDigits, makeLinkSecret, secretBytes } from '../secure/room-code.ts';
import { StreamOpener } from '../secure/stream-opener.ts';
import { CredentialKind, RefuseReason, type Credential, type SecuredDetails } from '../secure/types.ts';
import { ProtocolError } from '../wire/reader.ts';
import { Arrivals } from './arrivals.ts';
import type { Desktop } from './desktop.ts';
import { noGrant, type Grant } from './grant.ts';
import { HealthMeter, type Health } from './health-meter.ts';
import { InputGate, writeInput, type Input } from './input.ts';
import {
  Capability, Channel, readClipboard, readControl, readCursor, writeClipboard, writeControl, writePainted, type ControlIn, type ControlOut, type CursorIn,
} from './messages.ts';
import { OpenedRoom } from './opened-room.ts';
import type { EndReason, SessionState } from './state.ts';
import type { Ask, OpenCode, Place, Ticket } from './ticket.ts';

export type Start =
  | { t: 'join'; relay: string; place: Place; secret: string; ask: Ask }
  | { t: 'open'; relay: string; ask: Ask }
  | { t: 'resume'; ticket: Ticket };

/** What the machine wants done and told. */
export interface SessionOutput {
  connect(): void;
  disconnect(): void;
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array<ArrayBuffer>): void;
  /** A codec update, whole and in order; answer with `painted` once it is on the screen. */
  update(bytes: Uint8Array<ArrayBuffer>): void;
  state(state: SessionState): void;
  code(code: OpenCode): void;
  desktop(desktop: Desktop): void;
  cursor(cursor: CursorIn): void;
  clipboard(selection: 0 | 1, text: string): void;
  notice(code: string, text: string): void;
  health(health: Health): void;
  ticket(ticket: Ticket | undefined): void;
  /** Something happened outside a call: `deadline` may be another. */
  schedule(): void;
}

const capabilities = [Capability.tiles, Capability.clipboardText, Capability.textInput, Capability.monitors] as const;

const second = 1_000_000;
const healthEvery = second / 2;
const pingEvery = 2 * second;
/** A ping that is unanswered for so long means that the road is broken, although nobody said so. */
const pongPatience = 6 * second;
/** After a wake the road is under suspicion. */
const wakePatience = 2 * second;
const busyWait = second;
/** Server and host keep our place for two minutes; then there is nothing to come back to. */
const silencePatience = 125 * second;
/** Long enough to seal the last word behind what was said before it. */
const byePatience = second / 5;
/** Repeated failures of records within a minute are no accident. */
const maxRestarts = 5;
/** What may wait for its turn between arrival and decryption: one whole desktop update and its neighbours. */
const arrivalBudget = 72 * 1024 * 1024;

export class ViewerSession {
  private readonly relay: RelayPeer;
  private readonly relayUrl: string;
  private readonly joined: { readonly place: Place; readonly secret: string } | undefined;
  private readonly opened: OpenedRoom | undefined;
  private ask: Ask;

  private now = 0;
  private over = false;
  private online = true;
  private shown: SessionState = { at: 'connecting' };
  private host: number | undefined;
  private peer: SecurePeer | undefined;
  private arrivals: Arrivals | undefined;
  private stream: StreamOpener | undefined;
  private details: SecuredDetails | undefined;
  private resume: Credential | undefined;
  /** The credential of the handshake underway; undefined: none is. */
  private trying: Credential | undefined;
  /** Our confirmation left: whatever happens now, the code is used. */
  private confirmed = false;
  private grant: Grant = noGrant;
  private granted = false;
  /** Between a grant and the next break: input and acknowledgements may go. */
  private live = false;
  private lostText: string | undefined;

  /** Records that were sealed when the host's window was found full: as many as the peer seals at once. */
  private readonly outbox: Uint8Array<ArrayBuffer>[] = [];
  private readonly gate = new InputGate();
  private readonly meter = new HealthMeter();

  private pingNumber = 0;
  private pingSent: number | undefined;
  private pingDue: number | undefined;
  private pongDue: number | undefined;
  private healthDue: number | undefined;
  private retryDue: number | undefined;
  private byeDue: number | undefined;
  private heardAt = 0;
  private restarts = 0;
  private restartsSince = 0;

  constructor(start: Start, private readonly out: SessionOutput) {
    const from = start.t === 'resume' ? start.ticket : start;
    this.relayUrl = from.relay;
    this.ask = from.ask;
    let entrance: Entrance;
    if (start.t === 'join') {
      this.joined = { place: start.place, secret: start.secret };
      entrance = start.place.kind === 'code' ? { t: 'join', number: start.place.number } : { t: 'join', room: start.place.room };
    } else if (start.t === 'open') {
      this.opened = new OpenedRoom(undefined, makeDigits, makeLinkSecret);
      entrance = { t: 'open' };
    } else {
      const { ticket } = start;
      this.joined = ticket.joined;
      if (ticket.joined === undefined) this.opened = new OpenedRoom(ticket.opened, makeDigits, makeLinkSecret);
      if (ticket.resume !== undefined) {
        this.resume = { kind: CredentialKind.resume, place: ticket.resume.session, secret: ticket.resume.secret };
      }
      entrance = { t: 'rejoin', room: ticket.room, member: ticket.member, token: ticket.token };
    }
    this.relay = new RelayPeer(entrance, 'viewer', {
      connect: () => this.out.connect(),
      disconnect: () => this.out.disconnect(),
      sendText: (text) => this.out.sendText(text),
      sendBinary: (bytes) => this.out.sendBinary(bytes),
      entered: (again) => this.entered(again),
      number: (number, seconds) => this.numbered(number, seconds),
      arrived: (member) => this.arrived(member),
      left: (member, gone) => this.left(member, gone),
      payload: (sender, payload) => this.payload(sender, payload),
      credit: () => this.flush(),
      broken: (code) => this.broken(code),
      ended: (reason, text) => this.end(reason, text),
    });
  }

  // ---- What the driver tells. Times are microseconds of one clock that goes on over a reload of the page.

  get deadline(): number | undefined {
    if (this.over) return this.byeDue;
    let least: number | undefined;
    for (const due of [this.relay.deadline, this.peer?.nextDeadline, this.pingDue, this.pongDue, this.healthDue, this.retryDue, this.byeDue]) {
      if (due !== undefined && (least === undefined || due < least)) least = due;
    }
    return least;
  }

  start(now: number): void {
    this.now = now;
    this.heardAt = now;
    this.out.state(this.shown);
    this.relay.start(now);
  }

  socketOpened(now: number): void {
    this.now = now;
    this.relay.opened(now);
  }

  socketText(now: number, text: string): void {
    this.now = now;
    this.relay.text(now, text);
  }

  socketBinary(now: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.now = now;
    this.meter.received(bytes.length);
    this.relay.binary(bytes);
  }

  /** `online`: our own network is up as far as the browser knows; then a socket that just died is the server's doing. */
  socketClosed(now: number, code: number, online: boolean): void {
    this.now = now;
    this.online = online;
    this.relay.closed(now, code);
  }

  tick(now: number): void {
    this.now = now;
    if (this.byeDue !== undefined && now >= this.byeDue) this.farewell();
    if (this.over) return;
    this.relay.tick(now);
    if (isDue(this.peer?.nextDeadline, now)) this.run(this.peer?.tick(now));
    if (isDue(this.healthDue, now)) {
      this.healthDue = now + healthEvery;
      if (this.live) this.out.health(this.meter.take(now));
    }
    if (isDue(this.pongDue, now)) {
      this.pongDue = undefined;
      this.relay.suspect(now);
    }
    if (isDue(this.pingDue, now)) this.ping();
    if (isDue(this.retryDue, now)) {
      this.retryDue = undefined;
      if (now - this.heardAt > silencePatience && this.details !== undefined) this.end('host-gone', 'The other computer did not come back.');
      else this.seekHost();
    }
  }

  /** The network or the page is back. */
  wake(now: number): void {
    this.now = now;
    if (this.over) return;
    this.relay.wake(now);
    if (this.live) {
      this.ping();
      this.pongDue = now + wakePatience;
    }
  }

  // ---- What the person does.

  input(now: number, input: Input): void {
    this.now = now;
    if (!this.live || !this.grant.control) return;
    this.meter.input(now);
    if (this.isBlocked) this.gate.hold(input);
    else this.sendInput(input);
  }

  sendClipboard(now: number, selection: 0 | 1, text: string): void {
    this.now = now;
    if (!this.live || !this.grant.clipboard || !this.peerHas(Capability.clipboardText)) return;
    const message = writeClipboard(selection, text);
    if (message === undefined) this.out.notice('clipboard-too-big', 'That is more than 4 MiB of text; it was not sent to the other computer.');
    else if ((this.peer?.pendingBytes ?? 0) > 0) this.out.notice('clipboard-busy', 'The last text is still on its way to the other computer.');
    else this.send(Channel.clipboard, message);
  }

  askFor(now: number, ask: Ask): void {
    this.now = now;
    this.ask = ask;
    if (this.details !== undefined && this.trying === undefined) this.control({ t: 'ask', ...ask });
    this.changed();
  }

  narrow(now: number, grant: Partial<Grant>): void {
    this.now = now;
    if (this.live) this.control({ t: 'narrow', ...grant });
  }

  monitor(now: number, id: number): void {
    this.now = now;
    if (this.live && this.peerHas(Capability.monitors)) this.control({ t: 'monitor', id });
  }

  painted(now: number, sequence: number, micros: number): void {
    this.now = now;
    this.meter.painted(now);
    if (this.live) this.send(Channel.feedback, writePainted(sequence, micros));
  }

  /** The opener's: what is out becomes worthless. */
  newCode(now: number): void {
    this.now = now;
    if (this.over || this.opened === undefined || this.details !== undefined) return;
    this.opened.spend();
    this.relay.askNumber();
  }

  /** Ends in order: the host hears `bye` if it can. */
  leave(now: number): void {
    this.now = now;
    if (this.over) return;
    const heard = this.peer?.isSecured === true && this.relay.here && this.send(Channel.control, writeControl({ t: 'bye', reason: 'left' }));
    this.finish({ at: 'ended', reason: 'left' });
    if (heard) this.byeDue = now + byePatience;
    else this.farewell();
  }

  /** What the host sent could not be decoded. */
  fail(now: number, error: unknown): void {
    this.now = now;
    if (!(error instanceof ProtocolError)) throw error;
    this.end('protocol', error.message);
  }

  /** The host does not wait for acknowledgements. */
  tooMuch(now: number): void {
    this.now = now;
    this.end('protocol', 'The other computer sent pictures without end to a page that nobody sees.');
  }

  // ---- The room.

  private entered(again: boolean): void {
    this.changed();
    if (!again || this.host === undefined) this.showCode();
    this.seekHost();
  }

  /** A handshake with whoever is here, the one we know first; else say what we wait for. */
  private seekHost(): void {
    if (!this.relay.here) return;
    const known = this.host === undefined ? undefined : this.relay.members.get(this.host);
    const host = known ?? (this.details === undefined ? [...this.relay.members.values()].find((m) => m.role === 'host' && m.here) : undefined);
    if (host?.here === true) this.begin(host.member, this.firstCredential());
    else if (this.details !== undefined && known === undefined) this.end('host-gone', 'The other computer has left.');
    else if (this.details !== undefined) this.show({ at: 'reconnecting', side: 'theirs' });
    else if (this.shown.at !== 'burnt') this.show({ at: 'waiting' });
  }

  private arrived(member: Member): void {
    if (member.role !== 'host') return;
    if (this.host === member.member || (this.details === undefined && this.trying === undefined)) {
      this.pause();
      this.host = member.member;
      this.seekHost();
    }
  }

  private left(member: Member, gone: boolean): void {
    if (member.member !== this.host) return;
    if (this.details === undefined) {
      const spent = this.trying?.kind === CredentialKind.code && this.confirmed;
      this.dropPeer();
      if (spent) this.burn();
      else if (gone && this.opened === undefined) this.end('host-gone', 'The other computer has left.');
      else this.seekHost();
    } else if (gone) {
      this.end('host-gone', 'The other computer has left.');
    } else {
      this.pause();
      this.show({ at: 'reconnecting', side: 'theirs' });
    }
  }

  private broken(code: number | undefined): void {
    this.pause();
    if (this.details === undefined) {
      if (this.trying?.kind === CredentialKind.code && this.confirmed) this.burn();
      else this.show({ at: 'connecting' });
      return;
    }
    this.show({ at: 'reconnecting', side: code === undefined || !this.online ? 'ours' : 'server' });
  }

  private numbered(number: string | undefined, seconds: number): void {
    if (this.opened === undefined) return;
    this.opened.take(this.now, number, seconds);
    // A code that has lapsed is replaced as long as somebody may still want to come.
    if (number === undefined && this.details === undefined) this.relay.askNumber();
    this.showCode();
    this.changed();
  }

  private showCode(): void {
    const room = this.relay.roomPlace?.room;
    const code = room === undefined ? undefined : this.opened?.shown(this.now, room);
    if (code !== undefined) this.out.code(code);
  }

  /** The code was used and did not lead to a session: it is worthless from now on. */
  private burn(): void {
    this.trying = undefined;
    if (this.opened === undefined) {
      this.finish({ at: 'burnt', opener: false });
      this.farewell();
      return;
    }
    const guesser = this.host;
    this.dropPeer();
    this.opened.spend();
    if (guesser !== undefined) this.relay.remove(guesser);
    this.show({ at: 'burnt', opener: true });
    this.relay.askNumber();
  }

  // ---- The handshake.

  private firstCredential(): Credential {
    if (this.resume !== undefined) return this.resume;
    if (this.joined !== undefined) return joinCredential(this.joined);
    // Whether the customer clicked the link or typed the code is not known: a host refuses the one it does not have.
    return this.linkCredential();
  }

  private linkCredential(): Credential {
    const room = this.relay.roomPlace?.room ?? '';
    return { kind: CredentialKind.link, place: room, secret: secretBytes(this.opened?.linkSecret ?? '') };
  }

  private begin(host: number, credential: Credential): void {
    this.retryDue = undefined;
    if (host !== this.host || this.peer?.isSecured !== true) {
      this.dropPeer();
      this.host = host;
      this.makePeer(credential);
    }
    this.trying = credential;
    this.confirmed = false;
    if (this.details === undefined && this.resume === undefined) this.show({ at: 'securing' });
    this.run(this.peer?.start(this.now, credential));
  }

  private makePeer(credential: Credential): void {
    const peer: SecurePeer = SecurePeer.viewer(credential, capabilities, {
      payload: (bytes) => { if (this.peer === peer) this.outbound(bytes); },
      secured: (details) => { if (this.peer === peer) this.secured(details); },
      message: (channel, bytes) => { if (this.peer === peer) this.guard(() => this.message(channel, bytes)); },
      refused: (reason) => { if (this.peer === peer) this.refused(reason); },
      ended: (reason) => { if (this.peer === peer) this.peerEnded(reason); },
    });
    this.peer = peer;
    this.arrivals = new Arrivals((kind, payload) => this.work(peer, kind, payload), arrivalBudget);
  }

  private secured(details: SecuredDetails): void {
    this.trying = undefined;
    this.details = details;
    this.resume = details.resumeCredential;
    this.heardAt = this.now;
    this.stream = undefined;
    if (this.opened !== undefined && !details.resumed) {
      this.opened.spend();
      this.relay.giveUpNumber();
    }
    // A resumed session goes on where it was; its first record proves to the host that it is us.
    if (!details.resumed) this.control({ t: 'ask', ...this.ask });
    this.ping();
    this.changed();
  }

  private refused(reason: RefuseReason): void {
    const tried = this.trying;
    this.trying = undefined;
    if (reason === RefuseReason.version) {
      this.end('version', 'The other computer speaks another version of Alongside.');
    } else if (reason === RefuseReason.busy) {
      this.retryDue = this.now + busyWait;
    } else if (tried?.kind === CredentialKind.resume) {
      this.notResumed();
    } else if (this.opened !== undefined) {
      const code = this.opened.current(this.now);
      if (tried?.kind === CredentialKind.code && (this.confirmed || reason === RefuseReason.confirmation)) this.burn();
      else if (tried?.kind === CredentialKind.link && reason === RefuseReason.credential && code !== undefined && this.host !== undefined) {
        this.begin(this.host, { kind: CredentialKind.code, place: code.number, secret: secretBytes(code.secret) });
      } else this.turnAway();
    } else if (tried?.kind === CredentialKind.link) {
      this.end('no-room', 'The other computer does not know this link. Ask for a new one.');
    } else {
      this.burn();
    }
  }

  /** The host has forgotten the session: a link leads in again, a code does not. */
  private notResumed(): void {
    this.resume = undefined;
    const { host } = this;
    this.dropPeer();
    this.details = undefined;
    this.granted = false;
    if (host !== undefined && this.joined?.place.kind === 'link') this.begin(host, joinCredential(this.joined));
    else this.end('host-gone', 'The other computer no longer knows this session.');
  }

  /** Somebody is in our room with neither link nor code. */
  private turnAway(): void {
    if (this.host !== undefined) this.relay.remove(this.host);
    this.dropPeer();
    if (this.shown.at !== 'burnt') this.show({ at: 'waiting' });
  }

  private peerEnded(reason: string): void {
    const tried = this.trying;
    this.trying = undefined;
    if (this.details === undefined) {
      if (tried === undefined) return;
      if (tried.kind === CredentialKind.code && this.confirmed) this.burn();
      else if (tried.kind === CredentialKind.link && this.confirmed && this.joined !== undefined) {
        this.end('protocol', `The other computer could not prove that it knows this link. ${reason}`);
      } else if (this.opened !== undefined) this.turnAway();
      else this.retryDue = this.now + busyWait;
      return;
    }
    // A resume without an answer, or a running session whose records no longer open: once more, with fresh keys.
    this.pause();
    if (this.now - this.restartsSince > 60 * second) {
      this.restartsSince = this.now;
      this.restarts = 0;
    }
    if (++this.restarts > maxRestarts) {
      this.end('protocol', reason);
      return;
    }
    this.show({ at: 'reconnecting', side: 'theirs' });
    this.retryDue = this.now + busyWait;
  }

  // ---- Payloads and messages.

  private payload(sender: number, payload: Uint8Array): void {
    if (sender !== this.host || this.arrivals === undefined) return;
    const kind = payload[0] === 0x21 ? 'stream' : 'pair';
    if (!this.arrivals.add(kind, payload.slice())) this.end('protocol', 'The other computer sent more than could be taken in.');
  }

  private work(peer: SecurePeer, kind: 'pair' | 'stream', payload: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.peer !== peer || this.over) return Promise.resolve();
    if (kind === 'pair') return this.settle(peer.handle(this.now, payload));
    // Underway from a stream that we have left.
    if (this.stream === undefined || payload[1] !== this.stream.stream) return Promise.resolve();
    return this.settle(this.stream.handle(payload));
  }

  private message(channel: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.over) return;
    this.heardAt = this.now;
    switch (channel) {
      case Channel.control: {
        const message = readControl(bytes);
        if (message !== undefined) this.heard(message);
        break;
      }
      case Channel.cursor: this.out.cursor(readCursor(bytes)); break;
      case Channel.clipboard: {
        const { selection, text } = readClipboard(bytes);
        if (this.grant.clipboard) this.out.clipboard(selection, text);
        break;
      }
      case Channel.desktop: if (this.grant.view) this.out.update(bytes); break;
      default: throw new ProtocolError(`The other computer spoke on channel ${channel}, which is not its own.`);
    }
  }

  private heard(message: ControlIn): void {
    switch (message.t) {
      case 'asking': if (!this.granted) this.show({ at: 'asking', checkDigits: this.checkDigits }); break;
      case 'grant': this.granting(message.grant); break;
      case 'desktop':
        this.lostText = undefined;
        this.out.desktop(message.desktop);
        this.showLive();
        break;
      case 'stream': this.openStream(message.stream, message.epoch, message.secret, message.counter); break;
      case 'notice': this.out.notice(message.code, message.text); break;
      case 'lost':
        this.lostText = message.text;
        this.showLive();
        break;
      case 'ping': this.control({ t: 'pong', n: message.n }); break;
      case 'pong': this.ponged(message.n); break;
      case 'bye': this.byed(message.reason); break;
    }
  }

  private granting(grant: Grant): void {
    this.grant = grant;
    if (!grant.view) {
      if (this.granted) this.end('stopped', 'The session was stopped at the other computer.');
      else this.refuse();
      return;
    }
    this.granted = true;
    if (!this.live) {
      this.live = true;
      this.meter.reset();
      this.healthDue = this.now + healthEvery;
      this.ping();
    }
    if (!grant.control) this.gate.clear();
    this.showLive();
  }

  private byed(reason: string): void {
    switch (reason) {
      case 'refused': this.refuse(); break;
      case 'stopped': this.end('stopped', 'The session was stopped at the other computer.'); break;
      case 'too-slow': this.end('too-slow', 'This connection could not keep up with the other computer.'); break;
      case 'protocol': this.end('protocol', 'The other computer did not understand what this page sent.'); break;
      case 'idle': this.end('idle', 'Nothing happened for a long time.'); break;
      default: this.end('closed', 'Alongside was closed on the other computer.'); break;
    }
  }

  private refuse(): void {
    this.finish({ at: 'refused' });
    this.farewell();
  }

  /** A new stream takes the place of the old one; the next epoch of the same stream is only another key. */
  private openStream(id: number, epoch: number, secret: Uint8Array<ArrayBuffer>, counter: number): void {
    if (this.stream?.stream !== id) {
      const stream: StreamOpener = new StreamOpener(
        id,
        (bytes) => { if (this.stream === stream && !this.over && this.grant.view) this.out.update(bytes); },
        (reason) => { if (this.stream === stream) this.end('protocol', reason); },
      );
      this.stream = stream;
    }
    this.run(this.stream.setKey(epoch, secret, counter));
  }

  // ---- Sending.

  private control(message: ControlOut): void {
    this.send(Channel.control, writeControl(message));
  }

  private sendInput(input: Input): void {
    for (const message of writeInput(input, this.details?.peerCapabilities ?? [])) this.send(Channel.input, message);
  }

  private send(channel: number, message: Uint8Array): boolean {
    return this.peer?.send(this.now, channel, message) ?? false;
  }

  private outbound(payload: Uint8Array<ArrayBuffer>): void {
    if (payload[0] === 0x12) this.confirmed = true;
    const host = this.host;
    if (host === undefined) return;
    if (this.outbox.length > 0 || !this.relay.send(host, payload)) {
      // Nothing reaches a host that is away; a full window opens again.
      if (!this.relay.here || this.relay.members.get(host)?.here !== true) return;
      this.outbox.push(payload);
      // Messages wait inside the peer from now on, where short ones overtake long ones.
      if (this.peer !== undefined) this.peer.held = true;
    }
  }

  private get isBlocked(): boolean {
    return this.outbox.length > 0;
  }

  private flush(): void {
    for (let next = this.outbox[0]; next !== undefined; next = this.outbox[0]) {
      if (this.host === undefined || !this.relay.send(this.host, next)) return;
      this.outbox.shift();
    }
    if (this.peer?.held === true) this.peer.held = false;
    for (let input = this.gate.take(); input !== undefined; input = this.gate.take()) this.sendInput(input);
  }

  private ping(): void {
    this.pingDue = this.now + pingEvery;
    if (this.details === undefined || this.trying !== undefined || this.pingSent !== undefined) return;
    this.pingSent = this.now;
    this.pongDue = this.now + pongPatience;
    this.control({ t: 'ping', n: ++this.pingNumber });
  }

  private ponged(n: number): void {
    if (n !== this.pingNumber || this.pingSent === undefined) return;
    this.meter.pong(this.now - this.pingSent);
    this.pingSent = undefined;
    this.pongDue = undefined;
  }

  // ---- States.

  private get checkDigits(): string {
    return this.details?.checkDigits ?? '';
  }

  private peerHas(capability: number): boolean {
    return this.details?.peerCapabilities.includes(capability) ?? false;
  }

  private showLive(): void {
    if (!this.live) return;
    if (this.lostText !== undefined) this.show({ at: 'lost', text: this.lostText });
    else this.show({ at: 'live', grant: this.grant, checkDigits: this.checkDigits });
  }

  private show(state: SessionState): void {
    if (this.over || JSON.stringify(state) === JSON.stringify(this.shown)) return;
    this.shown = state;
    this.out.state(state);
  }

  /** Nothing of the session moves until it is resumed; what was underway is lost, and every key is up on the host. */
  private pause(): void {
    this.live = false;
    this.outbox.length = 0;
    if (this.peer?.held === true) this.peer.held = false;
    this.gate.clear();
    this.meter.reset();
    this.pingSent = undefined;
    this.pingDue = undefined;
    this.pongDue = undefined;
    this.healthDue = undefined;
    this.retryDue = undefined;
  }

  private dropPeer(): void {
    this.peer?.close();
    this.peer = undefined;
    this.arrivals = undefined;
    this.stream = undefined;
    this.trying = undefined;
    this.host = undefined;
    this.pause();
  }

  private end(reason: EndReason, text: string): void {
    this.finish({ at: 'ended', reason, text });
    this.farewell();
  }

  private finish(state: SessionState): void {
    if (this.over) return;
    this.show(state);
    this.over = true;
    this.live = false;
    this.out.ticket(undefined);
  }

  private farewell(): void {
    this.byeDue = undefined;
    this.relay.leave(this.opened !== undefined);
    this.dropPeer();
    this.out.schedule();
  }

  private changed(): void {
    const place = this.relay.roomPlace;
    if (place === undefined || this.over) return;
    this.out.ticket({
      relay: this.relayUrl, ask: this.ask, ...place,
      ...(this.joined === undefined ? {} : { joined: this.joined }),
      ...(this.opened === undefined ? {} : { opened: this.opened.secrets }),
      ...(this.resume === undefined ? {} : { resume: { session: this.resume.place, secret: this.resume.secret } }),
    });
  }

  private run(work: Promise<void> | undefined): void {
    void this.settle(work);
  }

  /** Work of the secure layer goes on after the call; what our own side gets wrong in it ends this session only. */
  private async settle(work: Promise<void> | undefined): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.end('protocol', error instanceof Error ? error.message : String(error));
    }
    this.out.schedule();
  }

  /** What the host gets wrong ends the session, with the reason. */
  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.send(Channel.control, writeControl({ t: 'bye', reason: 'protocol' }));
      this.end('protocol', error.message);
    }
  }
}

function joinCredential(joined: { readonly place: Place; readonly secret: string }): Credential {
  const { place } = joined;
  return place.kind === 'code'
    ? { kind: CredentialKind.code, place: place.number, secret: secretBytes(joined.secret) }
    : { kind: CredentialKind.link, place: place.room, secret: secretBytes(joined.secret) };
}

function isDue(due: number | undefined, now: number): boolean {
  return due !== undefined && now >= due;
}
