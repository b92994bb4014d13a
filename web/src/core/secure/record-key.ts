import { expand } from './key-schedule.ts';

export const tagLength = 16;
export const maxRecord = 65_536;
/** The message ends here; the other bits are reserved. */
export const endFlag = 1;

/**
 * AES-256-GCM under the key and IV of one epoch; the nonce is the IV with the record's counter XORed into its last 8 bytes. WebCrypto
 * imports keys asynchronously: operations wait for it by themselves.
 */
export class RecordKey {
  private readonly key: Promise<CryptoKey>;
  private imported: CryptoKey | undefined;
  private readonly iv: Uint8Array;

  constructor(secret: Uint8Array, keyLabel: string, ivLabel: string) {
    this.key = crypto.subtle.importKey('raw', expand(secret, keyLabel, 32), 'AES-GCM', false, ['encrypt', 'decrypt']);
    this.key.then((key) => (this.imported = key), () => {});
    this.iv = expand(secret, ivLabel, 12);
  }

  /** Header, then ciphertext and tag. */
  async seal(counter: number, header: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const sealed = new Uint8Array(await crypto.subtle.encrypt(this.algorithm(counter, header), this.imported ?? (await this.key), plaintext));
    const record = new Uint8Array(header.length + sealed.length);
    record.set(header);
    record.set(sealed, header.length);
    return record;
  }

  /** Undefined: not sealed with this key and counter, or changed since. */
  async open(counter: number, record: Uint8Array, headerLength: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const key = this.imported ?? (await this.key);
    try {
      const algorithm = this.algorithm(counter, record.subarray(0, headerLength));
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, record.subarray(headerLength)));
    } catch {
      return undefined;
    }
  }

  private algorithm(counter: number, header: Uint8Array): unknown {
    const nonce = this.iv.slice();
    const view = new DataView(nonce.buffer);
    view.setUint32(4, view.getUint32(4) ^ Math.floor(counter / 2 ** 32));
    view.setUint32(8, view.getUint32(8) ^ counter % 2 ** 32);
    return { name: 'AES-GCM', iv: nonce, additionalData: header, tagLength: tagLength * 8 };
  }
}
