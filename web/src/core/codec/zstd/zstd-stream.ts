import { ProtocolError } from '../../wire/reader.ts';
import { ZstdInput } from './input.ts';
import { Literals, maxBlock } from './literals.ts';
import { Sequences } from './sequences.ts';

const magic = 0xfd2fb528;
const maxWindow = 1 << 20;

/**
 * Decompresses one endless zstd frame (RFC 8878) that comes in flushed pieces, each of whole blocks, the first with the
 * frame's header. Narrower than zstd, as docs/protocol/codec.md says: a window of at most 1 MiB, no content size, no
 * checksum, no dictionary, no last block. Memory is twice the window and the largest piece so far; nothing is allocated
 * beyond that.
 */
export class ZstdStream {
  private readonly input = new ZstdInput();
  private readonly literals = new Literals();
  private readonly sequences = new Sequences();
  // At least a window of what was written before, then this piece.
  private target = new Uint8Array(3 * maxWindow);
  private length = 0;
  private window = 0;

  constructor() {
    this.reset();
  }

  /** Forgets everything; the next piece begins a new frame. */
  reset(): void {
    this.window = 0;
    this.length = 0;
    this.literals.forget();
    this.sequences.forget();
  }

  /**
   * All that one piece holds; the result is valid until the next call. Throws ProtocolError when the piece is malformed or holds
   * more than `budget` bytes; the stream is then of no use until `reset`.
   */
  decompress(piece: Uint8Array, budget: number): Uint8Array {
    // zstd writes nothing, not even its header, as long as there was nothing to compress.
    if (piece.length === 0) return piece;
    let at = this.input.load(piece);
    const { bytes, end } = this.input;
    if (this.window === 0) at = this.readFrameHeader(at);
    this.makeRoom();
    const kept = this.length;
    while (at < end) {
      if (at + 3 > end) throw new ProtocolError('A zstd block is cut off.');
      const head = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
      const size = head >> 3;
      const type = (head >> 1) & 3;
      at += 3;
      if ((head & 1) !== 0) throw new ProtocolError('A zstd stream ends.');
      if (size > Math.min(this.window, maxBlock)) throw new ProtocolError('A zstd block is larger than allowed.');
      const next = at + (type === 1 ? 1 : size);
      if (next > end) throw new ProtocolError('A zstd block is cut off.');
      this.readBlock(type, at, next, size, kept, budget);
      at = next;
    }
    return this.target.subarray(kept, this.length);
  }

  private readBlock(type: number, at: number, end: number, size: number, kept: number, budget: number): void {
    const limit = Math.min(this.length + maxBlock, kept + budget);
    this.reserve(limit);
    const { target, length } = this;
    if (type === 2) {
      at = this.literals.read(this.input, at, end);
      this.length = this.sequences.run(this.input, at, end, this.literals, target, length, limit, 0, this.window);
      return;
    }
    if (type === 3) throw new ProtocolError('A zstd block has an unknown type.');
    if (length + size > limit) throw new ProtocolError('A zstd block is larger than allowed.');
    if (type === 0) target.set(this.input.bytes.subarray(at, end), length);
    else target.fill(this.input.bytes[at]!, length, length + size);
    this.length += size;
  }

  private readFrameHeader(at: number): number {
    const { view, bytes, end } = this.input;
    if (at + 6 > end) throw new ProtocolError('A zstd frame is cut off.');
    if (view.getUint32(at, true) !== magic) throw new ProtocolError('This is not zstd.');
    const window = bytes[at + 5]!;
    const base = 2 ** (10 + (window >> 3));
    this.window = base + (base / 8) * (window & 7);
    if (bytes[at + 4] !== 0) throw new ProtocolError('A zstd frame has a form that streams of updates do not have.');
    if (this.window > maxWindow) throw new ProtocolError('A zstd window is too large.');
    return at + 6;
  }

  /** Forgets what no match can reach, once that is worth a copy. */
  private makeRoom(): void {
    if (this.length <= 2 * maxWindow) return;
    const kept = Math.min(this.length, this.window);
    this.target.copyWithin(0, this.length - kept, this.length);
    this.length = kept;
  }

  private reserve(length: number): void {
    if (length <= this.target.length) return;
    const larger = new Uint8Array(Math.max(length, this.target.length * 2));
    larger.set(this.target.subarray(0, this.length));
    this.target = larger;
  }
}
