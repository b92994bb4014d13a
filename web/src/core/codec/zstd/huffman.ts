import { ProtocolError } from '../../wire/reader.ts';
import { FseTable } from './fse.ts';
import type { ZstdInput } from './input.ts';

const maxBits = 11;

/** Literals' prefix code (RFC 8878, 4.2). */
export class Huffman {
  isBuilt = false;

  // symbol << 4 | bits
  private readonly entries = new Uint16Array(1 << maxBits);
  private readonly weights = new Uint8Array(256);
  private readonly starts = new Uint32Array(maxBits + 2);
  private readonly fse = new FseTable(6, 255);
  private bits = 0;

  /** Reads the description of a tree; returns where it ended. */
  read(input: ZstdInput, at: number, end: number): number {
    if (at >= end) throw new ProtocolError('A zstd prefix code is cut off.');
    const head = input.bytes[at++]!;
    let count: number;
    let ended: number;
    if (head >= 128) {
      count = head - 127;
      ended = at + ((count + 1) >> 1);
      if (ended > end) throw new ProtocolError('A zstd prefix code is cut off.');
      for (let i = 0; i < count; i++) this.weights[i] = (input.bytes[at + (i >> 1)]! >> (i & 1 ? 0 : 4)) & 15;
    } else {
      ended = at + head;
      if (ended > end) throw new ProtocolError('A zstd prefix code is cut off.');
      count = this.readWeights(input, at, ended);
    }
    this.build(count);
    return ended;
  }

  /** Decodes the bit stream in start..end into exactly `count` bytes. */
  decode(input: ZstdInput, start: number, end: number, target: Uint8Array, to: number, count: number): void {
    const { entries, bits } = this;
    const { view } = input;
    const first = start * 8;
    const mask = (1 << bits) - 1;
    const stop = to + count;
    let bit = input.lastBit(start, end);
    // Two symbols a load: at most 22 bits and 7 of a broken byte.
    while (to + 2 <= stop && bit >= first) {
      const from = bit - 2 * bits;
      const word = view.getUint32(from >> 3, true) >>> (from & 7);
      const one = entries[(word >>> bits) & mask]!;
      const used = one & 15;
      target[to] = one >> 4;
      const two = entries[(word >>> (bits - used)) & mask]!;
      target[to + 1] = two >> 4;
      bit -= used + (two & 15);
      to += 2;
    }
    if (to < stop && bit >= first) {
      const from = bit - bits;
      const one = entries[(view.getUint32(from >> 3, true) >>> (from & 7)) & mask]!;
      target[to++] = one >> 4;
      bit -= one & 15;
    }
    if (to !== stop || bit !== first) throw new ProtocolError('Zstd literals are malformed.');
  }

  // Two states take turns until the bits are used up (RFC 8878, 4.2.1.2).
  private readWeights(input: ZstdInput, start: number, end: number): number {
    const { fse, weights } = this;
    const from = fse.read(input.bytes, start, end);
    const first = from * 8;
    let bit = input.lastBit(from, end) - fse.log;
    if (bit - fse.log < first) throw new ProtocolError('A zstd prefix code is malformed.');
    let state = input.bits(bit, fse.log);
    bit -= fse.log;
    let other = input.bits(bit, fse.log);
    let count = 0;
    while (count < 254) {
      const entry = fse.entries[state]!;
      weights[count++] = entry & 0xff;
      const bits = (entry >> 8) & 0xff;
      bit -= bits;
      if (bit < first) {
        weights[count++] = fse.entries[other]! & 0xff;
        return count;
      }
      state = other;
      other = (entry >>> 16) + input.bits(bit, bits);
    }
    throw new ProtocolError('A zstd prefix code has too many symbols.');
  }

  private build(count: number): void {
    const { weights, starts, entries } = this;
    starts.fill(0);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const weight = weights[i]!;
      if (weight > maxBits) throw new ProtocolError('A zstd prefix code is too long.');
      if (weight > 0) sum += 1 << (weight - 1);
    }
    const bits = 32 - Math.clz32(sum);
    const rest = (1 << bits) - sum;
    if (sum === 0 || bits > maxBits || (rest & (rest - 1)) !== 0 || count > 255) {
      throw new ProtocolError('A zstd prefix code is malformed.');
    }
    // The last weight is not written: it fills the table.
    weights[count++] = 32 - Math.clz32(rest);
    for (let i = 0; i < count; i++) if (weights[i]! > 0) starts[weights[i]! + 1]! += 1 << (weights[i]! - 1);
    for (let weight = 1; weight < starts.length; weight++) starts[weight]! += starts[weight - 1]!;
    for (let symbol = 0; symbol < count; symbol++) {
      const weight = weights[symbol]!;
      if (weight === 0) continue;
      const length = 1 << (weight - 1);
      const start = starts[weight]!;
      entries.fill((symbol << 4) | (bits + 1 - weight), start, start + length);
      starts[weight] = start + length;
    }
    this.bits = bits;
    this.isBuilt = true;
  }
}
