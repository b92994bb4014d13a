import type { Picture } from '../picture.ts';
import { black } from '../picture.ts';
import type { Op } from './op.ts';
import type { UpdateParts } from './update-parts.ts';

/**
 * Many colours: what is left after a gradient prediction, within the rectangle alone.
 *
 *     u8 3 | u16 x | u16 y | u16 width | u16 height | (u8 green, red, blue residual) * width * height
 *
 * Predicted are green, red - green + 128 and blue - green + 128, mod 256, each from its values to the left, above and at the
 * corner: the least of left and above when the corner is the most, the most when it is the least, else left + above - corner.
 * The first row is predicted from the left, the first column from above, the first pixel from black (0, 128, 128).
 */
export class PredictedOp implements Op {
  readonly code = 3;

  // The row above in the predicted space, three values a pixel.
  private row = new Uint8Array(0);

  decode(parts: UpdateParts, { pixels, width }: Picture): void {
    const area = parts.readArea();
    let from = parts.packed.take(area.width * area.height * 3);
    const { bytes } = parts.packed;
    if (this.row.length < area.width * 3) this.row = new Uint8Array(area.width * 3);
    const { row } = this;
    for (let y = 0; y < area.height; y++) {
      let to = (area.y + y) * width + area.x;
      const end = to + area.width;
      let at = 0;
      let g = y === 0 ? 0 : row[0]!;
      let r = y === 0 ? 128 : row[1]!;
      let b = y === 0 ? 128 : row[2]!;
      let cornerG = g;
      let cornerR = r;
      let cornerB = b;
      while (to < end) {
        if (y === 0) {
          g = (g + bytes[from]!) & 255;
          r = (r + bytes[from + 1]!) & 255;
          b = (b + bytes[from + 2]!) & 255;
        } else {
          const aboveG = row[at]!;
          const aboveR = row[at + 1]!;
          const aboveB = row[at + 2]!;
          g = (predict(g, aboveG, cornerG) + bytes[from]!) & 255;
          r = (predict(r, aboveR, cornerR) + bytes[from + 1]!) & 255;
          b = (predict(b, aboveB, cornerB) + bytes[from + 2]!) & 255;
          cornerG = aboveG;
          cornerR = aboveR;
          cornerB = aboveB;
        }
        row[at] = g;
        row[at + 1] = r;
        row[at + 2] = b;
        at += 3;
        from += 3;
        pixels[to++] = black | (((b + g + 128) & 255) << 16) | (g << 8) | ((r + g + 128) & 255);
      }
    }
  }
}

function predict(left: number, above: number, corner: number): number {
  if (left < above) return corner >= above ? left : corner <= left ? above : left + above - corner;
  return corner >= left ? above : corner <= above ? left : left + above - corner;
}
