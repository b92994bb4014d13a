import { Ghash } from './ghash.ts';

/** Records with more plaintext than this many bytes are WebCrypto's. */
export const mostAhead = 1024;
/** So many coming records are made ready for. */
const depth = 4;
const block = 16;

/** What one record needs of AES. */
export interface Ahead {
  /** Added to the hash it is the record's tag. */
  readonly mask: Uint8Array;
  /** Added to the plaintext it is the ciphertext; `mostAhead` bytes. */
  readonly stream: Uint8Array;
  readonly ghash: Ghash;
}

/**
 * Nonces are counted, so what AES gives for the next ones is known before the records are: WebCrypto makes it ahead, and a short record is then sealed or opened at
 * once, without a way through WebCrypto's thread and back (adr/0028). Each is given out once, for the one record of its counter.
 */
export class Keystream {
  private readonly key: Promise<CryptoKey>;
  private ghash: Ghash | undefined;
  private readonly ready = new Map<number, Uint8Array>();
  /** Counters below this have had their record. */
  private next = 0;
  /** Counters below this are ready, being made, or past. */
  private asked = 0;

  /** `nonce` gives the twelve bytes of a counter. */
  constructor(raw: Uint8Array, private readonly nonce: (counter: number) => Uint8Array) {
    this.key = crypto.subtle.importKey('raw', raw, 'AES-CTR', false, ['encrypt']);
    // Heard of where it is waited for.
    this.key.catch(() => undefined);
  }

  /** A record's, whose counter is above all before; undefined: not made yet. */
  take(counter: number): Ahead | undefined {
    const made = this.ready.get(counter);
    for (const past of this.ready.keys()) if (past <= counter) this.ready.delete(past);
    this.next = counter + 1;
    if (made === undefined || this.ghash === undefined) return undefined;
    return { mask: made.subarray(0, block), stream: made.subarray(block), ghash: this.ghash };
  }

  /** Makes ready for the records from this counter on. Resolves when that is done. */
  async prepare(from: number): Promise<void> {
    this.next = Math.max(this.next, from);
    const first = Math.max(this.asked, this.next);
    if (first >= this.next + depth) return;
    this.asked = this.next + depth;
    const key = await this.key;
    this.ghash ??= new Ghash(await blocks(key, new Uint8Array(block), block));
    const making: Promise<void>[] = [];
    for (let counter = first; counter < this.asked; counter++) making.push(this.make(key, counter));
    await Promise.all(making);
  }

  /** SP 800-38D, 7.1: the block after the nonce and the number 1 is for the tag, those from 2 on are for the text. */
  private async make(key: CryptoKey, counter: number): Promise<void> {
    const start = new Uint8Array(block);
    start.set(this.nonce(counter));
    start[block - 1] = 1;
    const made = await blocks(key, start, block + mostAhead);
    if (counter >= this.next) this.ready.set(counter, made);
  }
}

/** AES of a block and of those that follow it. */
async function blocks(key: CryptoKey, counter: Uint8Array, length: number): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 32 }, key, new Uint8Array(length)));
}
