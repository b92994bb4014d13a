import { ProtocolError, WireReader } from '../wire/reader.ts';

/**
 *     long    u8 format (1) | u8 flags | u32 sequence | u32 0 | u16 width | u16 height | u32 packed length          18 bytes
 *     short   u8 0x20 + flags | u8 sequence mod 256, or u32 sequence if reset | u16 width, u16 height if full | packed length, LEB128
 */
export interface UpdateHeader {
  readonly reset: boolean;
  readonly full: boolean;
  /** Outside any stream: only an update with `reset` can follow. */
  readonly snapshot: boolean;
  /** The loose part begins with deferred operations. */
  readonly deferred: boolean;
  readonly sequence: number;
  readonly width: number;
  readonly height: number;
  readonly packed: Uint8Array;
  readonly loose: Uint8Array;
}

/** What the short form continues. */
export type Continued = Pick<UpdateHeader, 'sequence' | 'width' | 'height'>;

export const nothingBefore: Continued = { sequence: 0, width: 0, height: 0 };

export function readUpdate(update: Uint8Array, before: Continued = nothingBefore): UpdateHeader {
  const reader = new WireReader(update);
  const format = reader.u8();
  const isShort = (format & 0xf0) === 0x20;
  if (!isShort && format !== 1) throw new ProtocolError(`An update has the unknown format ${format}.`);
  const flags = isShort ? format & 15 : reader.u8();
  const reset = (flags & 1) !== 0;
  const full = (flags & 2) !== 0;
  const sequence = isShort && !reset ? nextWith(before.sequence, reader.u8()) : reader.u32();
  if (!isShort) reader.u32();
  const isSized = !isShort || full;
  const width = isSized ? reader.u16() : before.width;
  const height = isSized ? reader.u16() : before.height;
  const packed = reader.take(isShort ? readLength(reader) : reader.u32());
  return { reset, full, snapshot: (flags & 4) !== 0, deferred: (flags & 8) !== 0, sequence, width, height, packed, loose: reader.rest() };
}

/** Another last byte than the next one's is another number, which the decoder then refuses. */
function nextWith(sequence: number, last: number): number {
  return (((sequence + 1) & ~0xff) | last) >>> 0;
}

function readLength(reader: WireReader): number {
  let length = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const part = reader.u8();
    length |= (part & 0x7f) << shift;
    if (part < 0x80) return length;
  }
  throw new ProtocolError("An update's packed part has no end to its length.");
}
