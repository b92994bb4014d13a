import type { WayCandidate, WayDescription } from '../link/description.ts';
import { StreamOpener } from '../secure/stream-opener.ts';
import type { SecuredDetails } from '../secure/types.ts';
import { ProtocolError } from '../wire/reader.ts';
import type { Desktop } from './desktop.ts';
import { noGrant, type Grant } from './grant.ts';
import { HealthMeter, type Health } from './health-meter.ts';
import { InputGate, writeInput, type Input } from './input.ts';
import {
  Capability, Channel, readClipboard, readControl, readCursor, writeClipboard, writeControl, writePainted, type ControlIn, type ControlOut, type CursorIn,
} from './messages.ts';
import type { WaySignal } from './session-link.ts';
import type { EndReason, SessionState } from './state.ts';
import type { Ask } from './ticket.ts';

/** Bytes that may wait when another text is copied: what was copied before it may still be on its way. */
const waitingTextLimit = 4 * 1024 * 1024;

/** What the page is told of a conversation. */
export interface ConversationOutput {
  /** A codec update, whole and in order; answer with `painted` once it is on the screen. */
  update(bytes: Uint8Array<ArrayBuffer>): void;
  desktop(desktop: Desktop): void;
  cursor(cursor: CursorIn): void;
  clipboard(selection: 0 | 1, text: string): void;
  notice(code: string, text: string): void;
  health(health: Health): void;
}

/** The session around it: it has the road to the host and the last word on the state. */
export interface ConversationOwner {
  /** False when there is nobody to send to now. An input that `pastes` does not overtake the clipboard. */
  send(channel: number, message: Uint8Array, pastes?: boolean): boolean;
  /** The host's window is full: what can wait should. */
  readonly isBlocked: boolean;
  /** What is said takes a direct path. */
  readonly isDirect: boolean;
  /** Bytes of messages that have not left. */
  readonly pendingBytes: number;
  run(work: Promise<void>): void;
  show(state: SessionState): void;
  refused(): void;
  end(reason: EndReason, text: string): void;
  /** The host has described a direct way, or named an address for it. */
  signalled(signal: WaySignal): void;
  /** A ping was not answered: the road is broken, although nobody said so. */
  silent(): void;
}

const second = 1_000_000;
const healthEvery = second / 2;
const pingEvery = 2 * second;
const pongPatience = 6 * second;
/** However much the host still sends: what we say does not arrive. */
const mostPongPatience = 15 * second;
/** After a wake the road is under suspicion. */
const wakePatience = 2 * second;
/** After a sleep of ours even more so: the host may have given us up, and what still comes was on its way before. */
const sleptPatience = second;

/**
 * What viewer and host say to each other inside the channel (session.md): the question and the grant, desktop, streams, cursor, clipboard,
 * input, acknowledgements, pings. Outlives breaks: `pause` at the break, `begin` after each handshake. Times are microseconds.
 */
export class Conversation {
  private readonly gate = new InputGate();
  private readonly meter = new HealthMeter();
  private details: SecuredDetails | undefined;
  private stream: StreamOpener | undefined;
  private grant: Grant = noGrant;
  private granted = false;
  /** Between a grant and the next break: input and acknowledgements may go. */
  private live = false;
  private lostText: string | undefined;
  /** Updates that are not on the screen yet, and how many of them came before the last break: those are not acknowledged any more. */
  private unpainted = 0;
  private lapsed = 0;
  private now = 0;
  private pingNumber = 0;
  private pingSent: number | undefined;
  private pingDue: number | undefined;
  private pongDue: number | undefined;
  /** Only the answer to the ping of our waking counts. */
  private hasSlept = false;
  private healthDue: number | undefined;

  constructor(private readonly out: ConversationOutput, private readonly owner: ConversationOwner) {}

  get deadlines(): readonly (number | undefined)[] {
    return [this.pingDue, this.pongDue, this.healthDue];
  }

  /** A handshake is done. A resumed session goes on where it was; its first record proves to the host that it is us. */
  begin(now: number, details: SecuredDetails, ask: Ask): void {
    this.now = now;
    this.details = details;
    this.stream = undefined;
    if (!details.resumed) {
      this.granted = false;
      this.control({ t: 'ask', ...ask });
    }
    this.ping();
  }

  /** Nothing moves until the next `begin`; what was underway is lost, and every key is up on the host. */
  pause(): void {
    this.live = false;
    this.lapsed = this.unpainted;
    this.gate.clear();
    this.meter.reset();
    this.pingSent = undefined;
    this.pingDue = undefined;
    this.pongDue = undefined;
    this.hasSlept = false;
    this.healthDue = undefined;
  }

  tick(now: number): void {
    this.now = now;
    if (this.healthDue !== undefined && now >= this.healthDue) {
      this.healthDue = now + healthEvery;
      if (this.live) this.out.health(this.meter.take(now, this.owner.isDirect ? 'direct' : 'relay'));
    }
    if (this.pongDue !== undefined && now >= this.pongDue) {
      this.pongDue = undefined;
      this.owner.silent();
    }
    if (this.pingDue !== undefined && now >= this.pingDue) this.ping();
  }

  wake(now: number): void {
    this.now = now;
    if (!this.live || this.hasSlept) return;
    this.ping();
    this.pongDue = now + wakePatience;
  }

  /** We stood still. An answer to what was asked before proves nothing of the road of now. */
  slept(now: number): void {
    this.now = now;
    if (this.pingDue === undefined) return;
    this.pingSent = undefined;
    this.ping();
    this.pongDue = now + sleptPatience;
    this.hasSlept = true;
  }

  received(bytes: number): void {
    this.meter.received(bytes);
  }

  /** A payload of the host's: the road works, and the answer to our ping may stand behind a large picture on a slow line. */
  heardFrom(now: number): void {
    if (this.pongDue === undefined || this.pingSent === undefined || this.hasSlept) return;
    this.pongDue = Math.max(this.pongDue, Math.min(now + pongPatience, this.pingSent + mostPongPatience));
  }

  // ---- What the person does.

  input(now: number, input: Input): void {
    this.now = now;
    if (!this.live || !this.grant.control) return;
    this.meter.input(now);
    if (this.owner.isBlocked) {
      this.gate.hold(input);
      return;
    }
    this.gate.pass(input);
    this.sendInput(input);
  }

  /** The window has opened again. */
  unblocked(): void {
    for (let input = this.gate.take(); input !== undefined; input = this.gate.take()) this.sendInput(input);
  }

  sendClipboard(selection: 0 | 1, text: string): void {
    if (!this.live || !this.grant.clipboard || !this.peerHas(Capability.clipboardText)) return;
    const message = writeClipboard(selection, text);
    if (message === undefined) this.out.notice('clipboard-too-big', 'That is more than 4 MiB of text; it was not sent to the other computer.');
    else if (this.owner.pendingBytes > waitingTextLimit) this.out.notice('clipboard-busy', 'The last text is still on its way to the other computer.');
    else this.owner.send(Channel.clipboard, message);
  }

  ask(ask: Ask): void {
    this.control({ t: 'ask', ...ask });
  }

  narrow(grant: Partial<Grant>): void {
    if (this.live) this.control({ t: 'narrow', ...grant });
  }

  monitor(id: number): void {
    if (this.live && this.peerHas(Capability.monitors)) this.control({ t: 'monitor', id });
  }

  painted(now: number, sequence: number, micros: number): void {
    this.meter.painted(now);
    if (this.unpainted > 0) this.unpainted--;
    if (this.lapsed > 0) this.lapsed--;
    else if (this.live) this.owner.send(Channel.feedback, writePainted(sequence, micros));
  }

  /** What we say of a direct way. */
  signal(signal: ({ t: 'direct' } & WayDescription) | ({ t: 'candidate' } & WayCandidate)): void {
    this.control(signal);
  }

  bye(reason: string): boolean {
    return this.control({ t: 'bye', reason });
  }

  // ---- What the host says. Throws ProtocolError for what it must not say.

  message(now: number, channel: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.now = now;
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
      case Channel.desktop: if (this.grant.view) this.update(bytes); break;
      default: throw new ProtocolError(`The other computer spoke on channel ${channel}, which is not its own.`);
    }
  }

  /** A whole 0x21 payload; one of a stream that we have left is ignored. */
  async streamRecord(payload: Uint8Array): Promise<void> {
    if (this.stream !== undefined && payload[1] === this.stream.stream) await this.stream.handle(payload);
  }

  private update(bytes: Uint8Array<ArrayBuffer>): void {
    this.unpainted++;
    this.out.update(bytes);
  }

  private heard(message: ControlIn): void {
    switch (message.t) {
      case 'asking': if (!this.granted) this.owner.show({ at: 'asking', checkDigits: this.checkDigits }); break;
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
      case 'line': this.meter.line(message.line); break;
      case 'direct': case 'candidate': this.owner.signalled(message); break;
      // The page asks for no size: what its window shows is scaled.
      case 'sized': break;
      case 'bye': this.byed(message.reason); break;
    }
  }

  private granting(grant: Grant): void {
    this.grant = grant;
    if (!grant.view) {
      this.live = false;
      if (this.granted) this.owner.end('stopped', 'The session was stopped at the other computer.');
      else this.owner.refused();
      return;
    }
    this.granted = true;
    if (!this.live) {
      this.live = true;
      this.healthDue = this.now + healthEvery;
    }
    if (!grant.control) this.gate.clear();
    this.showLive();
  }

  private byed(reason: string): void {
    switch (reason) {
      case 'refused': this.owner.refused(); break;
      case 'stopped': this.owner.end('stopped', 'The session was stopped at the other computer.'); break;
      case 'too-slow': this.owner.end('too-slow', 'This connection could not keep up with the other computer.'); break;
      case 'protocol': this.owner.end('protocol', 'The other computer did not understand what this page sent.'); break;
      case 'idle': this.owner.end('idle', 'Nothing happened for a long time.'); break;
      default: this.owner.end('closed', 'Alongside was closed on the other computer.'); break;
    }
  }

  /** A new stream takes the place of the old one; the next epoch of the same stream is only another key. */
  private openStream(id: number, epoch: number, secret: Uint8Array<ArrayBuffer>, counter: number): void {
    if (this.stream?.stream !== id) {
      const stream: StreamOpener = new StreamOpener(
        id,
        (bytes) => { if (this.stream === stream && this.live) this.update(bytes); },
        (reason) => { if (this.stream === stream) this.owner.end('protocol', reason); },
      );
      this.stream = stream;
    }
    this.owner.run(this.stream.setKey(epoch, secret, counter));
  }

  private control(message: ControlOut): boolean {
    return this.owner.send(Channel.control, writeControl(message));
  }

  private sendInput(input: Input): void {
    const pastes = input.t === 'key' && input.pastes === true;
    for (const message of writeInput(input, this.details?.peerCapabilities ?? [])) this.owner.send(Channel.input, message, pastes);
  }

  private ping(): void {
    this.pingDue = this.now + pingEvery;
    if (this.pingSent !== undefined || !this.control({ t: 'ping', n: this.pingNumber + 1 })) return;
    this.pingNumber++;
    this.pingSent = this.now;
    this.pongDue = this.now + pongPatience;
  }

  private ponged(n: number): void {
    if (n !== this.pingNumber || this.pingSent === undefined) return;
    this.meter.pong(this.now - this.pingSent);
    this.pingSent = undefined;
    this.pongDue = undefined;
    this.hasSlept = false;
  }

  private showLive(): void {
    if (!this.live) return;
    if (this.lostText !== undefined) this.owner.show({ at: 'lost', text: this.lostText });
    else this.owner.show({ at: 'live', grant: this.grant, checkDigits: this.checkDigits });
  }

  private get checkDigits(): string {
    return this.details?.checkDigits ?? '';
  }

  private peerHas(capability: number): boolean {
    return this.details?.peerCapabilities.includes(capability) ?? false;
  }
}
