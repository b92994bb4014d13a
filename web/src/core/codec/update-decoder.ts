import { ProtocolError } from '../wire/reader.ts';
import { createOps } from './ops/table.ts';
import type { Op } from './ops/op.ts';
import { UpdateParts } from './ops/update-parts.ts';
import type { Picture } from './picture.ts';
import { black, createPicture, isValidSize } from './picture.ts';
import type { PixelRect } from './pixel-rect.ts';
import { DirtyRects } from './pixel-rect.ts';
import type { UpdateHeader } from './update-header.ts';
import { readUpdate } from './update-header.ts';
import { ZstdStream } from './zstd/zstd-stream.ts';

export type { Picture, PixelRect };

/** What an update did to the picture. */
export interface UpdateResult {
  /** The update's number in its stream; a viewer acknowledges it after painting. */
  readonly sequence: number;
  /** The host's microseconds mod 2^32 at capture. */
  readonly captureMicros: number;
  /** The picture began anew, perhaps with another size: `picture` may be another object. */
  readonly full: boolean;
  /** Around everything that was painted. */
  readonly bounds: PixelRect;
  /** What was painted, at most 32 rectangles, perhaps merged with a little around it. */
  readonly dirty: readonly PixelRect[];
}

const maxOperations = 65536;

/**
 * Applies the updates of one stream to a picture. After a ProtocolError the picture may be half painted and the
 * decoder is of no more use, until an update that is full and reset.
 */
export class UpdateDecoder {
  /** The picture after the last update; undefined before the first. */
  picture: Picture | undefined;

  private readonly ops: (Op | undefined)[] = new Array<Op | undefined>(256).fill(undefined);
  private readonly stream = new ZstdStream();
  private readonly dirty = new DirtyRects();
  private readonly parts = new UpdateParts(this.dirty);
  private sequence = 0;
  private isBroken = true;
  private isSnapshot = false;

  constructor() {
    for (const op of createOps()) this.ops[op.code] = op;
  }

  /** Applies one update whole. Throws ProtocolError when it is malformed, out of order or over a budget. */
  apply(update: Uint8Array): UpdateResult {
    const header = readUpdate(update);
    if (!header.full || !header.reset) this.requireContinuation(header);
    this.isBroken = true;
    this.dirty.clear();
    const picture = this.prepare(header);
    if (header.reset) this.forget();

    // Four bytes a pixel hold any operation of an honest encoder with its arguments; the rest is for small pictures.
    const packed = this.stream.decompress(header.packed, picture.width * picture.height * 4 + 65536);
    const { parts } = this;
    parts.start(packed, header.loose, picture);
    for (let count = 0; parts.packed.remaining > 0; count++) {
      if (count === maxOperations) throw new ProtocolError('An update has too many operations.');
      const code = parts.packed.u8();
      const op = this.ops[code];
      if (op === undefined) throw new ProtocolError(`An update has the unknown operation ${code}.`);
      op.decode(parts, picture);
    }
    if (parts.loose.remaining !== 0) throw new ProtocolError('An update was longer than its contents.');

    this.sequence = header.sequence;
    this.isSnapshot = header.snapshot;
    this.isBroken = false;
    const { sequence, captureMicros, full } = header;
    return { sequence, captureMicros, full, bounds: this.dirty.bounds, dirty: this.dirty.rects };
  }

  private requireContinuation(header: UpdateHeader): void {
    if (this.isBroken) throw new ProtocolError('An update continues a picture that is not there.');
    if (this.isSnapshot && !header.reset) throw new ProtocolError('A snapshot was continued without a reset.');
    // With reset it may begin anew at any number: a viewer changes streams there (docs/protocol/codec.md).
    if (!header.reset && header.sequence !== (this.sequence + 1) >>> 0) {
      throw new ProtocolError(`Update ${header.sequence} came after ${this.sequence}.`);
    }
  }

  private prepare({ width, height, full }: UpdateHeader): Picture {
    if (!isValidSize(width, height)) throw new ProtocolError(`A picture of ${width} x ${height} pixels is out of range.`);
    const { picture } = this;
    const isSameSize = picture !== undefined && picture.width === width && picture.height === height;
    if (!full) {
      if (!isSameSize) throw new ProtocolError("An update changes the picture's size without being full.");
      return picture;
    }
    if (isSameSize) picture.pixels.fill(black);
    const target = isSameSize ? picture : createPicture(width, height);
    this.picture = target;
    this.dirty.add({ x: 0, y: 0, width, height });
    return target;
  }

  private forget(): void {
    this.stream.reset();
    for (const op of this.ops) op?.forget?.();
  }
}
