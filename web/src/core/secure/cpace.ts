import { p256, p256_hasher } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ProtocolError } from '../wire/reader.ts';
import { ascii, concat, joinPrefixed, prefixedLength } from './length-prefixed.ts';
import type { Scalar } from './randomness.ts';

// CPace (draft-irtf-cfrg-cpace-21), suite CPACE-P256_XMD:SHA-256_SSWU_NU_-SHA256, initiator-responder. Scalar multiplication is WebCrypto's.
// Mapping to the curve is JavaScript with bigint, whose time tells something of the code's hash: a code is used once, so it is gone by then.

export const shareLength = 65;

const hashBlock = 64;
const dsi = ascii('CPaceP256_XMD:SHA-256_SSWU_NU_');
const dst = 'CPaceP256_XMD:SHA-256_SSWU_NU__DST';
const dsiIsk = ascii('CPaceP256_XMD:SHA-256_SSWU_NU__ISK');

/** The generator that only those who know the secret can find (calculate_generator), 65 bytes. */
export function generator(secret: Uint8Array, channel: Uint8Array, sid: Uint8Array): Uint8Array {
  const padding = Math.max(0, hashBlock - 1 - prefixedLength(secret.length) - prefixedLength(dsi.length));
  return encodeToCurve(joinPrefixed(dsi, secret, new Uint8Array(padding), channel, sid), dst);
}

/** RFC 9380 encode_to_curve, P256_XMD:SHA-256_SSWU_NU_. */
export function encodeToCurve(message: Uint8Array, domain: string): Uint8Array {
  return p256_hasher.encodeToCurve(message, { DST: domain }).toBytes(false);
}

/** scalar·generator, of the two points of its x the one with even y. */
export async function share(scalar: Scalar, generatorPoint: Uint8Array): Promise<Uint8Array> {
  const x = await scalar.multiplyX(generatorPoint);
  return p256.Point.fromBytes(concat(Uint8Array.of(2), x)).toBytes(false);
}

/** K: x of scalar·share. A share that is not a point of the curve, or the identity, is the peer's mistake. */
export async function sharedSecret(scalar: Scalar, otherShare: Uint8Array): Promise<Uint8Array> {
  if (otherShare.length !== shareLength || otherShare[0] !== 4) throw notAPoint();
  try {
    p256.Point.fromBytes(otherShare).assertValidity();
  } catch {
    throw notAPoint();
  }
  return scalar.multiplyX(otherShare);
}

/** ISK of the initiator-responder setting. */
export function sessionKey(
  sid: Uint8Array, k: Uint8Array, shareA: Uint8Array, adA: Uint8Array, shareB: Uint8Array, adB: Uint8Array,
): Uint8Array {
  return sha256(joinPrefixed(dsiIsk, sid, k, shareA, adA, shareB, adB));
}

function notAPoint(): ProtocolError {
  return new ProtocolError('A public share was not a point of P-256.');
}
