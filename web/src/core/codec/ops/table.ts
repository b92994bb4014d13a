import { requireTemporalUnit } from '../av1.ts';
import { requireAccessUnit } from '../h264.ts';
import type { Codecs } from '../picture-codec.ts';
import { CachedOp } from './cached.ts';
import { CopyOp } from './copy.ts';
import type { DeferredOp, Op } from './op.ts';
import { GlyphOp } from './glyphs.ts';
import { PaletteOp } from './palette.ts';
import { PictureOp } from './picture.ts';
import { PredictedOp } from './predicted.ts';
import { RawOp } from './raw.ts';
import { SolidOp } from './solid.ts';
import { VideoOp } from './video.ts';

/** All operations there are: a new one is a file beside this and a place here. */
export function createOps(): Op[] {
  return [new SolidOp(), new PaletteOp(), new PredictedOp(), new RawOp(), new CopyOp(), new CachedOp(), new GlyphOp()];
}

/** Those that the platform decodes, as far as it can. */
export function createDeferredOps({ picture, h264, av1 }: Codecs): DeferredOp[] {
  const ops: DeferredOp[] = [];
  if (picture !== undefined) ops.push(new PictureOp(picture));
  if (h264 !== undefined) ops.push(new VideoOp(20, h264, requireAccessUnit));
  if (av1 !== undefined) ops.push(new VideoOp(21, av1, requireTemporalUnit));
  return ops;
}

/** `u8 22`: the next of the update's deferred operations is painted here. It belongs to the decoder, which has their list. */
export const show = 22;
