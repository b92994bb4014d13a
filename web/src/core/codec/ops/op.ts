import type { Picture } from '../picture.ts';
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
}
