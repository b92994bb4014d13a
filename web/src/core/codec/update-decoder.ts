import { ProtocolError } from '../wire/reader.ts';
import { createDeferredOps, createOps, show } from './ops/table.ts';
import type { DeferredOp, Op, Prepared } from './ops/op.ts';
import { UpdateParts } from './ops/update-parts.ts';
import type { Picture } from './picture.ts';
import { black, createPicture, isValidSize } from './picture.ts';
import type { Codecs } from './picture-codec.ts';
import type { PixelRect } from './pixel-rect.ts';
import { DirtyRects } from './pixel-rect.ts';
import type { Continued, UpdateHeader } from './update-header.ts';
import { nothingBefore, readUpdate } from './update-header.ts';
import { ZstdStream } from './zstd/zstd-stream.ts';

export type { Picture, PixelRect };

/** What an update did to the picture. */
export interface UpdateResult {
  /** The update's number in its stream; a viewer acknowledges it after painting. */
  readonly sequence: number;
  /** The picture began anew, perhaps with another size: `picture` may be another object. */
  readonly full: boolean;
  /** Around everything that was painted. */
  readonly bounds: PixelRect;
  /** What was painted, at most 32 rectangles, perhaps merged with a little around it. */
  readonly dirty: readonly PixelRect[];
}

const maxOperations = 65536;
/** Each costs a decoder of the platform's own a start. */
const maxDeferred = 1024;

/**
 * Applies the updates of one stream to a picture. After a ProtocolError the picture may be half painted and the
 * decoder is of no more use, until an update that is full and reset.
 *
 * An update whose pixels the platform decodes (docs/protocol/codec.md, deferred operations) takes a while: until then neither the
 * picture nor its size changes, so that whoever looks at it meanwhile sees the one before, whole.
 */
export class UpdateDecoder {
  /** The picture after the last update; undefined before the first. */
  picture: Picture | undefined;

  private readonly ops: (Op | undefined)[] = new Array<Op | undefined>(256).fill(undefined);
  private readonly deferredOps = new Map<number, DeferredOp>();
  private readonly stream = new ZstdStream();
  private readonly dirty = new DirtyRects();
  private readonly parts = new UpdateParts(this.dirty);
  /** The deferred operations of this update, in the order in which they are shown. */
  private deferred: Prepared[] = [];
  private isBroken = true;
  private before: Continued & { readonly snapshot: boolean } = { ...nothingBefore, snapshot: false };
  private isBusy = false;

  constructor(codecs: Codecs = {}) {
    for (const op of createOps()) this.ops[op.code] = op;
    for (const op of createDeferredOps(codecs)) this.deferredOps.set(op.code, op);
  }

  /**
   * Applies one update whole: at once, or, if the platform has something to decode for it, when the promise is fulfilled; no other update may
   * be applied before. Throws, or rejects with, ProtocolError when it is malformed, out of order or over a budget. The bytes must stay as they are
   * until then.
   */
  apply(update: Uint8Array): UpdateResult | Promise<UpdateResult> {
    if (this.isBusy) throw new Error('An update is applied before the one before it.');
    const header = readUpdate(update, this.before);
    if (!header.full || !header.reset) this.requireContinuation(header);
    this.isBroken = true;
    this.requireSize(header);
    this.dirty.clear();
    if (header.reset) this.forget();
    if (header.full) for (const op of this.ops) op?.beginPicture?.();
    if (header.full || header.reset) for (const op of this.deferredOps.values()) op.forget?.();

    // Four bytes a pixel hold any operation of an honest encoder with its arguments; the rest is for small pictures.
    const packed = this.stream.decompress(header.packed, header.width * header.height * 4 + 65536);
    this.parts.start(packed, header.loose, header.width, header.height);
    this.deferred = [];
    const decoding = header.deferred ? this.prepareDeferred() : undefined;
    if (decoding === undefined) return this.paint(header);
    this.isBusy = true;
    return decoding.finally(() => (this.isBusy = false)).then(() => this.paint(header));
  }

  /** Starts all that the platform is to decode; undefined when there is nothing to wait for. */
  private prepareDeferred(): Promise<unknown> | undefined {
    const { parts } = this;
    const { loose } = parts;
    const count = loose.u16();
    if (count > maxDeferred) throw new ProtocolError('An update has too many pictures.');
    const waits: Promise<void>[] = [];
    try {
      for (let i = 0; i < count; i++) {
        const code = loose.u8();
        const op = this.deferredOps.get(code);
        if (op === undefined) throw new ProtocolError(`An update has the unknown operation ${code}.`);
        const area = parts.readDeferredArea();
        const argument = loose.u8();
        const length = loose.u32();
        const from = loose.take(length);
        const prepared = op.prepare(area, argument, loose.bytes.subarray(from, from + length));
        this.deferred.push(prepared);
        if (prepared.ready !== undefined) waits.push(prepared.ready);
      }
    } catch (error) {
      // The update is refused; what has been started fails or not, and nobody minds.
      for (const wait of waits) wait.catch(() => undefined);
      throw error;
    }
    return waits.length === 0 ? undefined : Promise.all(waits);
  }

  /** Everything that changes the picture, in one step. */
  private paint(header: UpdateHeader): UpdateResult {
    const { parts, deferred } = this;
    const picture = this.begin(header);
    let shown = 0;
    for (let count = 0; parts.packed.remaining > 0; count++) {
      if (count === maxOperations) throw new ProtocolError('An update has too many operations.');
      const code = parts.packed.u8();
      if (code === show) {
        const next = deferred[shown++];
        if (next === undefined) throw new ProtocolError('An update shows a picture that it does not have.');
        next.paint(picture);
        continue;
      }
      const op = this.ops[code];
      if (op === undefined) throw new ProtocolError(`An update has the unknown operation ${code}.`);
      op.decode(parts, picture);
    }
    if (shown !== deferred.length) throw new ProtocolError('An update has a picture that it does not show.');
    if (parts.loose.remaining !== 0) throw new ProtocolError('An update was longer than its contents.');

    const { sequence, full, width, height, snapshot } = header;
    // Not the header itself, which would hold on to the update's bytes.
    this.before = { sequence, width, height, snapshot };
    this.isBroken = false;
    return { sequence, full, bounds: this.dirty.bounds, dirty: this.dirty.rects };
  }

  private requireContinuation(header: UpdateHeader): void {
    if (this.isBroken) throw new ProtocolError('An update continues a picture that is not there.');
    if (this.before.snapshot && !header.reset) throw new ProtocolError('A snapshot was continued without a reset.');
    // With reset it may begin anew at any number: a viewer changes streams there (docs/protocol/codec.md).
    if (!header.reset && header.sequence !== (this.before.sequence + 1) >>> 0) {
      throw new ProtocolError(`Update ${header.sequence} came after ${this.before.sequence}.`);
    }
  }

  private requireSize({ width, height, full }: UpdateHeader): void {
    if (!isValidSize(width, height)) throw new ProtocolError(`A picture of ${width} x ${height} pixels is out of range.`);
    if (!full && (this.picture?.width !== width || this.picture.height !== height)) {
      throw new ProtocolError("An update changes the picture's size without being full.");
    }
  }

  private begin({ width, height, full }: UpdateHeader): Picture {
    const { picture } = this;
    const isSameSize = picture !== undefined && picture.width === width && picture.height === height;
    if (isSameSize && !full) return picture;
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
