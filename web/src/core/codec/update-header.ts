import { ProtocolError, WireReader } from '../wire/reader.ts';

/**
 *     u8 format (1) | u8 flags | u32 sequence | u32 capture | u16 width | u16 height | u32 packed length | packed | loose
 */
export interface UpdateHeader {
  readonly reset: boolean;
  readonly full: boolean;
  /** Outside any stream: only an update with `reset` can follow. */
  readonly snapshot: boolean;
  /** The loose part begins with deferred operations. */
  readonly deferred: boolean;
  readonly sequence: number;
  readonly captureMicros: number;
  readonly width: number;
  readonly height: number;
  readonly packed: Uint8Array;
  readonly loose: Uint8Array;
}

export function readUpdate(update: Uint8Array): UpdateHeader {
  const reader = new WireReader(update);
  const format = reader.u8();
  if (format !== 1) throw new ProtocolError(`An update has format ${format}; only 1 is known.`);
  const flags = reader.u8();
  return {
    reset: (flags & 1) !== 0,
    full: (flags & 2) !== 0,
    snapshot: (flags & 4) !== 0,
    deferred: (flags & 8) !== 0,
    sequence: reader.u32(),
    captureMicros: reader.u32(),
    width: reader.u16(),
    height: reader.u16(),
    packed: reader.take(reader.u32()),
    loose: reader.rest(),
  };
}
