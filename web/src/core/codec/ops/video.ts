import { ProtocolError } from '../../wire/reader.ts';
import type { Picture } from '../picture.ts';
import type { PixelRect } from '../pixel-rect.ts';
import type { VideoCodec, VideoStream } from '../video-codec.ts';
import type { DeferredOp, Prepared } from './op.ts';
import { ByteCursor } from './update-parts.ts';

const first = 4;
const end = 8;
const holed = 16;
const maxHoles = 8;
const minSide = 16;
const maxSide = 4096;
/** The largest frame of H.264 level 5.1, in pixels. */
const maxPixels = 36864 * 256;

const even = (side: number): number => (side + 1) & ~1;

/** Throws what it finds wrong with an access unit before a decoder sees it. */
export type AccessUnitCheck = (bytes: Uint8Array, isKey: boolean, width: number, height: number) => void;

interface Region {
  readonly width: number;
  readonly height: number;
  readonly stream: VideoStream;
  isRunning: boolean;
}

/**
 * The next frame of a region that is sent as video, not exact. A region keeps its size from its first frame to its end; it may move.
 *
 *     u8 20 (H.264) or 21 (AV1) | u16 x | u16 y | u16 width | u16 height | u8 argument | u32 length | [holes] access unit
 *
 *     argument   bits 0-1 region | bit 2 its first frame | bit 3 its end, without a frame | bit 4 holes come before the frame
 *     holes      u8 count | (u16 x | u16 y | u16 width | u16 height) * count
 */
export class VideoOp implements DeferredOp {
  private readonly regions: (Region | undefined)[] = [undefined, undefined, undefined, undefined];
  private readonly cursor = new ByteCursor();

  constructor(readonly code: number, private readonly codec: VideoCodec, private readonly check: AccessUnitCheck) {}

  prepare(area: PixelRect, argument: number, data: Uint8Array): Prepared {
    const isEnd = (argument & end) !== 0;
    if (argument >= 32 || (isEnd && argument >= 12)) throw new ProtocolError('A video frame says of itself what cannot be.');
    const number = argument & 3;
    if (isEnd) {
      if (data.length !== 0) throw new ProtocolError('A video that ends has a frame.');
      this.close(number);
      return nothing;
    }
    if ((argument & first) !== 0) this.open(number, area);
    const region = this.regions[number];
    if (region === undefined || region.width !== area.width || region.height !== area.height) {
      throw new ProtocolError('A video goes on that is not there, or in another size.');
    }
    const { cursor } = this;
    cursor.start(data);
    const holes = (argument & holed) !== 0 ? readHoles(cursor, area) : [];
    const accessUnit = data.subarray(data.length - cursor.remaining);
    this.check(accessUnit, !region.isRunning, even(area.width), even(area.height));
    const decoding = region.stream.decode(accessUnit, !region.isRunning);
    region.isRunning = true;
    return new DecodingFrame(area, holes, decoding);
  }

  forget(): void {
    for (let number = 0; number < this.regions.length; number++) this.close(number);
  }

  private open(number: number, { width, height }: PixelRect): void {
    this.close(number);
    const isInRange = Math.min(width, height) >= minSide && Math.max(width, height) <= maxSide && even(width) * even(height) <= maxPixels;
    if (!isInRange) throw new ProtocolError(`A video of ${width} x ${height} pixels is out of range.`);
    try {
      this.regions[number] = { width, height, stream: this.codec.open(even(width), even(height)), isRunning: false };
    } catch (error) {
      throw new VideoFailure(`A video could not be begun: ${reasonOf(error)}.`);
    }
  }

  private close(number: number): void {
    this.regions[number]?.stream.close();
    this.regions[number] = undefined;
  }
}

/** The platform's decoder gave up: over what it was given, or because its hardware was taken away. Who can tell? */
export class VideoFailure extends ProtocolError {}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no reason was given';
}

const nothing: Prepared = { ready: undefined, paint: () => undefined };

function readHoles(cursor: ByteCursor, region: PixelRect): PixelRect[] {
  const count = cursor.u8();
  const holes: PixelRect[] = [];
  for (let i = 0; i < count; i++) {
    const hole = { x: cursor.u16(), y: cursor.u16(), width: cursor.u16(), height: cursor.u16() };
    const isWithin = hole.width > 0 && hole.height > 0 && hole.x + hole.width <= region.width && hole.y + hole.height <= region.height;
    if (i === maxHoles || !isWithin) throw new ProtocolError('A video frame leaves parts as they are that are not there.');
    holes.push(hole);
  }
  // From left to right, as a row is painted.
  return holes.sort((a, b) => a.x - b.x);
}

class DecodingFrame implements Prepared {
  readonly ready: Promise<void>;
  private decoded: Uint32Array | undefined;

  constructor(private readonly area: PixelRect, private readonly holes: readonly PixelRect[], decoding: Promise<Uint32Array>) {
    this.ready = decoding.then(
      (pixels) => {
        if (pixels.length !== even(area.width) * even(area.height)) throw new ProtocolError('A video frame came out in another size.');
        this.decoded = pixels;
      },
      (error: unknown) => {
        throw new VideoFailure(`A video frame could not be decoded: ${reasonOf(error)}.`);
      },
    );
  }

  paint({ pixels, width }: Picture): void {
    const { area, holes, decoded } = this;
    if (decoded === undefined) throw new Error('A video frame is painted before it is ready.');
    const stride = even(area.width);
    for (let y = 0; y < area.height; y++) {
      const to = (area.y + y) * width + area.x;
      let x = 0;
      for (const hole of holes) {
        if (y < hole.y || y >= hole.y + hole.height) continue;
        if (hole.x > x) pixels.set(decoded.subarray(y * stride + x, y * stride + hole.x), to + x);
        x = Math.max(x, hole.x + hole.width);
      }
      if (x < area.width) pixels.set(decoded.subarray(y * stride + x, y * stride + area.width), to + x);
    }
  }
}
