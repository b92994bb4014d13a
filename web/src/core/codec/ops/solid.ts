import type { Picture } from '../picture.ts';
import type { Op } from './op.ts';
import type { UpdateParts } from './update-parts.ts';

/**
 * One colour.
 *
 *     u8 1 | u16 x | u16 y | u16 width | u16 height | u8 r, g, b
 */
export class SolidOp implements Op {
  readonly code = 1;

  decode(parts: UpdateParts, { pixels, width }: Picture): void {
    const area = parts.readArea();
    const colour = parts.readColour();
    for (let y = area.y; y < area.y + area.height; y++) {
      const start = y * width + area.x;
      pixels.fill(colour, start, start + area.width);
    }
  }
}
