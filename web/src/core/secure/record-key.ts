import { expand } from './key-schedule.ts';
import { Keystream, mostAhead, type Ahead } from './keystream.ts';
import { equalBytes } from './length-prefixed.ts';

export const tagLength = 16;
export const maxRecord = 65_536;
/** The message ends here; the other bits are reserved. */
export const endFlag = 1;

/**
 * AES-256-GCM under the key and IV of one epoch; the nonce is the IV with the record's counter XORed into its last 8 bytes. WebCrypto
 * imports keys asynchronously: operations wait for it by themselves. Counters ascend, each has one record; what has been prepared for is done within the call if it is short.
 */
export class RecordKey {
  private readonly key: Promise<CryptoKey>;
  private imported: CryptoKey | undefined;
  private readonly iv: Uint8Array;
  private readonly ahead: Keystream;
  /** The last record was short: so may the next be. */
  private wasShort = true;

  constructor(secret: Uint8Array, keyLabel: string, ivLabel: string) {
    const raw = expand(secret, keyLabel, 32);
    this.key = crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
    this.key.then((key) => (this.imported = key), () => {});
    this.iv = expand(secret, ivLabel, 12);
    this.ahead = new Keystream(raw, (counter) => this.nonce(counter));
  }

  /** Makes ready for the records from this counter on, while nothing waits; where long records run it does nothing. Resolves when that is done. */
  async prepare(from: number): Promise<void> {
    if (!this.wasShort) return;
    try {
      await this.ahead.prepare(from);
    } catch {
      // What WebCrypto can't do is told where a record needs it.
    }
  }

  /** Header, then ciphertext and tag. */
  async seal(counter: number, header: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const record = new Uint8Array(header.length + plaintext.length + tagLength);
    record.set(header);
    const ahead = this.take(counter, plaintext.length);
    if (ahead !== undefined) {
      const end = header.length + plaintext.length;
      const ciphertext = record.subarray(header.length, end);
      add(ciphertext, plaintext, ahead.stream);
      record.set(tag(ahead, header, ciphertext), end);
      return record;
    }
    const algorithm = this.algorithm(counter, header);
    record.set(new Uint8Array(await crypto.subtle.encrypt(algorithm, this.imported ?? (await this.key), plaintext)), header.length);
    return record;
  }

  /** Undefined: not sealed with this key and counter, or changed since. */
  async open(counter: number, record: Uint8Array, headerLength: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const header = record.subarray(0, headerLength);
    const end = record.length - tagLength;
    const ahead = this.take(counter, end - headerLength);
    if (ahead !== undefined) {
      const ciphertext = record.subarray(headerLength, end);
      if (!equalBytes(tag(ahead, header, ciphertext), record.subarray(end))) return undefined;
      const plaintext = new Uint8Array(ciphertext.length);
      add(plaintext, ciphertext, ahead.stream);
      return plaintext;
    }
    const key = this.imported ?? (await this.key);
    try {
      return new Uint8Array(await crypto.subtle.decrypt(this.algorithm(counter, header), key, record.subarray(headerLength)));
    } catch {
      return undefined;
    }
  }

  private take(counter: number, length: number): Ahead | undefined {
    const ahead = this.ahead.take(counter);
    this.wasShort = length <= mostAhead;
    return this.wasShort ? ahead : undefined;
  }

  private nonce(counter: number): Uint8Array {
    const nonce = this.iv.slice();
    const view = new DataView(nonce.buffer);
    view.setUint32(4, view.getUint32(4) ^ Math.floor(counter / 2 ** 32));
    view.setUint32(8, view.getUint32(8) ^ counter % 2 ** 32);
    return nonce;
  }

  private algorithm(counter: number, header: Uint8Array): unknown {
    return { name: 'AES-GCM', iv: this.nonce(counter), additionalData: header, tagLength: tagLength * 8 };
  }
}

function tag(ahead: Ahead, header: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const hash = new Uint8Array(tagLength);
  ahead.ghash.hash(header, ciphertext, hash);
  add(hash, hash, ahead.mask);
  return hash;
}

function add(into: Uint8Array, bytes: Uint8Array, stream: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) into[i] = bytes[i]! ^ stream[i]!;
}
