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

    const bits = 1 << depth;
    const mask = (1 << bits) - 1;
    const stride = (area.width * bits + 7) >> 3;
    let from = parts.packed.take(stride * area.height);
    const { bytes } = parts.packed;
    for (let y = area.y; y < area.y + area.height; y++) {
      let to = y * width + area.x;
      const end = to + area.width;
      if (depth === 3) {
        while (to < end) {
          const index = bytes[from++]!;
          if (index >= count) throw new ProtocolError('A palette index is out of range.');
          pixels[to++] = palette[index]!;
        }
        continue;
      }
      while (to < end) {
        let value = bytes[from++]!;
        for (const stop = Math.min(to + (8 >> depth), end); to < stop; value >>= bits) {
          const index = value & mask;
          if (index >= count) throw new ProtocolError('A palette index is out of range.');
          pixels[to++] = palette[index]!;
        }
      }
    }
  }

  private extend(parts: UpdateParts, palette: Uint32Array, depth: number, count: number): number {
    const added = parts.packed.u8();
    if (count + added > limits[depth]!) throw new ProtocolError('A palette has too many colours.');
    for (let i = 0; i < added; i++) palette[count++] = parts.readColour();
    this.counts[depth] = count;
    return count;
  }
}
