import { ProtocolError } from '../../wire/reader.ts';
import type { Picture } from '../picture.ts';
import type { Op } from './op.ts';
import type { UpdateParts } from './update-parts.ts';

const limits = [2, 4, 16, 255] as const;
const fresh = 4;

/**
 * Few colours: an index a pixel into a palette. There is one palette for each depth, and it lives as long as the window.
 *
 *     u8 2 | u16 x | u16 y | u16 width | u16 height
 *     u8 form     bits 0-1 depth: 1, 2, 4 or 8 bits an index; bit 2: the palette of this depth is emptied first
 *     u8 added    colours that are appended to it: (u8 r, g, b) * added
 *     rows        ceil(width * depth / 8) bytes each, first pixel in the lowest bits
 */
export class PaletteOp implements Op {
  readonly code = 2;

  private readonly palettes = limits.map(() => new Uint32Array(256));
  private readonly counts = [0, 0, 0, 0];

  forget(): void {
    this.counts.fill(0);
  }

  decode(parts: UpdateParts, { pixels, width }: Picture): void {
    const area = parts.readArea();
    const form = parts.packed.u8();
    if (form > (fresh | 3)) throw new ProtocolError('A palette has an unknown form.');
    const depth = form & 3;
    const palette = this.palettes[depth]!;
    const count = this.extend(parts, palette, depth, (form & fresh) !== 0 ? 0 : this.counts[depth]!);

    const stride = (area.width * (1 << depth) + 7) >> 3;
    let from = parts.packed.take(stride * area.height);
    const { bytes } = parts.packed;
    palette.fill(0, count, 1 << (1 << depth));
    // What has no colour is 0, which no colour is: all of them have the highest bit.
    let all = -1;
    for (let y = area.y; y < area.y + area.height; y++, from += stride) {
      const to = y * width + area.x;
      if (depth === 3) all &= unpackBytes(bytes, from, palette, pixels, to, area.width);
      else if (depth === 0) all &= unpackBits(bytes, from, palette, pixels, to, area.width);
      else all &= unpack(bytes, from, depth, palette, pixels, to, area.width);
    }
    if (all >= 0) throw new ProtocolError('A palette index is out of range.');
  }

  private extend(parts: UpdateParts, palette: Uint32Array, depth: number, count: number): number {
    const added = parts.packed.u8();
    if (count + added > limits[depth]!) throw new ProtocolError('A palette has too many colours.');
    for (let i = 0; i < added; i++) palette[count++] = parts.readColour();
    this.counts[depth] = count;
    return count;
  }
}

// Each paints a row and returns all its colours, anded.

function unpackBytes(bytes: Uint8Array, from: number, palette: Uint32Array, pixels: Uint32Array, to: number, width: number): number {
  let all = -1;
  for (const end = to + width; to < end; ) {
    const colour = palette[bytes[from++]!]!;
    all &= colour;
    pixels[to++] = colour;
  }
  return all;
}

function unpackBits(bytes: Uint8Array, from: number, palette: Uint32Array, pixels: Uint32Array, to: number, width: number): number {
  const zero = palette[0]!;
  const swap = zero ^ palette[1]!;
  let ones = 0;
  for (const end = to + width; to < end; ) {
    const stop = Math.min(to + 8, end);
    let value = bytes[from++]!;
    ones |= value & ((1 << (stop - to)) - 1);
    for (; to < stop; value >>= 1) pixels[to++] = zero ^ (swap & -(value & 1));
  }
  return ones === 0 ? zero : zero & palette[1]!;
}

function unpack(bytes: Uint8Array, from: number, depth: number, palette: Uint32Array, pixels: Uint32Array, to: number, width: number): number {
  const bits = 1 << depth;
  const mask = (1 << bits) - 1;
  let all = -1;
  for (const end = to + width; to < end; ) {
    let value = bytes[from++]!;
    for (const stop = Math.min(to + (8 >> depth), end); to < stop; value >>= bits) {
      const colour = palette[value & mask]!;
      all &= colour;
      pixels[to++] = colour;
    }
  }
  return all;
}
