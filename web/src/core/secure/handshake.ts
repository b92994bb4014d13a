import { sha256 } from '@noble/hashes/sha2.js';
import { ProtocolError } from '../wire/reader.ts';
import { generator, sessionKey, share, sharedSecret } from './cpace.ts';
import {
  answersAnother, boundVersion, nonceLength, PayloadKind, readHostFinish, readHostHello, readViewerFinish, writeHostHelloHead, writeViewerHello, type ViewerHello,
} from './hello.ts';
import { KeySchedule } from './key-schedule.ts';
import { ascii, concat, equalBytes, joinPrefixed } from './length-prefixed.ts';
import type { Randomness, Scalar } from './randomness.ts';
import type { Credential, CredentialKind } from './types.ts';

/** A handshake in which nothing arrives for this long, in microseconds, ends. */
export const patience = 15_000_000;

/** CPace's CI: what application, which roles, which credential. */
export function channelIdentifier(kind: CredentialKind, place: string): Uint8Array {
  return joinPrefixed(ascii('alongside/1'), ascii('viewer'), ascii('host'), Uint8Array.of(kind), ascii(place));
}

/** The keys, once both shares are known. `hostHello` is the 0x11 message without the share. */
export function handshakeKeys(
  viewerHello: Uint8Array, hostHello: Uint8Array, sid: Uint8Array, k: Uint8Array, shareA: Uint8Array, shareB: Uint8Array,
): KeySchedule {
  const isk = sessionKey(sid, k, shareA, sha256(viewerHello), shareB, sha256(hostHello));
  return new KeySchedule(sha256(joinPrefixed(viewerHello, hostHello, shareA, shareB)), isk);
}

/** One handshake as its viewer, from Hello to the host's confirmation. Used once. */
export class ViewerHandshake {
  /** The 0x10 message. */
  readonly hello: Uint8Array<ArrayBuffer>;
  hostCapabilities: readonly number[] = [];
  /** The confirmation has gone out: whoever sits at the other end has had their guess. */
  hasConfirmed = false;
  private readonly nonce = new Uint8Array(nonceLength);
  private version = 0;
  private keys: KeySchedule | undefined;

  constructor(
    readonly credential: Credential, private readonly versions: readonly number[], capabilities: readonly number[], private readonly randomness: Randomness,
  ) {
    randomness.fill(this.nonce);
    const { kind, place } = credential;
    this.hello = writeViewerHello({ versions, nonce: this.nonce, credential: kind, place, capabilities });
  }

  /** Whether the host answers an earlier Hello with this. */
  isLate(payload: Uint8Array): boolean {
    return this.versions.includes(boundVersion) && answersAnother(payload, this.nonce);
  }

  /** Takes 0x11, returns 0x12. */
  async answer(payload: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    if (this.hasConfirmed) throw new ProtocolError('The host said Hello twice.');
    const { hello, head, share: shareB } = readHostHello(payload);
    this.version = hello.version;
    if (!this.versions.includes(hello.version)) throw new ProtocolError('The host chose a version that was not offered.');
    const sid = concat(this.nonce, hello.nonce);
    const { kind, place, secret } = this.credential;
    const scalar = await this.randomness.scalar();
    const k = await sharedSecret(scalar, shareB);
    const shareA = await share(scalar, generator(secret, channelIdentifier(kind, place), sid));
    this.keys = handshakeKeys(this.hello, head, sid, k, shareA, shareB);
    this.hostCapabilities = hello.capabilities;
    this.hasConfirmed = true;
    return concat(Uint8Array.of(PayloadKind.viewerFinish), shareA, this.keys.viewerConfirm());
  }

  /** Takes 0x13. Undefined: the confirmation is wrong. */
  finish(payload: Uint8Array): KeySchedule | undefined {
    if (!this.keys) throw new ProtocolError('The host confirmed before its Hello.');
    const confirm = readHostFinish(payload, this.version);
    return equalBytes(confirm, this.keys.hostConfirm()) ? this.keys : undefined;
  }
}

/** One handshake as its host, from a viewer's Hello with a version and a credential we have. Used once. */
export class HostHandshake {
  private constructor(
    readonly kind: CredentialKind, readonly place: string, readonly viewerCapabilities: readonly number[],
    /** What our messages name the viewer's Hello by; empty in version 1. */
    readonly answered: Uint8Array,
    /** The 0x11 message. */
    readonly answer: Uint8Array<ArrayBuffer>,
    private readonly hello: Uint8Array, private readonly head: Uint8Array, private readonly sid: Uint8Array,
    private readonly scalar: Scalar, private readonly shareB: Uint8Array,
  ) {}

  static async begin(
    version: number, payload: Uint8Array, hello: ViewerHello, credential: Credential, capabilities: readonly number[], randomness: Randomness,
  ): Promise<HostHandshake> {
    const nonce = new Uint8Array(nonceLength);
    randomness.fill(nonce);
    const { kind, place, secret } = credential;
    const answered = version >= boundVersion ? hello.nonce : new Uint8Array(0);
    const head = writeHostHelloHead({ version, answered, nonce, capabilities });
    const sid = concat(hello.nonce, nonce);
    const scalar = await randomness.scalar();
    const shareB = await share(scalar, generator(secret, channelIdentifier(kind, place), sid));
    return new HostHandshake(kind, place, hello.capabilities, answered, concat(head, shareB), payload.slice(), head, sid, scalar, shareB);
  }

  /** Takes 0x12. Undefined: the confirmation is wrong. */
  async finish(payload: Uint8Array): Promise<KeySchedule | undefined> {
    const { share: shareA, confirm } = readViewerFinish(payload);
    const k = await sharedSecret(this.scalar, shareA);
    const keys = handshakeKeys(this.hello, this.head, this.sid, k, shareA, this.shareB);
    return equalBytes(confirm, keys.viewerConfirm()) ? keys : undefined;
  }
}
