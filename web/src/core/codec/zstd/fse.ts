import { ProtocolError } from '../../wire/reader.ts';

/**
 * A finite-state-entropy decoding table (RFC 8878, 4.1). Each entry is symbol | bits << 8 | base << 16: what a state
 * means, how many bits lead on, and to what they are added.
 */
export class FseTable {
  readonly entries: Uint32Array;
  log = 0;
  /** A table that was never built cannot be repeated. */
  isBuilt = false;

  private readonly next: Uint16Array;
  private readonly counts: Int16Array;

  constructor(private readonly maxLog: number, private readonly maxSymbol: number) {
    this.entries = new Uint32Array(1 << maxLog);
    this.next = new Uint16Array(maxSymbol + 1);
    this.counts = new Int16Array(maxSymbol + 1);
  }

  /** One symbol, no bits. */
  setSingle(symbol: number): void {
    if (symbol > this.maxSymbol) throw new ProtocolError('A zstd table has an unknown symbol.');
    this.log = 0;
    this.entries[0] = symbol;
    this.isBuilt = true;
  }

  setCounts(counts: readonly number[], log: number): void {
    this.counts.fill(0);
    this.counts.set(counts);
    this.build(log);
  }

  /** Reads a table's description (RFC 8878, 4.1.1) from `at`, which ends before `end`; returns where it ended. */
  read(bytes: Uint8Array, at: number, end: number): number {
    if (at >= end) throw new ProtocolError('A zstd table is cut off.');
    const log = (bytes[at]! & 15) + 5;
    if (log > this.maxLog) throw new ProtocolError('A zstd table is too large.');
    let bit = at * 8 + 4;
    const endBit = end * 8;
    const peek = (count: number): number => {
      const byte = bit >> 3;
      const word = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
      return (word >> (bit & 7)) & ((1 << count) - 1);
    };
    this.counts.fill(0);
    let remaining = 1 << log;
    let symbol = 0;
    while (remaining > 0) {
      if (symbol > this.maxSymbol || bit >= endBit) throw new ProtocolError('A zstd table is malformed.');
      const bits = 32 - Math.clz32(remaining + 1);
      const short = (1 << bits) - 1 - (remaining + 1);
      const low = (1 << (bits - 1)) - 1;
      let value = peek(bits);
      if ((value & low) < short) {
        value &= low;
        bit += bits - 1;
      } else {
        if (value > low) value -= short;
        bit += bits;
      }
      const count = value - 1;
      this.counts[symbol++] = count;
      remaining -= Math.abs(count);
      if (count === 0) {
        let repeat: number;
        do {
          if (bit >= endBit) throw new ProtocolError('A zstd table is malformed.');
          repeat = peek(2);
          bit += 2;
          symbol += repeat;
        } while (repeat === 3);
      }
    }
    const ended = (bit + 7) >> 3;
    if (remaining < 0 || symbol > this.maxSymbol + 1 || ended > end) throw new ProtocolError('A zstd table is malformed.');
    this.build(log);
    return ended;
  }

  private build(log: number): void {
    const { entries, next, counts } = this;
    const size = 1 << log;
    let high = size;
    for (let symbol = 0; symbol <= this.maxSymbol; symbol++) {
      const count = counts[symbol]!;
      if (count === -1) {
        entries[--high] = symbol;
        next[symbol] = 1;
      } else {
        next[symbol] = count;
      }
    }
    const step = (size >> 1) + (size >> 3) + 3;
    let at = 0;
    for (let symbol = 0; symbol <= this.maxSymbol; symbol++) {
      for (let i = 0; i < counts[symbol]!; i++) {
        entries[at] = symbol;
        do at = (at + step) & (size - 1);
        while (at >= high);
      }
    }
    for (let state = 0; state < size; state++) {
      const symbol = entries[state]!;
      const value = next[symbol]!;
      next[symbol] = value + 1;
      const bits = log - (31 - Math.clz32(value));
      entries[state] = symbol | (bits << 8) | (((value << bits) - size) << 16);
    }
    this.log = log;
    this.isBuilt = true;
  }
}
