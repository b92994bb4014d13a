import { SecurePeer, type SecurePeerOptions } from '../../src/core/secure/peer.ts';
import {
  CredentialKind, type Credential, type CredentialBook, type RefuseReason, type SecuredDetails, type SecureListener,
} from '../../src/core/secure/types.ts';

/** What one side was told, and what it wants to send. */
export class Told implements SecureListener {
  readonly payloads: Uint8Array<ArrayBuffer>[] = [];
  readonly details: SecuredDetails[] = [];
  readonly messages: { channel: number; bytes: Uint8Array }[] = [];
  readonly refusals: RefuseReason[] = [];
  readonly ends: string[] = [];

  payload(bytes: Uint8Array<ArrayBuffer>): void {
    this.payloads.push(bytes);
  }

  secured(details: SecuredDetails): void {
    this.details.push(details);
  }

  message(channel: number, bytes: Uint8Array): void {
    this.messages.push({ channel, bytes });
  }

  refused(reason: RefuseReason): void {
    this.refusals.push(reason);
  }

  ended(reason: string): void {
    this.ends.push(reason);
  }
}

export class TestBook implements CredentialBook {
  readonly told: string[] = [];
  private readonly known = new Map<string, Credential>();

  add(credential: Credential): void {
    this.known.set(`${credential.kind} ${credential.place}`, credential);
  }

  find(kind: CredentialKind, place: string): Credential | undefined {
    return this.known.get(`${kind} ${place}`);
  }

  attempted(kind: CredentialKind, place: string): void {
    this.told.push(`attempted ${kind}`);
    if (kind === CredentialKind.code) this.known.delete(`${kind} ${place}`);
  }

  finished(kind: CredentialKind, _place: string, good: boolean): void {
    this.told.push(`finished ${kind} ${good}`);
  }
}

export function code(secret: string): Credential {
  return { kind: CredentialKind.code, place: '482', secret: new TextEncoder().encode(secret) };
}

export function link(secret = 'AAECAwQFBgcICQoLDA0ODw'): Credential {
  return { kind: CredentialKind.link, place: 'EBESExQVFhcYGRobHB0eHw', secret: new TextEncoder().encode(secret) };
}

/** A viewer and a host in memory. Payloads move when a test says so. */
export class Pair {
  now = 5_000_000;
  readonly book = new TestBook();
  readonly viewerTold = new Told();
  readonly hostTold = new Told();
  readonly viewer: SecurePeer;
  readonly host: SecurePeer;

  constructor(viewers: Credential = code('190573'), hosts: Credential = code('190573'), options: SecurePeerOptions = {}) {
    this.book.add(hosts);
    this.viewer = SecurePeer.viewer(viewers, [1, 2, 3], this.viewerTold, options);
    this.host = SecurePeer.host(this.book, [4, 1, 2, 1], this.hostTold, options);
  }

  static async secured(options: SecurePeerOptions = {}): Promise<Pair> {
    const pair = new Pair(undefined, undefined, options);
    await pair.viewer.start(pair.now);
    await pair.exchange();
    return pair;
  }

  /** Carries payloads both ways until there are none. */
  async exchange(): Promise<void> {
    for (;;) {
      await settled();
      const [fromViewer, fromHost] = [this.viewerTold.payloads.splice(0), this.hostTold.payloads.splice(0)];
      if (fromViewer.length + fromHost.length === 0) return;
      await Promise.all([
        ...fromViewer.map((payload) => this.host.handle(this.now, payload)),
        ...fromHost.map((payload) => this.viewer.handle(this.now, payload)),
      ]);
    }
  }

  /** The payloads one side has ready. */
  async take(from: 'viewer' | 'host'): Promise<Uint8Array<ArrayBuffer>[]> {
    await settled();
    return (from === 'viewer' ? this.viewerTold : this.hostTold).payloads.splice(0);
  }
}

/** Waits until what was given to WebCrypto has come back: a sentinel through the same queue, a few times over. */
async function settled(): Promise<void> {
  for (let i = 0; i < 6; i++) {
    await crypto.subtle.digest('SHA-256', new Uint8Array(1));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** For long messages: comparing them member by member takes seconds. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
