import { ProtocolError } from '../../wire/reader.ts';
import { black } from '../picture.ts';
import type { DirtyRects, PixelRect } from '../pixel-rect.ts';

/** A place in bytes that are being read; `take` gives positions, so that nothing is allocated. */
export class ByteCursor {
  bytes: Uint8Array = new Uint8Array(0);
  private at = 0;

  start(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  /** Where the next `count` bytes begin. */
  take(count: number): number {
    const from = this.at;
    if (count > this.bytes.length - from) throw new ProtocolError('An update ended too early.');
    this.at = from + count;
    return from;
  }

  u8(): number {
    return this.bytes[this.take(1)]!;
  }

  u16(): number {
    const at = this.take(2);
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }
}

/** The two parts of an update being read, and what is left of its budget. */
export class UpdateParts {
  readonly packed = new ByteCursor();
  readonly loose = new ByteCursor();
  private width = 0;
  private height = 0;
  private pixelsLeft = 0;
  private copiesLeft = 0;
  private storesLeft = 0;

  constructor(private readonly dirty: DirtyRects) {}

  start(packed: Uint8Array, loose: Uint8Array, width: number, height: number): void {
    this.packed.start(packed);
    this.loose.start(loose);
    this.width = width;
    this.height = height;
    // An update may paint each pixel twice: what it costs to read is bounded by its picture.
    this.pixelsLeft = 2 * width * height;
    this.copiesLeft = width * height;
    this.storesLeft = width * height;
  }

  /** The rectangle an operation paints: within the picture, not empty, within the budget. */
  readArea(): PixelRect {
    return this.readPainted(this.packed);
  }

  /** The same of a deferred operation, which stands in the loose part. */
  readDeferredArea(): PixelRect {
    return this.readPainted(this.loose);
  }

  private readPainted(cursor: ByteCursor): PixelRect {
    const rect = this.readPlace(cursor);
    this.countPainted(rect);
    return rect;
  }

  /** A rectangle within the picture, not empty. Who paints or stores it says so before. */
  readPlace(cursor: ByteCursor = this.packed): PixelRect {
    const rect = { x: cursor.u16(), y: cursor.u16(), width: cursor.u16(), height: cursor.u16() };
    if (rect.width === 0 || rect.height === 0 || rect.x + rect.width > this.width || rect.y + rect.height > this.height) {
      throw new ProtocolError('An update paints outside its picture.');
    }
    return rect;
  }

  countPainted(rect: PixelRect): void {
    this.pixelsLeft -= rect.width * rect.height;
    if (this.pixelsLeft < 0) throw new ProtocolError('An update paints more pixels than its picture allows.');
    this.dirty.add(rect);
  }

  /** A symbol on paper that has been counted itself. */
  countSymbol(pixels: number): void {
    this.pixelsLeft -= pixels;
    if (this.pixelsLeft < 0) throw new ProtocolError('An update paints more pixels than its picture allows.');
  }

  countCopied(rect: PixelRect): void {
    this.copiesLeft -= rect.width * rect.height;
    if (this.copiesLeft < 0) throw new ProtocolError('An update copies more pixels than its picture has.');
    this.dirty.add(rect);
  }

  countStored({ width, height }: PixelRect): void {
    this.storesLeft -= width * height;
    if (this.storesLeft < 0) throw new ProtocolError('An update stores more pixels than its picture has.');
  }

  /** Where the pixels of `area` are copied from: a rectangle of the same size within the picture. */
  readSource({ width, height }: PixelRect): PixelRect {
    const { packed } = this;
    const source = { x: packed.u16(), y: packed.u16(), width, height };
    if (source.x + width > this.width || source.y + height > this.height) {
      throw new ProtocolError('An update copies from outside its picture.');
    }
    return source;
  }

  readColour(): number {
    const { bytes } = this.packed;
    const at = this.packed.take(3);
    return (black | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;
  }
}
