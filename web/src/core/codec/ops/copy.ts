import type { Picture } from '../picture.ts';
import type { Op } from './op.ts';
import type { UpdateParts } from './update-parts.ts';

/**
 * Pixels that the picture has elsewhere: read as the operations before it have left them, whole before they are written.
 *
 *     u8 16 | u16 x | u16 y | u16 width | u16 height | u16 from x | u16 from y
 */
export class CopyOp implements Op {
  readonly code = 16;

  decode(parts: UpdateParts, { pixels, width }: Picture): void {
    const area = parts.readPlace();
    parts.countCopied(area);
    const from = parts.readSource(area);
    // Rows go against the direction of the motion, so that none is overwritten before it has been read; copyWithin minds it within a row.
    const last = area.height - 1;
    for (let i = 0; i <= last; i++) {
      const row = area.y > from.y ? last - i : i;
      const start = (from.y + row) * width + from.x;
      pixels.copyWithin((area.y + row) * width + area.x, start, start + area.width);
    }
  }
}
