import { ProtocolError } from '../../wire/reader.ts';
import { Huffman } from './huffman.ts';
import type { ZstdInput } from './input.ts';

export const maxBlock = 128 * 1024;

/** The literals of one block (RFC 8878, 3.1.1.3.1): `bytes` from `at`, `count` of them; valid until the next. */
export class Literals {
  bytes: Uint8Array;
  at = 0;
  count = 0;

  private readonly own = new Uint8Array(maxBlock);
  private readonly huffman = new Huffman();

  constructor() {
    this.bytes = this.own;
  }

  forget(): void {
    this.huffman.isBuilt = false;
  }

  /** Reads the section; returns where it ended. */
  read(input: ZstdInput, at: number, end: number): number {
    const { bytes } = input;
    if (at >= end) throw new ProtocolError('A zstd block is cut off.');
    const head = bytes[at]!;
    return (head & 3) < 2 ? this.readPlain(input, at, end, head) : this.readCoded(input, at, end, head);
  }

  private readPlain(input: ZstdInput, at: number, end: number, head: number): number {
    const { bytes } = input;
    const form = (head >> 2) & 3;
    const length = form === 1 ? 2 : form === 3 ? 3 : 1;
    const next = at + length;
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    const count = length === 1 ? (word & 0xff) >> 3 : length === 2 ? (word & 0xffff) >> 4 : word >> 4;
    const isRepeated = (head & 3) === 1;
    const ended = next + (isRepeated ? 1 : count);
    if (ended > end || count > maxBlock) throw new ProtocolError('Zstd literals are cut off.');
    this.count = count;
    if (isRepeated) {
      this.own.fill(bytes[next]!, 0, count);
      this.bytes = this.own;
      this.at = 0;
    } else {
      this.bytes = bytes;
      this.at = next;
    }
    return ended;
  }

  private readCoded(input: ZstdInput, at: number, end: number, head: number): number {
    const { bytes, view } = input;
    const form = (head >> 2) & 3;
    const length = form < 2 ? 3 : form + 2;
    const sizeBits = form < 2 ? 10 : form === 2 ? 14 : 18;
    if (at + length > end) throw new ProtocolError('Zstd literals are cut off.');
    const low = view.getUint32(at, true);
    const count = (low >>> 4) & ((1 << sizeBits) - 1);
    const size = form === 3 ? (low >>> 22) | (bytes[at + 4]! << 10) : (low >>> (4 + sizeBits)) & ((1 << sizeBits) - 1);
    let from = at + length;
    const ended = from + size;
    if (ended > end || count > maxBlock) throw new ProtocolError('Zstd literals are cut off.');
    if ((head & 3) === 2) from = this.huffman.read(input, from, ended);
    else if (!this.huffman.isBuilt) throw new ProtocolError('Zstd literals repeat a prefix code that is not there.');
    this.bytes = this.own;
    this.at = 0;
    this.count = count;
    if (form === 0) this.huffman.decode(input, from, ended, this.own, 0, count);
    else this.readFour(input, from, ended, count);
    return ended;
  }

  private readFour(input: ZstdInput, at: number, end: number, count: number): void {
    const quarter = (count + 3) >> 2;
    if (at + 6 > end || quarter * 3 > count) throw new ProtocolError('Zstd literals are malformed.');
    let from = at + 6;
    for (let i = 0; i < 4; i++) {
      const to = i < 3 ? from + input.view.getUint16(at + i * 2, true) : end;
      if (to > end) throw new ProtocolError('Zstd literals are malformed.');
      this.huffman.decode(input, from, to, this.own, i * quarter, i < 3 ? quarter : count - 3 * quarter);
      from = to;
    }
  }
}
