import { p256 } from '@noble/curves/nist.js';
import { scalarOf, type Randomness } from '../../src/core/secure/randomness.ts';

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** A scalar whose value is known, as WebCrypto takes it: a JWK wants the public point with it. */
export async function knownScalar(hex: string) {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const point = p256.getPublicKey(fromHex(hex), false);
  const jwk = { kty: 'EC', crv: 'P-256', d: base64(fromHex(hex)), x: base64(point.slice(1, 33)), y: base64(point.slice(33)) };
  return scalarOf(await crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']));
}

/** Gives one nonce and one scalar. */
export function fixedRandomness(nonce: string, scalar: string): Randomness {
  return {
    fill: (bytes) => bytes.set(fromHex(nonce)),
    scalar: () => knownScalar(scalar),
  };
}
