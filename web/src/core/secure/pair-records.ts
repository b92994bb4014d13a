import { ProtocolError } from '../wire/reader.ts';
import { expand } from './key-schedule.ts';
import { PayloadKind } from './hello.ts';
import { endFlag, maxRecord, RecordKey, tagLength } from './record-key.ts';

// u8 0x20 | u16 epoch | u40 counter | ciphertext | tag 16, where the plaintext is u8 channel | u8 flags | bytes.
const headerLength = 8;
const prefixLength = 2;
const overhead = headerLength + prefixLength + tagLength;
export const maxPairContent = maxRecord - overhead;

/** When keys change and when they are used up. */
export interface RecordLimits {
  readonly recordsPerEpoch: number;
  /** Microseconds. */
  readonly epochLife: number;
  readonly lastEpoch: number;
  readonly lastCounter: number;
}

export const defaultLimits: RecordLimits = {
  recordsPerEpoch: 2 ** 20, epochLife: 3_600_000_000, lastEpoch: 65_535, lastCounter: 2 ** 40 - 1,
};

/** Seals one direction of a pair, epoch after epoch. The counter runs on through the epochs. */
export class PairSealer {
  private epoch = 0;
  private counter = 0;
  private inEpoch = 0;
  private key: RecordKey;

  constructor(private secret: Uint8Array, private epochBegan: number, private readonly limits: RecordLimits) {
    this.key = new RecordKey(secret, 'key', 'iv');
  }

  /** Takes number and key at once, so that calls may overlap. */
  seal(now: number, channel: number, content: Uint8Array, end: boolean): Promise<Uint8Array<ArrayBuffer>> {
    if (this.inEpoch >= this.limits.recordsPerEpoch || now - this.epochBegan >= this.limits.epochLife) this.moveOn(now);
    if (this.counter > this.limits.lastCounter) throw new ProtocolError('The session has used up its record numbers.');
    const header = new Uint8Array(headerLength);
    const view = new DataView(header.buffer);
    view.setUint8(0, PayloadKind.pairRecord);
    view.setUint16(1, this.epoch);
    view.setUint8(3, Math.floor(this.counter / 2 ** 32));
    view.setUint32(4, this.counter % 2 ** 32);
    const plaintext = new Uint8Array(prefixLength + content.length);
    plaintext[0] = channel;
    plaintext[1] = end ? endFlag : 0;
    plaintext.set(content, prefixLength);
    this.inEpoch++;
    return this.key.seal(this.counter++, header, plaintext);
  }

  /** Makes ready for the next short records, when nothing waits. */
  prepare(): Promise<void> {
    return this.key.prepare(this.counter);
  }

  private moveOn(now: number): void {
    if (this.epoch >= this.limits.lastEpoch) throw new ProtocolError('The session has used up its keys.');
    this.secret = expand(this.secret, 'rekey', 32);
    this.key = new RecordKey(this.secret, 'key', 'iv');
    this.epoch++;
    this.inEpoch = 0;
    this.epochBegan = now;
  }
}

/** What a pair record carried. */
export interface Opened {
  readonly channel: number;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly end: boolean;
}

/**
 * Opens one direction of a pair on an ordered path: every record must be exactly the next one. Number and key are checked when a record
 * arrives, so that the next may be started before the former has been decrypted; if one does not open, the session ends and with it
 * everything after.
 */
export class PairOpener {
  private epoch = 0;
  private expected = 0;
  private key: RecordKey;

  constructor(private secret: Uint8Array, private readonly limits: RecordLimits) {
    this.key = new RecordKey(secret, 'key', 'iv');
  }

  async open(record: Uint8Array): Promise<Opened> {
    if (record.length < overhead || record.length > maxRecord) throw new ProtocolError('A record had an impossible length.');
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const epoch = view.getUint16(1);
    const counter = view.getUint8(3) * 2 ** 32 + view.getUint32(4);
    if (counter !== this.expected) {
      throw new ProtocolError(counter < this.expected ? 'A record came twice or too late.' : 'A record is missing.');
    }
    this.expected++;
    if (epoch === this.epoch + 1 && this.epoch < this.limits.lastEpoch) this.moveOn();
    else if (epoch !== this.epoch) throw didNotOpen();
    const plaintext = await this.key.open(counter, record, headerLength);
    if (!plaintext) throw didNotOpen();
    return { channel: plaintext[0]!, content: plaintext.subarray(prefixLength), end: (plaintext[1]! & endFlag) !== 0 };
  }

  /** Makes ready for the next short records, when nothing waits. */
  prepare(): Promise<void> {
    return this.key.prepare(this.expected);
  }

  private moveOn(): void {
    this.secret = expand(this.secret, 'rekey', 32);
    this.key = new RecordKey(this.secret, 'key', 'iv');
    this.epoch++;
  }
}

function didNotOpen(): ProtocolError {
  return new ProtocolError('A record did not open: it was changed, or is not of this session.');
}
