import { ProtocolError } from '../wire/reader.ts';
import { Bits } from './bits.ts';
import { ByteCursor } from './ops/update-parts.ts';

const sequence = 1;
const delimiter = 2;
const frame = 6;

/**
 * What of AV1 a region may hold (AV1 bitstream specification 5.3 to 5.9): perhaps a temporal delimiter; first one sequence header of main profile and of the region's size,
 * and a key frame; later one frame each that refers to others. A decoder sees nothing else.
 */
export function requireTemporalUnit(bytes: Uint8Array, isKey: boolean, width: number, height: number): void {
  const cursor = new ByteCursor();
  cursor.start(bytes);
  let sequences = 0;
  let frames = 0;
  for (let isFirst = true; cursor.remaining > 0; isFirst = false) {
    const header = cursor.u8();
    const type = (header >> 3) & 15;
    // No extension, a length, and nothing reserved.
    if ((header & 0x87) !== 2) throw new ProtocolError('A video frame holds a unit in another form.');
    const length = readLength(cursor);
    const from = cursor.take(length);
    const unit = bytes.subarray(from, from + length);
    if (type === sequence && isKey && sequences === 0 && frames === 0) {
      requireSize(unit, width, height);
      sequences++;
    } else if (type === frame && frames === 0 && sequences === (isKey ? 1 : 0)) {
      // A new frame, a key frame or one that refers to others, and shown.
      if (unit.length === 0 || unit[0]! >> 4 !== (isKey ? 0b0001 : 0b0011)) throw new ProtocolError('A video frame is of another kind than its place.');
      frames++;
    } else if (type !== delimiter || !isFirst || length !== 0) {
      throw new ProtocolError(`A video frame holds a unit of type ${type}, which has no place there.`);
    }
  }
  if (frames === 0) throw new ProtocolError('A video frame holds no frame.');
}

/** LEB128. */
function readLength(cursor: ByteCursor): number {
  let length = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const part = cursor.u8();
    length |= (part & 0x7f) << shift;
    if (part < 0x80) return length;
  }
  throw new ProtocolError('A video frame holds a unit that is too long.');
}

function requireSize(header: Uint8Array, width: number, height: number): void {
  const bits = new Bits(header, false);
  const profile = bits.read(3);
  // No still picture, no timing, no initial delay, one operating point.
  const others = bits.read(9);
  bits.read(12);
  if (bits.read(5) > 7) bits.read(1);
  const wideBits = bits.read(4) + 1;
  const highBits = bits.read(4) + 1;
  const wide = bits.read(wideBits) + 1;
  const high = bits.read(highBits) + 1;
  if (profile !== 0 || others !== 0 || wide !== width || high !== height) {
    throw new ProtocolError(`A video begins with frames of ${wide} x ${high} pixels, profile ${profile}, for a region of ${width} x ${height}.`);
  }
}
