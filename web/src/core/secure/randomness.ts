/** A secret scalar that can only be used, not read. */
export interface Scalar {
  /** x of scalar times point, 32 bytes. The point is 65 bytes, uncompressed. */
  multiplyX(point: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

/** Where a peer gets its randomness: the browser's in production, fixed values in the vectors' tests. */
export interface Randomness {
  fill(bytes: Uint8Array<ArrayBuffer>): void;
  scalar(): Promise<Scalar>;
}

const ecdh = { name: 'ECDH', namedCurve: 'P-256' };

/**
 * A scalar out of a WebCrypto key. ECDH tells x of the product alone, which is all that CPace needs, and any point of the curve may
 * stand where a public key is asked for, the generator as well.
 */
export function scalarOf(privateKey: CryptoKey): Scalar {
  return {
    async multiplyX(point) {
      const other = await crypto.subtle.importKey('raw', point, ecdh, false, []);
      return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, privateKey, 256));
    },
  };
}

export const systemRandomness: Randomness = {
  fill(bytes) {
    crypto.getRandomValues(bytes);
  },

  /** Made inside WebCrypto and not extractable: the scalar is never in the page's memory. */
  async scalar() {
    const pair = (await crypto.subtle.generateKey(ecdh, false, ['deriveBits'])) as { readonly privateKey: CryptoKey };
    return scalarOf(pair.privateKey);
  },
};
