import type { Picture } from '../picture.ts';
import { black } from '../picture.ts';
import type { Op } from './op.ts';
import type { UpdateParts } from './update-parts.ts';

/**
 * Noise: colours as they are, in the loose part.
 *
 *     u8 4 | u16 x | u16 y | u16 width | u16 height      loose: (u8 r, g, b) * width * height
 */
export class RawOp implements Op {
  readonly code = 4;

  decode(parts: UpdateParts, { pixels, width }: Picture): void {
    const area = parts.readArea();
    let from = parts.loose.take(area.width * area.height * 3);
    const { bytes } = parts.loose;
    for (let y = area.y; y < area.y + area.height; y++) {
      const start = y * width + area.x;
      for (let to = start; to < start + area.width; to++, from += 3) {
        pixels[to] = black | (bytes[from + 2]! << 16) | (bytes[from + 1]! << 8) | bytes[from]!;
      }
    }
  }
}
