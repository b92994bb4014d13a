import { PayloadKind } from '../secure/hello.ts';
import { SecurePeer } from '../secure/peer.ts';
import type { Credential, SecureListener } from '../secure/types.ts';
import { Arrivals } from './arrivals.ts';

/** What may wait for its turn between arrival and decryption: one whole desktop update and its neighbours. */
const arrivalBudget = 72 * 1024 * 1024;

export interface HostChannelOutput extends SecureListener {
  /** Microseconds: when what has its turn is worked on. */
  readonly now: number;
  /** A stream record whose turn has come. */
  streamRecord(payload: Uint8Array): Promise<void>;
  /** Work has begun that goes on after the call. Resolves when it is done, well or not. */
  settle(work: Promise<void>): Promise<void>;
}

/** Our end of the secure channel to one host: the peer, and the order of what arrives for it and for its streams. Once closed it tells nothing. */
export class HostChannel {
  private readonly peer: SecurePeer;
  private readonly arrivals: Arrivals;
  private closed = false;
  private deaf = false;

  constructor(credential: Credential, capabilities: readonly number[], private readonly out: HostChannelOutput) {
    this.peer = SecurePeer.viewer(credential, capabilities, {
      payload: (bytes) => { if (!this.closed) out.payload(bytes); },
      secured: (details) => { if (!this.closed) out.secured(details); },
      message: (channel, bytes) => { if (!this.closed) out.message(channel, bytes); },
      refused: (reason) => { if (!this.closed) out.refused(reason); },
      ended: (reason) => { if (!this.closed) out.ended(reason); },
    });
    this.arrivals = new Arrivals((kind, payload) => this.work(kind, payload), arrivalBudget);
  }

  get isSecured(): boolean {
    return this.peer.isSecured;
  }

  get deadline(): number | undefined {
    return this.peer.nextDeadline;
  }

  get pendingBytes(): number {
    return this.peer.pendingBytes;
  }

  start(now: number, credential: Credential): Promise<void> {
    return this.peer.start(now, credential);
  }

  tick(now: number): Promise<void> {
    return this.peer.tick(now);
  }

  send(now: number, channel: number, message: Uint8Array, pastes: boolean): boolean {
    return this.peer.send(now, channel, message, pastes);
  }

  /** True: messages wait unsealed, where short ones overtake long ones. */
  hold(held: boolean): void {
    if (this.peer.held !== held) this.peer.held = held;
  }

  /** A payload of the host, in its order. False when more waits than can be taken in. */
  take(payload: Uint8Array<ArrayBuffer>): boolean {
    return this.arrivals.add(payload[0] === PayloadKind.streamRecord ? 'stream' : 'pair', payload);
  }

  /** From now on nothing is taken in; what is to be sent still leaves. */
  deafen(): void {
    this.deaf = true;
  }

  close(): void {
    this.closed = true;
    this.peer.close();
  }

  private work(kind: 'pair' | 'stream', payload: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.closed || this.deaf) return Promise.resolve();
    return this.out.settle(kind === 'pair' ? this.peer.handle(this.out.now, payload) : this.out.streamRecord(payload));
  }
}
