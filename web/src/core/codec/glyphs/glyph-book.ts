import { ProtocolError } from '../../wire/reader.ts';
import type { Picture } from '../picture.ts';

const capacity = 4096;
/** The largest side and the most pixels of a symbol. */
const maxSide = 64;
const maxPixels = 2048;
/** Between two symbols that have not met yet. */
const usualGap = 1;
const pairBits = 14;
/** Memory is taken in steps, so that a slot's next symbol mostly fits where its last one was. */
const step = 64;

/**
 * The symbols that encoder and decoder of a stream both keep: exact pixels with the paper around the ink, and how they stand in a line. Which slot a new
 * one takes is the encoder's decision alone, so that both forget the same. At most 4,096 of 2,048 pixels: 32 MiB, taken as they come.
 */
export class GlyphBook {
  /** Slots in use, from 0 on. */
  count = 0;
  readonly widths = new Uint8Array(capacity);
  readonly heights = new Uint8Array(capacity);
  /** From the line's height to the symbol's top. */
  readonly drops = new Int8Array(capacity);

  private readonly memory: Uint32Array[] = [];
  private readonly gaps = new Int8Array(1 << pairBits);

  forget(): void {
    this.count = 0;
    this.gaps.fill(0);
  }

  /** Begins a symbol in a slot, at most one beyond those in use; its pixels are the caller's to fill. */
  define(slot: number, width: number, height: number, drop: number): Uint32Array {
    if (slot > this.count || slot >= capacity || width === 0 || width > maxSide || height === 0 || height > maxSide || width * height > maxPixels) {
      throw new ProtocolError('A symbol has no place, or a size out of range.');
    }
    this.count = Math.max(this.count, slot + 1);
    this.widths[slot] = width;
    this.heights[slot] = height;
    this.drops[slot] = drop;
    const kept = this.memory[slot];
    if (kept !== undefined && kept.length >= width * height) return kept;
    return (this.memory[slot] = new Uint32Array(Math.ceil((width * height) / step) * step));
  }

  /** The gap that these two had last when they stood beside each other. */
  gapBetween(left: number, right: number): number {
    return this.gaps[pairOf(left, right)]! + usualGap;
  }

  remember(left: number, right: number, gap: number): void {
    const more = gap - usualGap;
    if (more >= -128 && more <= 127) this.gaps[pairOf(left, right)] = more;
  }

  /** Paints a symbol, which lies within the picture. */
  paint(slot: number, { pixels, width }: Picture, x: number, y: number): void {
    const symbol = this.memory[slot]!;
    const columns = this.widths[slot]!;
    let from = 0;
    for (let row = this.heights[slot]!, at = y * width + x; row > 0; row--, at += width) {
      for (let i = 0; i < columns; i++) pixels[at + i] = symbol[from++]!;
    }
  }
}

function pairOf(left: number, right: number): number {
  return Math.imul((left << 12) | right, 0x9e3779b1) >>> (32 - pairBits);
}
