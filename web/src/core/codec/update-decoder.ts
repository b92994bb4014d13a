/** A rectangle of pixels; left and top inclusive. */
export interface PixelRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What an update did to the picture. */
export interface UpdateResult {
  /** The update's number in its stream; a viewer acknowledges it after painting. */
  readonly sequence: number;
  /** The host's microseconds mod 2^32 at capture. */
  readonly captureMicros: number;
  /** The picture began anew, perhaps with another size: `picture` is another object then. */
  readonly full: boolean;
  /** Around everything that was painted. */
  readonly bounds: PixelRect;
  /** What was painted, at most 32 rectangles, perhaps merged. */
  readonly dirty: readonly PixelRect[];
}

/** RGBA, alpha 255, rows without gaps; ready for putImageData or a texture. Both views are of the same memory. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** One number a pixel, 0xAABBGGRR. */
  readonly pixels: Uint32Array<ArrayBuffer>;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Applies the updates of one stream to a picture. After a ProtocolError the picture may be half painted and the
 * decoder is of no more use, until an update that is full and reset.
 */
export class UpdateDecoder {
  /** The picture after the last update; undefined before the first. */
  picture: Picture | undefined;

  /** Applies one update whole. Throws ProtocolError when it is malformed, out of order or over a budget. */
  apply(_update: Uint8Array): UpdateResult {
    throw new Error('not implemented');
  }
}
