import { ProtocolError } from '../../wire/reader.ts';
import { FseTable } from './fse.ts';
import type { ZstdInput } from './input.ts';
import type { Literals } from './literals.ts';

// RFC 8878, 3.1.1.3.2.1.1: how many extra bits a code has, and to what they are added.
const lengthBits = Uint8Array.of(
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
const lengthBase = basesOf(lengthBits, 0);
const matchBits = Uint8Array.of(
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
const matchBase = basesOf(matchBits, 3);

// RFC 8878, 3.1.1.3.2.2: the tables both sides know.
const lengthCounts = [
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1];
const offsetCounts = [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1];
const matchCounts = [
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1];

/** No offset reaches further than the window of 2^20, so no code is above this. */
const maxOffsetCode = 20;

/** One of the three codes of a sequence, with the table it uses now. */
class Code {
  current: FseTable;
  private readonly own: FseTable;
  private readonly known: FseTable;
  private isUsable = false;

  constructor(maxLog: number, maxSymbol: number, counts: readonly number[], log: number) {
    this.own = new FseTable(maxLog, maxSymbol);
    this.known = new FseTable(maxLog, maxSymbol);
    this.known.setCounts(counts, log);
    this.current = this.known;
  }

  forget(): void {
    this.isUsable = false;
  }

  read(mode: number, input: ZstdInput, at: number, end: number): number {
    if (mode === 3) {
      if (!this.isUsable) throw new ProtocolError('A zstd block repeats a table that is not there.');
      return at;
    }
    this.isUsable = true;
    if (mode === 0) {
      this.current = this.known;
      return at;
    }
    this.current = this.own;
    if (mode === 2) return this.own.read(input.bytes, at, end);
    if (at >= end) throw new ProtocolError('A zstd table is cut off.');
    this.own.setSingle(input.bytes[at]!);
    return at + 1;
  }
}

/** Sequences of one block: literals, then a match in what was written before (RFC 8878, 3.1.1.3.2). */
export class Sequences {
  private readonly lengths = new Code(9, 35, lengthCounts, 6);
  private readonly offsets = new Code(8, 31, offsetCounts, 5);
  private readonly matches = new Code(9, 52, matchCounts, 6);
  private readonly repeats = new Uint32Array(3);

  forget(): void {
    this.lengths.forget();
    this.offsets.forget();
    this.matches.forget();
    this.repeats.set([1, 4, 8]);
  }

  /**
   * Reads the section at..end and writes into `target` from `to` on, but not to `limit`. Matches reach back to `oldest`, and at most
   * `window`. Returns where it ended.
   */
  run(input: ZstdInput, at: number, end: number, literals: Literals, target: Uint8Array, to: number, limit: number, oldest: number, window: number): number {
    if (at >= end) throw new ProtocolError('A zstd block is cut off.');
    let count = input.bytes[at++]!;
    if (count >= 128) {
      count = count < 255 ? ((count - 128) << 8) + input.bytes[at++]! : input.view.getUint16(at, true) + 0x7f00;
      if (count >= 0x7f00) at += 2;
      if (at > end) throw new ProtocolError('A zstd block is cut off.');
    }
    let literal = literals.at;
    const literalEnd = literals.at + literals.count;
    if (count === 0) {
      if (at !== end) throw new ProtocolError('A zstd block is longer than its contents.');
    } else {
      const modes = at < end ? input.bytes[at++]! : 3;
      if ((modes & 3) !== 0) throw new ProtocolError('A zstd block has unknown modes.');
      at = this.lengths.read(modes >> 6, input, at, end);
      at = this.offsets.read((modes >> 4) & 3, input, at, end);
      at = this.matches.read((modes >> 2) & 3, input, at, end);
      const { repeats } = this;
      const { view } = input;
      const lengthTable = this.lengths.current.entries;
      const offsetTable = this.offsets.current.entries;
      const matchTable = this.matches.current.entries;
      const source = literals.bytes;
      const first = at * 8;
      let bit = input.lastBit(at, end);
      bit -= this.lengths.current.log;
      let lengthEntry = lengthTable[input.bits(bit, this.lengths.current.log)]!;
      bit -= this.offsets.current.log;
      let offsetEntry = offsetTable[input.bits(bit, this.offsets.current.log)]!;
      bit -= this.matches.current.log;
      let matchEntry = matchTable[input.bits(bit, this.matches.current.log)]!;
      if (bit < first) throw new ProtocolError('Zstd sequences are cut off.');
      while (true) {
        const offsetCode = offsetEntry & 0xff;
        if (offsetCode > maxOffsetCode) throw new ProtocolError('A zstd match reaches too far back.');
        bit -= offsetCode;
        let offset = (1 << offsetCode) + ((view.getUint32(bit >> 3, true) >>> (bit & 7)) & ((1 << offsetCode) - 1));
        const matchCode = matchEntry & 0xff;
        let extra = matchBits[matchCode]!;
        bit -= extra;
        let length = matchBase[matchCode]! + ((view.getUint32(bit >> 3, true) >>> (bit & 7)) & ((1 << extra) - 1));
        const lengthCode = lengthEntry & 0xff;
        extra = lengthBits[lengthCode]!;
        bit -= extra;
        const plain = lengthBase[lengthCode]! + ((view.getUint32(bit >> 3, true) >>> (bit & 7)) & ((1 << extra) - 1));

        if (offset > 3) {
          offset -= 3;
          repeats[2] = repeats[1]!;
          repeats[1] = repeats[0]!;
          repeats[0] = offset;
        } else {
          const place = offset - (plain === 0 ? 0 : 1);
          if (place === 0) {
            offset = repeats[0]!;
          } else {
            offset = place === 3 ? repeats[0]! - 1 : repeats[place]!;
            if (place > 1) repeats[2] = repeats[1]!;
            repeats[1] = repeats[0]!;
            repeats[0] = offset;
          }
        }

        if (literal + plain > literalEnd || to + plain + length > limit) throw new ProtocolError('A zstd block is larger than allowed.');
        if (plain > 32) {
          target.set(source.subarray(literal, literal + plain), to);
          to += plain;
          literal += plain;
        } else {
          for (const stop = to + plain; to < stop; ) target[to++] = source[literal++]!;
        }
        if (offset === 0 || offset > to - oldest || offset > window) throw new ProtocolError('A zstd match reaches too far back.');
        if (length > 24 && offset >= length) {
          target.copyWithin(to, to - offset, to - offset + length);
          to += length;
        } else if (length > 24 && offset === 1) {
          target.fill(target[to - 1]!, to, to + length);
          to += length;
        } else {
          for (let from = to - offset; length > 0; length--) target[to++] = target[from++]!;
        }

        if (--count === 0) break;
        let bits = (lengthEntry >> 8) & 0xff;
        bit -= bits;
        lengthEntry = lengthTable[(lengthEntry >>> 16) + ((view.getUint32(bit >> 3, true) >>> (bit & 7)) & ((1 << bits) - 1))]!;
        bits = (matchEntry >> 8) & 0xff;
        bit -= bits;
        matchEntry = matchTable[(matchEntry >>> 16) + ((view.getUint32(bit >> 3, true) >>> (bit & 7)) & ((1 << bits) - 1))]!;
        bits = (offsetEntry >> 8) & 0xff;
        bit -= bits;
        offsetEntry = offsetTable[(offsetEntry >>> 16) + ((view.getUint32(bit >> 3, true) >>> (bit & 7)) & ((1 << bits) - 1))]!;
        if (bit < first) throw new ProtocolError('Zstd sequences are cut off.');
      }
      if (bit !== first) throw new ProtocolError('Zstd sequences are malformed.');
    }

    const rest = literalEnd - literal;
    if (to + rest > limit) throw new ProtocolError('A zstd block is larger than allowed.');
    target.set(literals.bytes.subarray(literal, literalEnd), to);
    return to + rest;
  }
}

function basesOf(bits: Uint8Array, first: number): Uint32Array {
  const bases = new Uint32Array(bits.length);
  let base = first;
  bits.forEach((count, code) => {
    bases[code] = base;
    base += 2 ** count;
  });
  return bases;
}
