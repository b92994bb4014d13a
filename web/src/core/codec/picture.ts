/** RGBA, alpha 255, rows without gaps; ready for putImageData or a texture. Both views are of the same memory. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** One number a pixel, 0xAABBGGRR. */
  readonly pixels: Uint32Array<ArrayBuffer>;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

export const black = 0xff000000;

/** The largest side of a picture, and the most pixels it has (8K by 4K). */
const maxSide = 16384;
const maxPixels = 8192 * 4320;

export function isValidSize(width: number, height: number): boolean {
  return width > 0 && height > 0 && width <= maxSide && height <= maxSide && width * height <= maxPixels;
}

export function createPicture(width: number, height: number): Picture {
  const pixels = new Uint32Array(width * height).fill(black);
  return { width, height, pixels, rgba: new Uint8ClampedArray(pixels.buffer) };
}
