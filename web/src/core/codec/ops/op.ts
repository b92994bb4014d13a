import type { Picture } from '../picture.ts';
import type { PixelRect } from '../pixel-rect.ts';
import type { UpdateParts } from './update-parts.ts';

/**
 * One operation of the format: what one file knows. What it remembers from update to update is the same as in the encoder, and
 * forgotten at a reset.
 */
export interface Op {
  /** The first byte of the operation in the packed part. */
  readonly code: number;
  /** Reads the arguments, which follow the code, and paints. */
  decode(parts: UpdateParts, picture: Picture): void;
  forget?(): void;
  /** The picture begins anew, black and perhaps of another size, while palettes and window may go on. */
  beginPicture?(): void;
}

/**
 * An operation whose pixels the browser decodes, which takes a while. All of an update's stand at the beginning of the loose part, so that all of
 * them are on their way before the first pixel of the update is painted; `show` operations among the others say when each is painted.
 *
 *     u8 op | u16 x | u16 y | u16 width | u16 height | u8 argument | u32 length | data
 */
export interface DeferredOp {
  readonly code: number;
  /** Begins to decode. Paints nothing. */
  prepare(area: PixelRect, argument: number, data: Uint8Array): Prepared;
  /** At a reset, and when the picture begins anew. */
  forget?(): void;
}

/** Pixels on their way. */
export interface Prepared {
  /** Settles when `paint` can be called; rejects when it never can. Undefined: it can be called at once. */
  readonly ready: Promise<void> | undefined;
  paint(picture: Picture): void;
}
