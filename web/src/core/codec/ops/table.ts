import { CopyOp } from './copy.ts';
import type { Op } from './op.ts';
import { PaletteOp } from './palette.ts';
import { PredictedOp } from './predicted.ts';
import { RawOp } from './raw.ts';
import { SolidOp } from './solid.ts';

/** All operations there are: a new one is a file beside this and a place here. */
export function createOps(): Op[] {
  return [new SolidOp(), new PaletteOp(), new PredictedOp(), new RawOp(), new CopyOp()];
}
