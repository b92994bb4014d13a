// A viewer's session from the room to the end: who is there, handshakes, breaks, burnt codes, farewells. What is said inside the channel is Conversation's, the channel
// itself HostChannel's, what admits us to it Admission's; the relay is RelayPeer's, and how records leave and come is SessionLink's.
// Long because what is left here is the order of events, which belongs together.
import type { WayCandidate, WayDescription } from '../link/description.ts';
import { RelayPeer } from '../relay/relay-peer.ts';
import type { Member } from '../relay/signals.ts';
import { PayloadKind } from '../secure/hello.ts';
import { CredentialKind, type Credential, type RefuseReason, type SecuredDetails } from '../secure/types.ts';
import { ProtocolError } from '../wire/reader.ts';
import { Admission, entranceOf, type Consequence } from './admission.ts';
import { Conversation } from './conversation.ts';
import type { Grant } from './grant.ts';
import { HostChannel, type HostChannelOutput } from './host-channel.ts';
import type { Input } from './input.ts';
import { Capability } from './messages.ts';
import { SessionLink } from './session-link.ts';
import type { SessionOutput, Start } from './session-output.ts';
import type { EndReason, SessionState } from './state.ts';
import type { Ask } from './ticket.ts';

const capabilities = [
  Capability.tiles, Capability.clipboardText, Capability.textInput, Capability.monitors, Capability.shortHeaders, Capability.answersOnRelay, Capability.marks,
  Capability.motion, Capability.cache, Capability.glyphs, Capability.pictures,
] as const;

const second = 1_000_000;
const busyWait = second;
/** Server and host keep our place for two minutes; then there is nothing to come back to. */
const silencePatience = 125 * second;
/** Long enough to seal the last word behind what was said before it. */
const byePatience = second / 5;
/** Something of a session is due at least every two seconds: who is called so late stood still. */
const sleep = 4 * second;
/** Repeated failures of records within a minute are no accident. */
const maxRestarts = 5;

export class ViewerSession {
  private readonly relay: RelayPeer;
  private readonly relayUrl: string;
  private readonly admission: Admission;
  private ask: Ask;

  private now = 0;
  private over = false;
  private online = true;
  private shown: SessionState = { at: 'connecting' };
  private host: number | undefined;
  private channel: HostChannel | undefined;
  private details: SecuredDetails | undefined;
  private readonly talk: Conversation;
  private readonly link: SessionLink;
  private readonly channelOutput: HostChannelOutput;

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
    this.admission = new Admission(start);
    const link = new SessionLink({
      relayRoom: () => this.host === undefined ? 0 : this.relay.roomFor(this.host),
      sendRelay: (payload) => this.host !== undefined && this.relay.send(this.host, payload),
      isHostHere: () => this.relay.here && this.host !== undefined && this.relay.members.get(this.host)?.here === true,
      deliver: (payload) => this.deliver(payload),
      hold: (held) => this.channel?.hold(held),
      unblocked: () => this.talk.unblocked(),
      stranded: () => this.stranded(),
      say: (signal) => this.talk.signal(signal),
    }, out);
    this.link = link;
    const now = (): number => this.now;
    this.channelOutput = {
      get now() { return now(); },
      payload: (bytes) => this.outbound(bytes),
      secured: (details) => this.secured(details),
      message: (channel, bytes) => this.message(channel, bytes),
      refused: (reason) => this.refused(reason),
      ended: (reason) => this.channelEnded(reason),
      streamRecord: (payload) => this.talk.streamRecord(payload),
      settle: (work) => this.settle(work),
    };
    const pending = (): number => this.channel?.pendingBytes ?? 0;
    this.talk = new Conversation(out, {
      send: (channel, message, pastes = false) => this.channel?.send(this.now, channel, message, pastes) ?? false,
      get isBlocked() { return link.isBlocked; },
      get isDirect() { return link.isDirect; },
      get pendingBytes() { return pending(); },
      run: (work) => this.run(work),
      show: (state) => this.show(state),
      refused: () => this.refuse(),
      end: (reason, text) => this.end(reason, text),
      signalled: (signal) => this.link.signalled(signal, this.relay.stun, this.relay.turn(this.now)),
      silent: () => this.stranded(),
    });
    this.relay = new RelayPeer(entranceOf(start), 'viewer', {
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
    for (const due of [this.relay.deadline, this.channel?.deadline, this.retryDue, this.byeDue, this.link.deadline, ...this.talk.deadlines]) {
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
    this.arrive(now);
    this.relay.opened(now);
  }

  socketText(now: number, text: string): void {
    this.arrive(now);
    this.relay.text(now, text);
  }

  socketBinary(now: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.arrive(now);
    this.talk.received(bytes.length);
    this.relay.binary(bytes);
  }

  /** `online`: our own network is up as far as the browser knows; then a socket that just died is the server's doing. */
  socketClosed(now: number, code: number, online: boolean): void {
    this.arrive(now);
    this.online = online;
    this.relay.closed(now, code);
  }

  /** Whatever comes first after a sleep finds it out: it may be what was sent to us meanwhile. */
  private arrive(now: number): void {
    const hasSlept = now - this.now >= sleep;
    this.now = now;
    if (hasSlept && !this.over) this.talk.slept(now);
  }

  tick(now: number): void {
    this.arrive(now);
    if (this.byeDue !== undefined && now >= this.byeDue) this.farewell();
    if (this.over) return;
    this.relay.tick(now);
    if (isDue(this.channel?.deadline, now)) this.run(this.channel?.tick(now));
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
    this.arrive(now);
    if (this.over) return;
    this.relay.wake(now);
    this.talk.wake(now);
  }

  // ---- What the person does.

  input(now: number, input: Input): void {
    this.arrive(now);
    this.talk.input(now, input);
  }

  sendClipboard(now: number, selection: 0 | 1, text: string): void {
    this.arrive(now);
    this.talk.sendClipboard(selection, text);
  }

  askFor(now: number, ask: Ask): void {
    this.arrive(now);
    this.ask = ask;
    this.talk.ask(ask);
    this.changed();
  }

  narrow(now: number, grant: Partial<Grant>): void {
    this.arrive(now);
    this.talk.narrow(grant);
  }

  monitor(now: number, id: number): void {
    this.arrive(now);
    this.talk.monitor(id);
  }

  painted(now: number, sequence: number, micros: number): void {
    this.arrive(now);
    this.talk.painted(now, sequence, micros);
  }

  /** The opener's: what is out becomes worthless. */
  newCode(now: number): void {
    this.arrive(now);
    if (this.over || !this.admission.isOpener || this.details !== undefined) return;
    this.admission.spend();
    this.relay.askNumber();
  }

  /** Ends in order: the host hears `bye` if it can. */
  leave(now: number): void {
    this.arrive(now);
    if (this.over) return;
    const heard = (this.relay.here || this.link.isAlone) && this.talk.bye('left');
    this.finish({ at: 'ended', reason: 'left' });
    if (heard) this.byeDue = now + byePatience;
    else this.farewell();
  }

  /** What the host sent could not be decoded or shown, for whatever reason: a picture that stands still must not be called live. */
  fail(now: number, error: unknown): void {
    this.arrive(now);
    this.end('protocol', error instanceof Error ? error.message : String(error));
  }

  /**
   * A decoder of the platform gave up, which is nobody's fault: the picture begins anew with a handshake, which names the codecs that there are now. The reason, should it happen again and
   * again.
   */
  pictureLost(now: number, why: string): void {
    this.arrive(now);
    if (this.over || this.details === undefined) return;
    this.channel?.close();
    this.channel = undefined;
    this.channelEnded(why);
    this.out.schedule();
  }

  /** The host does not wait for acknowledgements. */
  tooMuch(now: number): void {
    this.arrive(now);
    this.end('protocol', 'The other computer sent pictures without end to a page that nobody sees.');
  }

  // ---- Direct ways: what their driver tells.

  wayDescribed(now: number, description: WayDescription): void {
    this.arrive(now);
    this.link.described(description);
  }

  wayCandidate(now: number, candidate: WayCandidate): void {
    this.arrive(now);
    this.link.candidate(candidate);
  }

  wayOpened(now: number, way: number): void {
    this.arrive(now);
    this.link.opened(now, way);
  }

  wayFailed(now: number, way: number, why: string): void {
    this.arrive(now);
    this.link.failed(now, way, why);
  }

  wayMessage(now: number, way: number, message: Uint8Array): void {
    this.arrive(now);
    if (this.over) return;
    this.talk.received(message.length);
    this.linked(() => this.link.fromWay(now, way, message));
  }

  // ---- The room.

  private entered(again: boolean): void {
    this.changed();
    // A code that was burnt, or given up, on the way into a break or a reload left nobody to ask for the next.
    const { admission } = this;
    if (again && admission.isOpener && !admission.isKnown && !admission.hasCode(this.now)) this.relay.askNumber();
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
    if (host?.here === true) this.begin(host.member, this.admission.first(this.relay.roomPlace?.room ?? ''));
    else if (this.details !== undefined && known === undefined) this.end('host-gone', 'The other computer has left.');
    else if (this.details !== undefined) this.show({ at: 'reconnecting', side: 'theirs' });
    else if (this.shown.at !== 'burnt') this.show({ at: 'waiting' });
  }

  private arrived(member: Member): void {
    if (member.role !== 'host') return;
    if (this.host === member.member || (this.details === undefined && !this.admission.isTrying)) {
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
      this.dropHost();
      if (gone && !this.admission.isOpener) this.end('host-gone', 'The other computer has left.');
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
    if (!this.admission.isOpener) return;
    this.admission.numbered(this.now, number, seconds);
    // A code that has lapsed is replaced as long as somebody may still want to come.
    if (number === undefined && this.details === undefined) this.relay.askNumber();
    this.showCode();
    this.changed();
  }

  private showCode(): void {
    const room = this.relay.roomPlace?.room;
    const code = room === undefined ? undefined : this.admission.shown(this.now, room);
    if (code !== undefined) this.out.code(code);
  }

  /** A code's one attempt is underway beyond recall. */
  private get isSpent(): boolean {
    return this.details === undefined && this.admission.isSpending;
  }

  /** The code was used and did not lead to a session: it is worthless from now on. */
  private burn(): void {
    this.admission.over();
    if (!this.admission.isOpener) {
      this.finish({ at: 'burnt', opener: false });
      this.farewell();
      return;
    }
    const guesser = this.host;
    this.dropHost();
    this.admission.spend();
    if (guesser !== undefined) this.relay.remove(guesser);
    this.show({ at: 'burnt', opener: true });
    this.relay.askNumber();
  }

  // ---- The handshake.

  private begin(host: number, credential: Credential): void {
    this.retryDue = undefined;
    this.link.reset();
    if (host !== this.host || this.channel?.isSecured !== true) {
      this.dropHost();
      this.host = host;
      const direct = this.out.ways === undefined ? [] : [Capability.direct];
      this.channel = new HostChannel(credential, [...capabilities, ...direct, ...this.codecs()], this.channelOutput);
    }
    this.admission.begin(credential);
    if (this.details === undefined && !this.admission.isKnown) this.show({ at: 'securing' });
    this.run(this.channel?.start(this.now, credential));
  }

  private secured(details: SecuredDetails): void {
    this.link.renew(details.peerCapabilities.includes(Capability.marks));
    this.details = details;
    this.admission.secured(details.resumeCredential);
    this.heardAt = this.now;
    if (this.admission.isOpener && !details.resumed) {
      this.admission.spend();
      this.relay.giveUpNumber();
    }
    this.talk.begin(this.now, details, this.ask);
    this.changed();
  }

  private refused(reason: RefuseReason): void {
    const tried = this.admission.over();
    this.follow(this.admission.refused(this.now, tried, reason));
  }

  private follow(consequence: Consequence, why = ''): void {
    switch (consequence) {
      case 'again': this.retryDue = this.now + busyWait; break;
      case 'forgotten': this.notResumed(); break;
      case 'burnt': this.burn(); break;
      case 'stranger': this.turnAway(); break;
      case 'version': this.end('version', 'The other computer speaks another version of Alongside.'); break;
      case 'unknown-link': this.end('no-room', 'The other computer does not know this link. Ask for a new one.'); break;
      case 'unproven-link': this.end('protocol', `The other computer could not prove that it knows this link. ${why}`); break;
      default:
        if (this.host !== undefined) this.begin(this.host, consequence);
        else this.turnAway();
    }
  }

  private notResumed(): void {
    const { host } = this;
    this.dropHost();
    this.details = undefined;
    const link = this.admission.forget();
    if (host !== undefined && link !== undefined) this.begin(host, link);
    else this.end('host-gone', 'The other computer no longer knows this session.');
  }

  private turnAway(): void {
    if (this.host !== undefined) this.relay.remove(this.host);
    this.dropHost();
    if (this.shown.at !== 'burnt') this.show({ at: 'waiting' });
  }

  private channelEnded(reason: string): void {
    const tried = this.admission.over();
    if (this.details === undefined) {
      if (tried !== undefined) this.follow(this.admission.failed(tried), reason);
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
    if (record[0] === PayloadKind.viewerFinish) this.admission.confirm();
    this.link.send(this.now, record);
  }

  /** What comes from the host, in its order, whichever path it took. */
  private deliver(payload: Uint8Array): void {
    if (this.channel === undefined) return;
    this.talk.heardFrom(this.now);
    if (!this.channel.take(payload.slice())) this.end('protocol', 'The other computer sent more than could be taken in.');
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

  private dropHost(): void {
    this.link.reset();
    this.channel?.close();
    this.channel = undefined;
    this.admission.over();
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
    this.channel?.deafen();
    this.talk.pause();
    this.out.ticket(undefined);
  }

  private refuse(): void {
    this.finish({ at: 'refused' });
    this.farewell();
  }

  private farewell(): void {
    this.byeDue = undefined;
    this.relay.leave(this.admission.isOpener);
    this.dropHost();
    this.out.schedule();
  }

  private changed(): void {
    const place = this.relay.roomPlace;
    if (place === undefined || this.over) return;
    this.out.ticket({
      relay: this.relayUrl, ask: this.ask, ...place, ...this.admission.kept,
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

/** Somebody meant it: the other side, or this one in another window. */
function isFinal(reason: EndReason): boolean {
  return reason === 'closed' || reason === 'removed' || reason === 'replaced';
}

function isDue(due: number | undefined, now: number): boolean {
  return due !== undefined && now >= due;
}
