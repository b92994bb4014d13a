import { ProtocolError } from '../../wire/reader.ts';

/** How far bits may be read before and after a piece without leaving the memory: overruns are noticed afterwards. */
const margin = 16;

/** A copy of the piece being read, with room around it. */
export class ZstdInput {
  bytes = new Uint8Array(4096);
  view = new DataView(this.bytes.buffer);
  end = 0;

  /** Takes a piece; returns where it begins. */
  load(piece: Uint8Array): number {
    if (piece.length + 2 * margin > this.bytes.length) {
      this.bytes = new Uint8Array((piece.length + 2 * margin) * 2);
      this.view = new DataView(this.bytes.buffer);
    }
    this.bytes.set(piece, margin);
    this.end = margin + piece.length;
    return margin;
  }

  /** The bit after the last one of a stream that is read backwards: below the highest bit set in its last byte. */
  lastBit(start: number, end: number): number {
    const last = end > start ? this.bytes[end - 1]! : 0;
    if (last === 0) throw new ProtocolError('A zstd bit stream has no end.');
    return end * 8 - 8 + 31 - Math.clz32(last);
  }

  /** `count` bits, at most 24, from bit `at` on. */
  bits(at: number, count: number): number {
    return (this.view.getUint32(at >> 3, true) >>> (at & 7)) & ((1 << count) - 1);
  }
}
