import { ProtocolError } from '../wire/reader.ts';
import { MessageAssembler } from './assembler.ts';
import { PayloadKind } from './hello.ts';
import { endFlag, maxRecord, RecordKey, tagLength } from './record-key.ts';

// u8 0x21 | u8 stream | u16 epoch | u32 counter | ciphertext | tag 16, where the plaintext is u8 flags | bytes.
const headerLength = 8;
const prefixLength = 1;
const secretLength = 32;
const maxMessage = 64 * 1024 * 1024;

/**
 * Viewer side of one stream. Every record must be exactly the next one. Messages are told in order although records are decrypted side by
 * side. `ended` is called once, with a reason, for a record that does not open or is out of order; nothing is told after it until a new key.
 */
export class StreamOpener {
  private readonly assembler = new MessageAssembler(maxMessage);
  private key: RecordKey | undefined;
  private epoch = 0;
  private expected = 0;
  private arrivals: Promise<void> = Promise.resolve();
  private failed = false;

  constructor(
    readonly stream: number, private readonly message: (bytes: Uint8Array<ArrayBuffer>) => void, private readonly ended: (reason: string) => void,
  ) {}

  /**
   * What the host's `stream` message says: from the next record on, this key. Takes its place among the records in the order of the calls.
   * Throws a ProtocolError when the secret is not of 32 bytes.
   */
  setKey(epoch: number, secret: Uint8Array, counter: number): Promise<void> {
    if (secret.length !== secretLength) throw new ProtocolError('A stream\'s secret has 32 bytes.');
    this.key = new RecordKey(secret, 'stream key', 'stream iv');
    this.epoch = epoch;
    this.expected = counter;
    this.arrivals = this.arrivals.then(() => {
      this.assembler.clear();
      this.failed = false;
    });
    return this.arrivals;
  }

  /** A whole 0x21 payload, which now belongs to the opener. Rejects only when `message` or `ended` throws. */
  handle(record: Uint8Array): Promise<void> {
    const opening = this.open(record);
    opening.catch(() => undefined);
    const done = this.arrivals.then(() => this.deliver(opening));
    this.arrivals = done.catch(() => undefined);
    return done;
  }

  private async deliver(opening: Promise<Uint8Array<ArrayBuffer>>): Promise<void> {
    if (this.failed) return;
    let message: Uint8Array<ArrayBuffer> | undefined;
    try {
      const plaintext = await opening;
      message = this.assembler.add(plaintext.subarray(prefixLength), (plaintext[0]! & endFlag) !== 0);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.failed = true;
      this.ended(error.message);
      return;
    }
    if (message) this.message(message);
    void this.key?.prepare(this.expected);
  }

  /** Number and key are checked when the record arrives, so that the next may be started before the former has been decrypted. */
  private async open(record: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    if (
      record.length < headerLength + prefixLength + tagLength || record.length > maxRecord ||
      record[0] !== PayloadKind.streamRecord || record[1] !== this.stream
    ) {
      throw new ProtocolError('A record was not one of this stream.');
    }
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const counter = view.getUint32(4);
    if (!this.key || view.getUint16(2) !== this.epoch || counter !== this.expected) {
      throw new ProtocolError('A record of a stream was not the next one.');
    }
    this.expected++;
    const plaintext = await this.key.open(counter, record, headerLength);
    if (!plaintext) throw new ProtocolError('A record of a stream did not open: it was changed.');
    return plaintext;
  }
}
