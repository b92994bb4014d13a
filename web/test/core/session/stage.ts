// A viewer's session, a relay and a host in one process: virtual time, real keys. The host is made of the host role of SecurePeer
// and says what a test tells it to.
import { createCipheriv, createHmac } from 'node:crypto';
import { SecurePeer } from '../../../src/core/secure/peer.ts';
import { secretBytes } from '../../../src/core/secure/room-code.ts';
import { CredentialKind, type Credential } from '../../../src/core/secure/types.ts';
import type { Desktop } from '../../../src/core/session/desktop.ts';
import type { Health } from '../../../src/core/session/health-meter.ts';
import type { CursorIn } from '../../../src/core/session/messages.ts';
import type { SessionState } from '../../../src/core/session/state.ts';
import type { Ask, OpenCode, Ticket } from '../../../src/core/session/ticket.ts';
import type { SessionOutput, Start } from '../../../src/core/session/session-output.ts';
import { ViewerSession } from '../../../src/core/session/viewer-session.ts';

export const room = 'AAAAAAAAAAAAAAAAAAAAAA';
export const linkSecret = 'abcdefghijklmnopqrstuv';
export const ask: Ask = { name: 'Anna', view: true, control: true, clipboard: true };
export const all = { view: true, control: true, clipboard: true } as const;
export const desktop = {
  t: 'desktop', name: 'Front desk', width: 1920, height: 1080, shows: 0,
  monitors: [{ id: 1, name: 'DP-1', x: 0, y: 0, width: 1920, height: 1080, primary: true }],
};
export const streamKey = new Uint8Array(32).fill(5);
const token = 'BBBBBBBBBBBBBBBBBBBBBB';

export const linkStart: Start = { t: 'join', relay: 'ws://test/relay', place: { kind: 'link', room }, secret: linkSecret, ask };

export function codeStart(secret: string): Start {
  return { t: 'join', relay: 'ws://test/relay', place: { kind: 'code', number: '482' }, secret, ask };
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Waits for what the ciphers are still working on; fails instead of hanging. */
export async function until(what: string, met: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!met()) {
    if (Date.now() > end) throw new Error(`Waited in vain for: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets everything that is underway arrive: what is asked of the ciphers last is answered behind the rest, however busy the machine is. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) {
    await crypto.subtle.digest('SHA-256', new Uint8Array(1));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

export class HostDouble {
  readonly book = new Map<string, Credential>();
  readonly control: Record<string, unknown>[] = [];
  readonly input: string[] = [];
  readonly painted: number[] = [];
  readonly clipboard: string[] = [];
  readonly attempts: string[] = [];
  readonly results: boolean[] = [];
  refusals = 0;
  private leaving: { payload?: Uint8Array }[] = [];
  secured = 0;
  peer: SecurePeer;
  /** What the viewer sent is read, but nothing answered. */
  deaf = false;

  constructor(readonly stage: Stage, readonly member: number) {
    this.peer = this.makePeer();
  }

  trust(kind: number, place: string, secret: Uint8Array): void {
    this.book.set(`${kind}/${place}`, { kind: kind as Credential['kind'], place, secret });
  }

  trustLink(): void {
    this.trust(CredentialKind.link, room, secretBytes(linkSecret));
  }

  trustCode(number: string, digits: string): void {
    this.trust(CredentialKind.code, number, secretBytes(digits));
  }

  say(message: object): void {
    this.send(0, new TextEncoder().encode(JSON.stringify(message)));
  }

  /** One short message is one record; what is sent keeps its order among stream records, which are sealed at once here. */
  send(channel: number, bytes: Uint8Array): void {
    this.leaving.push({});
    if (!this.peer.send(this.stage.now, channel, bytes)) throw new Error('The host has no session to send on.');
  }

  grant(grant: object = all): void {
    this.say({ t: 'grant', ...grant });
  }

  /** Seals as secure.md says, apart from the code under test. */
  stream(stream: number, epoch: number, secret: Uint8Array, counter: number, update: Uint8Array): void {
    const info = (label: string): Buffer => createHmac('sha256', secret).update(`alongside/1 ${label}`).update(Uint8Array.of(1)).digest();
    const nonce = info('stream iv').subarray(0, 12);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ counter) >>> 0, 8);
    const header = Buffer.alloc(8);
    header.writeUInt8(0x21, 0);
    header.writeUInt8(stream, 1);
    header.writeUInt16BE(epoch, 2);
    header.writeUInt32BE(counter, 4);
    const cipher = createCipheriv('aes-256-gcm', info('stream key'), nonce);
    cipher.setAAD(header);
    const sealed = Buffer.concat([header, cipher.update(Buffer.concat([Uint8Array.of(1), update])), cipher.final(), cipher.getAuthTag()]);
    this.leaving.push({ payload: new Uint8Array(sealed) });
    this.drain();
  }

  streamKey(stream: number, epoch: number, secret: Uint8Array, counter: number): void {
    this.say({ t: 'stream', stream, epoch, secret: Buffer.from(secret).toString('base64url'), counter });
  }

  /** A host that was away: the running session is gone, what it remembers is the book. */
  restart(): void {
    this.peer.close();
    this.leaving = [];
    this.peer = this.makePeer();
  }

  private makePeer(): SecurePeer {
    const peer: SecurePeer = SecurePeer.host(
      {
        find: (kind, place) => this.book.get(`${kind}/${place}`),
        attempted: (kind, place) => {
          this.attempts.push(`${kind}/${place}`);
          if (kind === CredentialKind.code) this.book.delete(`${kind}/${place}`);
        },
        finished: (_, __, good) => this.results.push(good),
      },
      [1, 2, 3, 4],
      {
        payload: (bytes) => {
          const place = bytes[0] === 0x20 ? this.leaving.find((entry) => entry.payload === undefined) : undefined;
          if (place === undefined) this.leave(bytes);
          else place.payload = bytes;
          this.drain();
        },
        secured: (details) => {
          this.secured++;
          this.trust(CredentialKind.resume, details.resumeCredential.place, details.resumeCredential.secret);
        },
        message: (channel, bytes) => this.heard(channel, bytes),
        refused: () => { this.refusals++; },
        ended: () => undefined,
      },
    );
    return peer;
  }

  private drain(): void {
    for (let next = this.leaving[0]?.payload; next !== undefined; next = this.leaving[0]?.payload) {
      this.leaving.shift();
      this.leave(next);
    }
  }

  private leave(payload: Uint8Array): void {
    if (!this.deaf) this.stage.toViewer(this.member, payload);
  }

  private heard(channel: number, bytes: Uint8Array): void {
    if (channel === 0) {
      const message = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
      if (message['t'] === 'ping' && !this.deaf) this.say({ t: 'pong', n: message['n'] });
      else if (message['t'] !== 'ping') this.control.push(message);
    } else if (channel === 1) this.input.push(Buffer.from(bytes).toString('hex'));
    else if (channel === 2) this.painted.push(new DataView(bytes.buffer, bytes.byteOffset).getUint32(1));
    else if (channel === 4) this.clipboard.push(new TextDecoder().decode(bytes.subarray(2)));
  }
}

export class Stage implements SessionOutput {
  now = 1_000_000;
  readonly states: SessionState[] = [];
  readonly codes: OpenCode[] = [];
  readonly updates: string[] = [];
  readonly desktops: Desktop[] = [];
  readonly cursors: CursorIn[] = [];
  readonly clipboards: string[] = [];
  readonly notices: string[] = [];
  readonly healths: Health[] = [];
  readonly texts: Record<string, unknown>[] = [];
  /** Every byte the server saw. */
  readonly wire: Buffer[] = [];
  readonly hosts = new Map<number, HostDouble>();
  readonly away = new Set<number>();
  tickets: (Ticket | undefined)[] = [];
  session: ViewerSession;
  window = 1_048_576;
  serverUp = true;
  /** Credit is given back at once unless a test holds it. */
  holdCredit = false;
  held = 0;
  private connected = false;
  private numbers = 481;

  constructor(start: Start) {
    this.session = new ViewerSession(start, this);
  }

  get at(): SessionState | undefined {
    return this.states.at(-1);
  }

  get ats(): string[] {
    return this.states.map((state) => state.at);
  }

  /** A host that joined the room with what it trusts. */
  host(member = 1): HostDouble {
    const host = new HostDouble(this, member);
    this.hosts.set(member, host);
    return host;
  }

  start(): this {
    this.session.start(this.now);
    return this;
  }

  /** Another page takes over what this one left: a reload. */
  reload(): void {
    const ticket = this.tickets.at(-1);
    if (ticket === undefined) throw new Error('There is no ticket to come back with.');
    this.connected = false;
    this.session = new ViewerSession({ t: 'resume', ticket: structuredClone(ticket) }, this);
    this.states.length = 0;
    this.start();
  }

  cut(code = 1006): void {
    this.connected = false;
    this.session.socketClosed(this.now, code, true);
  }

  announce(message: object): void {
    if (this.connected) this.session.socketText(this.now, JSON.stringify(message));
  }

  hostLeaves(member: number, gone: boolean): void {
    this.away.add(member);
    if (gone) this.hosts.delete(member);
    this.announce({ t: 'left', member, gone });
  }

  hostArrives(member: number): void {
    this.away.delete(member);
    this.announce({ t: 'arrived', member, role: 'host' });
  }

  /** Virtual time, through every deadline. */
  async advance(micros: number): Promise<void> {
    const end = this.now + micros;
    for (;;) {
      await settle();
      const due = this.session.deadline;
      if (due === undefined || due > end) break;
      this.now = Math.max(this.now, due);
      this.session.tick(this.now);
    }
    this.now = end;
  }

  toViewer(from: number, payload: Uint8Array): void {
    if (!this.connected) return;
    const frame = new Uint8Array(3 + payload.length);
    frame.set([1, from >> 8, from & 0xff]);
    frame.set(payload, 3);
    this.wire.push(Buffer.from(frame));
    this.session.socketBinary(this.now, frame);
  }

  giveCredit(): void {
    const bytes = this.held;
    this.held = 0;
    const frame = new Uint8Array(7);
    new DataView(frame.buffer).setUint8(0, 2);
    new DataView(frame.buffer).setUint16(1, 1);
    new DataView(frame.buffer).setUint32(3, bytes);
    this.session.socketBinary(this.now, frame);
  }

  // ---- What the session wants.

  connect(): void {
    queueMicrotask(() => {
      if (!this.serverUp) {
        this.session.socketClosed(this.now, 1006, true);
        return;
      }
      this.connected = true;
      this.session.socketOpened(this.now);
    });
  }

  disconnect(): void { this.connected = false; }

  sendText(text: string): void {
    this.wire.push(Buffer.from(text));
    const message = JSON.parse(text) as Record<string, unknown>;
    this.texts.push(message);
    const members = [...this.hosts.keys()].map((member) => ({ member, role: 'host', here: !this.away.has(member) }));
    const own = { room, token, window: this.window };
    queueMicrotask(() => {
      switch (message['t']) {
        case 'open': this.announce({ t: 'opened', ...own, member: 7, number: String(++this.numbers), seconds: 600 }); break;
        case 'join': case 'rejoin': this.announce({ t: 'joined', ...own, member: 7, members }); break;
        case 'number': this.announce({ t: 'number', number: String(++this.numbers), seconds: 600 }); break;
        case 'remove': this.hosts.delete(Number(message['member'])); this.announce({ t: 'left', member: message['member'], gone: true }); break;
      }
    });
  }

  sendBinary(bytes: Uint8Array<ArrayBuffer>): void {
    this.wire.push(Buffer.from(bytes));
    const member = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    const payload = bytes.slice(4);
    if (!this.away.has(member)) void this.hosts.get(member)?.peer.handle(this.now, payload);
    this.held += payload.length;
    if (!this.holdCredit) queueMicrotask(() => { if (this.connected) this.giveCredit(); });
  }

  update(bytes: Uint8Array<ArrayBuffer>): void { this.updates.push(new TextDecoder().decode(bytes)); }
  schedule(): void {}
  code(code: OpenCode): void { this.codes.push(code); }
  desktop(desktop: Desktop): void { this.desktops.push(desktop); }
  cursor(cursor: CursorIn): void { this.cursors.push(cursor); }
  clipboard(_: 0 | 1, text: string): void { this.clipboards.push(text); }
  notice(code: string): void { this.notices.push(code); }
  health(health: Health): void { this.healths.push(health); }
  ticket(ticket: Ticket | undefined): void { this.tickets.push(ticket); }
  state(state: SessionState): void { this.states.push(state); }
}

/** By link, granted all, with a desktop and a stream. `more` is what else the session's output has. */
export async function live(more: object = {}): Promise<{ stage: Stage; host: HostDouble }> {
  const stage = Object.assign(new Stage(linkStart), more);
  const host = stage.host();
  host.trustLink();
  stage.start();
  await until('the question', () => host.control.length > 0);
  host.grant();
  host.say(desktop);
  host.streamKey(1, 0, streamKey, 0);
  await until('live', () => stage.at?.at === 'live' && stage.desktops.length === 1);
  return { stage, host };
}
