// A viewer's session from the room to the end: who is there, handshakes and their credentials, breaks, burnt codes, farewells. What is said
// inside the channel is Conversation's, the relay is RelayPeer's, and how records leave and come is SessionLink's.
// Long because what is left here is the order of events, which belongs together.
import type { WayCandidate, WayDescription } from '../link/description.ts';
import { RelayPeer, type Entrance } from '../relay/relay-peer.ts';
import type { Member } from '../relay/signals.ts';
import { SecurePeer } from '../secure/peer.ts';
import { makeDigits, makeLinkSecret, secretBytes } from '../secure/room-code.ts';
import { CredentialKind, RefuseReason, type Credential, type SecuredDetails } from '../secure/types.ts';
import { ProtocolError } from '../wire/reader.ts';
import { Arrivals } from './arrivals.ts';
import { Conversation } from './conversation.ts';
import type { Grant } from './grant.ts';
import type { Input } from './input.ts';
import { Capability } from './messages.ts';
import { OpenedRoom } from './opened-room.ts';
import { SessionLink } from './session-link.ts';
import type { SessionOutput, Start } from './session-output.ts';
import type { EndReason, SessionState } from './state.ts';
import type { Ask, Place } from './ticket.ts';

const capabilities = [
  Capability.tiles, Capability.clipboardText, Capability.textInput, Capability.monitors, Capability.shortHeaders, Capability.motion, Capability.cache,
  Capability.glyphs, Capability.pictures,
] as const;

const second = 1_000_000;
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
  private details: SecuredDetails | undefined;
  private resume: Credential | undefined;
  /** The credential of the handshake underway; undefined: none is. */
  private trying: Credential | undefined;
  /** Our confirmation left: whatever happens now, the code is used. */
  private confirmed = false;
  private readonly talk: Conversation;
  private readonly link: SessionLink;

  /** Why there is no relay any more, for when it is needed. */
  private lost: { readonly reason: EndReason; readonly text: string } | undefined;
  private retryDue: number | undefined;
  private byeDue: number | undefined;
  private heardAt = 0;
  private restarts = 0;
  private restartsSince = 0;

  /** `codecs` are capabilities that only some platforms have; asked for when a handshake is about to name them. */
  constructor(start: Start, private readonly out: SessionOutput, private readonly codecs: () => readonly number[] = () => []) {
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
    const link = new SessionLink({
      relayRoom: () => this.host === undefined ? 0 : this.relay.roomFor(this.host),
      sendRelay: (payload) => this.host !== undefined && this.relay.send(this.host, payload),
      isHostHere: () => this.relay.here && this.host !== undefined && this.relay.members.get(this.host)?.here === true,
      deliver: (payload) => this.deliver(payload),
      hold: (held) => { if (this.peer !== undefined && this.peer.held !== held) this.peer.held = held; },
      unblocked: () => this.talk.unblocked(),
      stranded: () => this.stranded(),
      say: (signal) => this.talk.signal(signal),
    }, out);
    this.link = link;
    const pending = (): number => this.peer?.pendingBytes ?? 0;
    this.talk = new Conversation(out, {
      send: (channel, message) => this.peer?.send(this.now, channel, message) ?? false,
      get isBlocked() { return link.isBlocked; },
      get isDirect() { return link.isDirect; },
      get pendingBytes() { return pending(); },
      run: (work) => this.run(work),
      show: (state) => this.show(state),
      refused: () => this.refuse(),
      end: (reason, text) => this.end(reason, text),
      signalled: (signal) => this.link.signalled(signal, this.relay.stun, this.relay.turn),
      silent: () => this.stranded(),
    });
    this.relay = new RelayPeer(entrance, 'viewer', {
      connect: () => this.out.connect(),
      disconnect: (leaving) => this.out.disconnect(leaving),
      sendText: (text) => this.out.sendText(text),
      sendBinary: (bytes) => this.out.sendBinary(bytes),
      entered: (again) => this.entered(again),
      number: (number, seconds) => this.numbered(number, seconds),
      arrived: (member) => this.arrived(member),
      left: (member, gone) => this.left(member, gone),
      payload: (sender, payload) => this.payload(sender, payload),
      credit: () => this.link.credit(this.now),
      broken: (code) => this.broken(code),
      get goesOnAlone() { return link.isAlone; },
      ended: (reason, text) => this.relayEnded(reason, text),
    });
  }

  // ---- What the driver tells. Times are microseconds of one clock that goes on over a reload of the page.

  get deadline(): number | undefined {
    if (this.over) return this.byeDue;
    let least: number | undefined;
    for (const due of [this.relay.deadline, this.peer?.nextDeadline, this.retryDue, this.byeDue, this.link.deadline, ...this.talk.deadlines]) {
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
    this.talk.received(bytes.length);
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
    this.link.tick(now);
    this.talk.tick(now);
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
    this.talk.wake(now);
  }

  // ---- What the person does.

  input(now: number, input: Input): void {
    this.now = now;
    this.talk.input(now, input);
  }

  sendClipboard(now: number, selection: 0 | 1, text: string): void {
    this.now = now;
    this.talk.sendClipboard(selection, text);
  }

  askFor(now: number, ask: Ask): void {
    this.now = now;
    this.ask = ask;
    this.talk.ask(ask);
    this.changed();
  }

  narrow(now: number, grant: Partial<Grant>): void {
    this.now = now;
    this.talk.narrow(grant);
  }

  monitor(now: number, id: number): void {
    this.now = now;
    this.talk.monitor(id);
  }

  painted(now: number, sequence: number, micros: number): void {
    this.now = now;
    this.talk.painted(now, sequence, micros);
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
    const heard = (this.relay.here || this.link.isAlone) && this.talk.bye('left');
    this.finish({ at: 'ended', reason: 'left' });
    if (heard) this.byeDue = now + byePatience;
    else this.farewell();
  }

  /** What the host sent could not be decoded or shown, for whatever reason: a picture that stands still must not be called live. */
  fail(now: number, error: unknown): void {
    this.now = now;
    this.end('protocol', error instanceof Error ? error.message : String(error));
  }

  /** The host does not wait for acknowledgements. */
  tooMuch(now: number): void {
    this.now = now;
    this.end('protocol', 'The other computer sent pictures without end to a page that nobody sees.');
  }

  // ---- Direct ways: what their driver tells.

  wayDescribed(now: number, description: WayDescription): void {
    this.now = now;
    this.link.described(description);
  }

  wayCandidate(now: number, candidate: WayCandidate): void {
    this.now = now;
    this.link.candidate(candidate);
  }

  wayOpened(now: number, way: number): void {
    this.now = now;
    this.link.opened(now, way);
  }

  wayFailed(now: number, way: number, why: string): void {
    this.now = now;
    this.link.failed(now, way, why);
  }

  wayMessage(now: number, way: number, message: Uint8Array): void {
    this.now = now;
    if (this.over) return;
    this.talk.received(message.length);
    this.linked(() => this.link.fromWay(now, way, message));
  }

  // ---- The room.

  private entered(again: boolean): void {
    this.changed();
    // A code that was burnt, or given up, on the way into a break or a reload left nobody to ask for the next.
    if (again && this.opened !== undefined && this.resume === undefined && this.opened.current(this.now) === undefined) this.relay.askNumber();
    if (!again || this.host === undefined) this.showCode();
    if (this.link.isAlone) {
      // Not needed now, but there for when it is; a host that is still away arrives.
      if (this.host !== undefined && this.relay.members.get(this.host)?.here === true) this.link.relayIsBack(this.now);
    } else this.seekHost();
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
      if (this.isSpent) {
        this.burn();
        return;
      }
      if (this.goesOnAlone()) {
        this.link.relayIsBack(this.now);
        return;
      }
      this.pause();
      this.link.reset();
      this.host = member.member;
      this.seekHost();
    }
  }

  private left(member: Member, gone: boolean): void {
    if (member.member !== this.host || this.goesOnAlone()) return;
    if (this.details === undefined) {
      if (this.isSpent) {
        this.burn();
        return;
      }
      this.dropPeer();
      if (gone && this.opened === undefined) this.end('host-gone', 'The other computer has left.');
      else this.seekHost();
    } else if (gone) {
      this.end('host-gone', 'The other computer has left.');
    } else {
      this.pause();
      this.link.reset();
      this.show({ at: 'reconnecting', side: 'theirs' });
    }
  }

  private broken(code: number | undefined): void {
    if (this.goesOnAlone()) return;
    this.pause();
    this.link.reset();
    if (this.details === undefined) {
      if (this.isSpent) this.burn();
      else this.show({ at: 'connecting' });
      return;
    }
    this.show({ at: 'reconnecting', side: code === undefined || !this.online ? 'ours' : 'server' });
  }

  /** What was on the relay is lost, and of ours nothing was there: the session goes on by its direct way. */
  private goesOnAlone(): boolean {
    return this.details !== undefined && this.link.tryGoOnAlone();
  }

  /** Nothing answers, by whatever way: everything anew, from the relay on. */
  private stranded(): void {
    this.pause();
    this.link.reset();
    if (this.lost !== undefined) {
      this.end(this.lost.reason, this.lost.text);
      return;
    }
    if (this.relay.here) {
      // A host that is known to be away is waited for; one that is here may be out of reach by this connection.
      if (this.host !== undefined && this.relay.members.get(this.host)?.here === true) this.relay.suspect(this.now);
      else this.seekHost();
      return;
    }
    this.show({ at: 'reconnecting', side: this.online ? 'server' : 'ours' });
    this.relay.needed(this.now);
  }

  /** Without a place at the relay a session can do as long as its direct way lives, unless somebody has ended it. */
  private relayEnded(reason: EndReason, text: string): void {
    if (isFinal(reason) || !this.goesOnAlone()) this.end(reason, text);
    else this.lost = { reason, text };
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

  /** A code's one attempt is underway beyond recall. */
  private get isSpent(): boolean {
    return this.details === undefined && this.trying?.kind === CredentialKind.code && this.confirmed;
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
    this.link.reset();
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
    const peer: SecurePeer = SecurePeer.viewer(credential, [...capabilities, ...(this.out.ways === undefined ? [] : [Capability.direct]), ...this.codecs()], {
      payload: (bytes) => { if (this.peer === peer) this.outbound(bytes); },
      secured: (details) => { if (this.peer === peer) this.secured(details); },
      message: (channel, bytes) => { if (this.peer === peer) this.message(channel, bytes); },
      refused: (reason) => { if (this.peer === peer) this.refused(reason); },
      ended: (reason) => { if (this.peer === peer) this.peerEnded(reason); },
    });
    this.peer = peer;
    this.arrivals = new Arrivals((kind, payload) => this.work(peer, kind, payload), arrivalBudget);
  }

  private secured(details: SecuredDetails): void {
    this.trying = undefined;
    this.link.renew();
    this.details = details;
    this.resume = details.resumeCredential;
    this.heardAt = this.now;
    if (this.opened !== undefined && !details.resumed) {
      this.opened.spend();
      this.relay.giveUpNumber();
    }
    this.talk.begin(this.now, details, this.ask);
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
    this.link.reset();
    if (this.now - this.heardAt > silencePatience) {
      this.end('host-gone', 'The other computer did not come back.');
      return;
    }
    if (this.now - this.restartsSince > 60 * second) {
      this.restartsSince = this.now;
      this.restarts = 0;
    }
    if (++this.restarts > maxRestarts) {
      this.end('protocol', reason);
      return;
    }
    this.show({ at: 'reconnecting', side: 'theirs' });
    // Who does not answer may not have heard: the connection can be dead though nobody said so.
    if (tried?.kind === CredentialKind.resume && this.relay.here) this.relay.suspect(this.now);
    else this.retryDue = this.now + busyWait;
  }

  // ---- Payloads and messages.

  private payload(sender: number, payload: Uint8Array): void {
    if (sender === this.host) this.linked(() => this.link.fromRelay(this.now, payload));
  }

  private outbound(record: Uint8Array<ArrayBuffer>): void {
    if (record[0] === 0x12) this.confirmed = true;
    this.link.send(this.now, record);
  }

  /** What comes from the host, in its order, whichever path it took. */
  private deliver(payload: Uint8Array): void {
    if (this.arrivals === undefined) return;
    this.talk.heardFrom(this.now);
    const kind = payload[0] === 0x21 ? 'stream' : 'pair';
    if (!this.arrivals.add(kind, payload.slice())) this.end('protocol', 'The other computer sent more than could be taken in.');
  }

  /** What the host gets wrong about its paths ends the session, with the reason. */
  private linked(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.talk.bye('protocol');
      this.end('protocol', error.message);
    }
  }

  private work(peer: SecurePeer, kind: 'pair' | 'stream', payload: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.peer !== peer || this.over) return Promise.resolve();
    if (kind === 'pair') return this.settle(peer.handle(this.now, payload));
    return this.settle(this.talk.streamRecord(payload));
  }

  /** What the host gets wrong ends the session, with the reason. */
  private message(channel: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.over) return;
    this.heardAt = this.now;
    try {
      this.talk.message(this.now, channel, bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.talk.bye('protocol');
      this.end('protocol', error.message);
    }
  }

  // ---- States.

  private show(state: SessionState): void {
    if (this.over || JSON.stringify(state) === JSON.stringify(this.shown)) return;
    this.shown = state;
    this.out.state(state);
  }

  /** Nothing of the session moves until it is resumed; what was underway is lost, and every key is up on the host. */
  private pause(): void {
    this.talk.pause();
    this.link.clear();
    this.retryDue = undefined;
  }

  private dropPeer(): void {
    this.link.reset();
    this.peer?.close();
    this.peer = undefined;
    this.arrivals = undefined;
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
    this.talk.pause();
    this.out.ticket(undefined);
  }

  private refuse(): void {
    this.finish({ at: 'refused' });
    this.farewell();
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
}

function joinCredential(joined: { readonly place: Place; readonly secret: string }): Credential {
  const { place } = joined;
  return place.kind === 'code'
    ? { kind: CredentialKind.code, place: place.number, secret: secretBytes(joined.secret) }
    : { kind: CredentialKind.link, place: place.room, secret: secretBytes(joined.secret) };
}

/** Somebody meant it: the other side, or this one in another window. */
function isFinal(reason: EndReason): boolean {
  return reason === 'closed' || reason === 'removed' || reason === 'replaced';
}

function isDue(due: number | undefined, now: number): boolean {
  return due !== undefined && now >= due;
}
