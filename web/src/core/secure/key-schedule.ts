import { expand as hkdfExpand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ascii, toHex } from './length-prefixed.ts';
import { CredentialKind, type Credential } from './types.ts';

/** HKDF-Expand under the project's prefix. */
export function expand(secret: Uint8Array, label: string, length: number): Uint8Array {
  return hkdfExpand(sha256, secret, ascii(`alongside/1 ${label}`), length);
}

/** Everything that comes out of one handshake: PRK = HKDF-Extract(salt T, ISK), then a label for each use. */
export class KeySchedule {
  readonly prk: Uint8Array;

  constructor(readonly transcript: Uint8Array, isk: Uint8Array) {
    this.prk = extract(sha256, isk, transcript);
  }

  viewerConfirm(): Uint8Array {
    return hmac(sha256, expand(this.prk, 'confirm viewer', 32), this.transcript);
  }

  hostConfirm(): Uint8Array {
    return hmac(sha256, expand(this.prk, 'confirm host', 32), this.transcript);
  }

  viewerToHost(): Uint8Array {
    return expand(this.prk, 'viewer to host', 32);
  }

  hostToViewer(): Uint8Array {
    return expand(this.prk, 'host to viewer', 32);
  }

  resume(): Credential {
    return { kind: CredentialKind.resume, place: toHex(expand(this.prk, 'session', 8)), secret: expand(this.prk, 'resume', 32) };
  }

  /** "418 207" */
  checkDigits(): string {
    const value = BigInt(`0x${toHex(expand(this.prk, 'check', 8))}`) % 1_000_000n;
    const digits = value.toString().padStart(6, '0');
    return `${digits.slice(0, 3)} ${digits.slice(3)}`;
  }
}
