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

  // The row above in the predicted space.
  private row = new Int32Array(0);

  decode(parts: UpdateParts, { pixels, width }: Picture): void {
    const area = parts.readArea();
    const from = parts.packed.take(area.width * area.height * 3);
    const { bytes } = parts.packed;
    if (this.row.length < area.width) this.row = new Int32Array(area.width);
    const first = area.y * width + area.x;
    decodeFirstRow(bytes, from, this.row, pixels, first, area.width);
    for (let y = 1; y < area.height; y++) {
      decodeRow(bytes, from + y * area.width * 3, this.row, pixels, first + y * width, area.width);
    }
  }
}

// The three values of a pixel lie in one number, 10 bits each: blue lowest, then green, then red. All are predicted at once, without a branch, since what a
// photograph would branch on cannot be guessed. With the guard bit above a value set, subtracting another leaves it set if the first was not the less.
const lanes = 0xff | (0xff << 10) | (0xff << 20);
const guards = 0x100 | (0x100 << 10) | (0x100 << 20);
const origin = 128 | (128 << 20);

function decodeFirstRow(bytes: Uint8Array, from: number, row: Int32Array, pixels: Uint32Array, to: number, width: number): void {
  let left = origin;
  for (let i = 0; i < width; i++, from += 3) {
    left = (left + (bytes[from + 2]! | (bytes[from]! << 10) | (bytes[from + 1]! << 20))) & lanes;
    row[i] = left;
    pixels[to++] = pixelOf(left);
  }
}

function decodeRow(bytes: Uint8Array, from: number, row: Int32Array, pixels: Uint32Array, to: number, width: number): void {
  let left = row[0]!;
  let corner = left;
  for (let i = 0; i < width; i++, from += 3) {
    const above = row[i]!;
    let is = ((left | guards) - above) & guards;
    const swap = (left ^ above) & (is - (is >> 8));
    const least = left ^ swap;
    const most = above ^ swap;
    is = ((corner | guards) - most) & guards;
    const isMost = is - (is >> 8);
    is = ((least | guards) - corner) & guards;
    const isLeast = is - (is >> 8);
    let predicted = ((most | guards) - corner + least) & lanes;
    predicted ^= (predicted ^ most) & isLeast;
    predicted ^= (predicted ^ least) & isMost;
    left = (predicted + (bytes[from + 2]! | (bytes[from]! << 10) | (bytes[from + 1]! << 20))) & lanes;
    row[i] = left;
    corner = above;
    pixels[to++] = pixelOf(left);
  }
}

function pixelOf(value: number): number {
  const green = (value >> 10) & 255;
  return black | (((value + green + 128) & 255) << 16) | (green << 8) | (((value >> 20) + green + 128) & 255);
}
