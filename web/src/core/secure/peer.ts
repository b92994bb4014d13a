import { ProtocolError } from '../wire/reader.ts';
import type { SecureRole } from './channels.ts';
import { HostHandshake, patience, ViewerHandshake } from './handshake.ts';
import { boundVersion, knownVersions, PayloadKind, readRefuse, readViewerHello, sortedNumbers } from './hello.ts';
import type { KeySchedule } from './key-schedule.ts';
import { concat } from './length-prefixed.ts';
import { defaultLimits, type Opened, type RecordLimits } from './pair-records.ts';
import { PairSession } from './pair-session.ts';
import { systemRandomness, type Randomness } from './randomness.ts';
import { CredentialKind, RefuseReason, type Credential, type CredentialBook, type SecuredDetails, type SecureListener } from './types.ts';

/** For tests: fixed randomness, small limits. */
export interface SecurePeerOptions {
  readonly randomness?: Randomness;
  readonly limits?: RecordLimits;
  /** Of a peer from before, that knows fewer. Ascending. */
  readonly versions?: readonly number[];
}

/** How many records may be in WebCrypto's hands at once on their way out. */
const maxSealing = 4;

/**
 * One side of one pair, whole: handshakes, keys, records, messages (docs/protocol/secure.md). Times are microseconds of one monotonic clock.
 * WebCrypto is asynchronous, so what arrives goes through one queue and is told in its order; records are decrypted side by side.
 *
 * A new handshake runs beside a running session and replaces it only when it has finished. While a viewer's handshake is underway the
 * viewer sends nothing else. The path must keep order: a record that is not the next one ends the session.
 */
export class SecurePeer {
  private session: PairSession | undefined;
  private asViewer: ViewerHandshake | undefined;
  private asHost: HostHandshake | undefined;
  private credential: Credential | undefined;
  private lastDetails: SecuredDetails | undefined;
  private handshakeDeadline = 0;
  private now = 0;
  private resumeUnproven = false;
  private closed = false;
  private isHeld = false;
  private sealing = 0;
  /** What has arrived and may still change the session: while there is any, records wait for it. */
  private waiting = 0;
  private arrivals: Promise<void> = Promise.resolve();
  private departures: Promise<void> = Promise.resolve();
  /** A record of it did not leave, so that none after it may. */
  private cut: PairSession | undefined;
  private readonly capabilities: readonly number[];
  private readonly randomness: Randomness;
  private readonly limits: RecordLimits;
  private readonly versions: readonly number[];

  private constructor(
    private readonly role: SecureRole, capabilities: readonly number[], private readonly listener: SecureListener,
    private readonly book: CredentialBook | undefined, options: SecurePeerOptions,
  ) {
    this.capabilities = sortedNumbers(capabilities);
    this.randomness = options.randomness ?? systemRandomness;
    this.limits = options.limits ?? defaultLimits;
    this.versions = options.versions ?? knownVersions;
  }

  static viewer(
    credential: Credential, capabilities: readonly number[], listener: SecureListener, options: SecurePeerOptions = {},
  ): SecurePeer {
    const peer = new SecurePeer('viewer', capabilities, listener, undefined, options);
    peer.credential = credential;
    return peer;
  }

  static host(book: CredentialBook, capabilities: readonly number[], listener: SecureListener, options: SecurePeerOptions = {}): SecurePeer {
    return new SecurePeer('host', capabilities, listener, book, options);
  }

  /** A session runs: messages arrive, and can be sent unless a viewer's new handshake is underway. */
  get isSecured(): boolean {
    return this.session !== undefined;
  }

  get isHandshaking(): boolean {
    return this.asViewer !== undefined || this.asHost !== undefined;
  }

  /** Of the running session, or of the last one. */
  get details(): SecuredDetails | undefined {
    return this.lastDetails;
  }

  /** For coming back after a break: of the running session, or of the last one. */
  get resumeCredential(): Credential | undefined {
    return this.lastDetails?.resumeCredential;
  }

  /** When `tick` is due; undefined: nothing is due. */
  get nextDeadline(): number | undefined {
    return this.isHandshaking ? this.handshakeDeadline : undefined;
  }

  /** Bytes of messages that were sent but have not been sealed. */
  get pendingBytes(): number {
    return this.session?.queue.bytes ?? 0;
  }

  /** While true no records are made: messages wait, and short ones may overtake long ones. For a path that is full. */
  get held(): boolean {
    return this.isHeld;
  }

  set held(held: boolean) {
    this.isHeld = held;
    this.pump();
  }

  /**
   * Viewer only: says Hello, in place of a handshake that is underway. With the credential given, else with the resume credential if there
   * has been a session, else with the one from the beginning. Rejects when that is a code that has had its one attempt.
   */
  start(now: number, credential?: Credential): Promise<void> {
    this.now = now;
    return this.inTurn(async () => {
      if (this.role !== 'viewer') throw new Error('The viewer speaks first.');
      this.forgetHandshake();
      this.credential = credential ?? this.resumeCredential ?? this.credential;
      if (!this.credential) throw new Error('The code has had its one attempt.');
      this.asViewer = new ViewerHandshake(this.credential, this.versions, this.capabilities, this.randomness);
      this.handshakeDeadline = now + patience;
      this.emit(this.asViewer.hello);
    });
  }

  /**
   * Takes one payload that arrived and now belongs to the peer. Payloads are worked on in the order given, whether or not the caller waits.
   * Rejects only when the listener throws.
   */
  handle(now: number, payload: Uint8Array): Promise<void> {
    this.now = now;
    if (payload[0] === PayloadKind.pairRecord && this.waiting === 0) {
      const session = this.session;
      if (!session) return this.arrivals;
      return this.enqueue(session, session.open(payload));
    }
    return this.inTurn(() => this.process(payload));
  }

  /** Tells the time; due at `nextDeadline`. */
  tick(now: number): Promise<void> {
    this.now = now;
    return this.inTurn(async () => {
      if (this.isHandshaking && this.now >= this.handshakeDeadline) this.failHandshake('The other side did not answer.');
    });
  }

  /**
   * Queues a message; it is copied. An input that `pastes` follows the clipboards before it (SendQueue). False: there is no session, or a viewer's handshake is underway; nothing was kept.
   * Throws when the channel does not lead there or the message is over its budget.
   */
  send(now: number, channel: number, message: Uint8Array, pastes = false): boolean {
    this.now = now;
    if (!this.session || this.asViewer) return false;
    this.session.send(channel, message, pastes);
    this.pump();
    return true;
  }

  /** Forgets all keys; nothing is told any more. */
  close(): void {
    this.forgetHandshake();
    this.closed = true;
    this.session = undefined;
  }

  /** Works on one thing after all that came before; records that come later wait for it. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    this.waiting++;
    const done = this.arrivals.then(async () => {
      try {
        if (!this.closed) await work();
      } finally {
        this.waiting--;
        this.pump();
      }
    });
    this.arrivals = done.catch(() => undefined);
    return done;
  }

  private enqueue(session: PairSession, opening: Promise<Opened>): Promise<void> {
    // Its failure is met in its turn; until then it must not count as unhandled.
    opening.catch(() => undefined);
    const done = this.arrivals.then(() => this.deliver(session, opening));
    this.arrivals = done.catch(() => undefined);
    return done;
  }

  private async deliver(session: PairSession, opening: Promise<Opened>): Promise<void> {
    if (this.session !== session) return;
    let channel: number;
    let message: Uint8Array<ArrayBuffer> | undefined;
    try {
      const opened = await opening;
      if (this.session !== session) return;
      channel = opened.channel;
      message = session.assemble(opened);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (this.session === session) this.endSession(error.message);
      return;
    }
    if (this.resumeUnproven) {
      this.resumeUnproven = false;
      this.book!.finished(session.details.credentialKind, session.details.place, true);
    }
    if (message) this.listener.message(channel, message);
    session.told();
  }

  private async process(payload: Uint8Array): Promise<void> {
    if (payload[0] === PayloadKind.pairRecord) {
      if (this.session) await this.deliver(this.session, this.session.open(payload));
      return;
    }
    let tell: (() => void) | undefined;
    try {
      tell = this.role === 'viewer' ? await this.onHostSays(payload) : await this.onViewerSays(payload);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (!this.closed) this.failHandshake(error.message);
      return;
    }
    tell?.();
  }

  /** Returns what is to be told once all is in place. */
  private async onHostSays(payload: Uint8Array): Promise<(() => void) | undefined> {
    const handshake = this.asViewer;
    // Without one: left over from a handshake that is no more, or forged; in the clear, so it can't be held against the session.
    if (!handshake || handshake.isLate(payload)) return undefined;
    switch (payload[0]) {
      case PayloadKind.hostHello: {
        const answer = await handshake.answer(payload);
        this.handshakeDeadline = this.now + patience;
        this.emit(answer);
        return undefined;
      }
      case PayloadKind.hostFinish: {
        const keys = handshake.finish(payload);
        this.forgetHandshake();
        if (!keys) return () => this.listener.refused(RefuseReason.confirmation);
        const { kind, place } = handshake.credential;
        return this.replace(keys, kind, place, handshake.hostCapabilities);
      }
      case PayloadKind.refuse: {
        const reason = readRefuse(payload) as RefuseReason;
        this.forgetHandshake();
        return () => this.listener.refused(reason);
      }
      default: throw new ProtocolError('The host sent something that hosts don\'t send.');
    }
  }

  private async onViewerSays(payload: Uint8Array): Promise<(() => void) | undefined> {
    switch (payload[0]) {
      case PayloadKind.viewerHello: return this.onViewerHello(payload);
      // Without a handshake: it took too long, or another came after it.
      case PayloadKind.viewerFinish: return this.asHost && this.onViewerFinish(this.asHost, payload);
      default: throw new ProtocolError('The viewer sent something that viewers don\'t send.');
    }
  }

  private async onViewerHello(payload: Uint8Array): Promise<(() => void) | undefined> {
    const hello = readViewerHello(payload);
    const kind = Object.values(CredentialKind).find((k) => k === hello.credential);
    const common = hello.versions.filter((v) => this.versions.includes(v));
    const answered = common.includes(boundVersion) ? hello.nonce : new Uint8Array(0);
    if (common.length === 0) return this.refuse(RefuseReason.version, answered);
    const known = kind && this.book!.find(kind, hello.place);
    if (!known) return this.refuse(RefuseReason.credential, answered);
    this.forgetHandshake();
    this.book!.attempted(kind, hello.place);
    this.asHost = await HostHandshake.begin(common.at(-1)!, payload, hello, known, this.capabilities, this.randomness);
    this.handshakeDeadline = this.now + patience;
    this.emit(this.asHost.answer);
    return undefined;
  }

  private async onViewerFinish(handshake: HostHandshake, payload: Uint8Array): Promise<(() => void) | undefined> {
    const keys = await handshake.finish(payload);
    if (!keys) {
      this.forgetHandshake();
      return this.refuse(RefuseReason.confirmation, handshake.answered);
    }
    this.asHost = undefined;
    this.emit(concat(Uint8Array.of(PayloadKind.hostFinish), handshake.answered, keys.hostConfirm()));
    const tell = this.replace(keys, handshake.kind, handshake.place, handshake.viewerCapabilities);
    this.resumeUnproven = handshake.kind === CredentialKind.resume;
    if (!this.resumeUnproven) this.book!.finished(handshake.kind, handshake.place, true);
    return tell;
  }

  private replace(keys: KeySchedule, kind: CredentialKind, place: string, peerCapabilities: readonly number[]): () => void {
    const details: SecuredDetails = {
      checkDigits: keys.checkDigits(), peerCapabilities, credentialKind: kind, place,
      resumed: kind === CredentialKind.resume, resumeCredential: keys.resume(),
    };
    this.lastDetails = details;
    this.session = new PairSession(this.role, keys, details, this.now, this.limits);
    return () => this.listener.secured(details);
  }

  private refuse(reason: RefuseReason, answered: Uint8Array): () => void {
    this.emit(concat(Uint8Array.of(PayloadKind.refuse, reason), answered));
    return () => this.listener.refused(reason);
  }

  /** The handshake came to nothing. With a session beside it only a viewer is told: it asked, a host did not. */
  private failHandshake(reason: string): void {
    const underway = this.isHandshaking;
    this.forgetHandshake();
    if (!this.session || (underway && this.role === 'viewer')) this.listener.ended(reason);
  }

  private forgetHandshake(): void {
    if (this.asViewer) {
      const { hasConfirmed, credential } = this.asViewer;
      this.asViewer = undefined;
      // Whoever answered has had their guess: the code must not be tried against a second one.
      if (hasConfirmed && credential === this.credential && credential.kind === CredentialKind.code) this.credential = undefined;
    }
    if (this.asHost) {
      const { kind, place } = this.asHost;
      this.asHost = undefined;
      this.book!.finished(kind, place, false);
    }
  }

  /** The session is over; a handshake beside it goes on. A viewer that has asked for a new session is not told of the old one's end. */
  private endSession(reason: string): void {
    this.session = undefined;
    if (!this.asViewer) this.listener.ended(reason);
  }

  /** Seals what waits. Records are numbered here and leave in that order. */
  private pump(): void {
    while (!this.isHeld && this.session && !this.asViewer && this.sealing < maxSealing) {
      let sealed: Promise<Uint8Array<ArrayBuffer>> | undefined;
      try {
        sealed = this.session.seal(this.now);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        this.endSession(error.message);
        return;
      }
      if (!sealed) return;
      this.sealing++;
      this.emit(sealed, this.session);
    }
  }

  /** What does not leave takes with it what it belongs to: the session, whose next record would be one too far, or the handshake. */
  private emit(payload: Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>, session?: PairSession): void {
    this.departures = this.departures.then(async () => {
      try {
        const bytes = await payload;
        if (!this.closed && (!session || session !== this.cut)) this.listener.payload(bytes);
      } finally {
        if (session) this.sealing--;
      }
      if (!session) return;
      session.sealed();
      this.pump();
    }).catch((error: unknown) => {
      const reason = `What was to be sent did not leave: ${error instanceof Error ? error.message : String(error)}`;
      if (this.closed) return;
      if (!session) {
        if (this.isHandshaking) this.failHandshake(reason);
        return;
      }
      this.cut = session;
      if (session === this.session) this.endSession(reason);
      this.pump();
    });
  }
}
