import { ProtocolError } from '../wire/reader.ts';
import { Bits } from './bits.ts';

const slice = 1;
const keySlice = 5;
const sequence = 7;
const pictureParameters = 8;

/**
 * What of H.264 a region may hold: units behind start codes (annex B); first one sequence parameter set of baseline profile and of the region's size, picture parameters
 * and a key frame; later nothing but slices. A decoder sees nothing else.
 */
export function requireAccessUnit(bytes: Uint8Array, isKey: boolean, width: number, height: number): void {
  let at = startCode(bytes, 0);
  if (at !== 0 && !(at === 1 && bytes[0] === 0)) throw new ProtocolError('A video frame does not begin with a start code.');
  let sequences = 0;
  let slices = 0;
  while (at >= 0) {
    const begin = at + 3;
    at = startCode(bytes, begin);
    const unit = bytes.subarray(begin, at < 0 ? bytes.length : at);
    const type = unit.length === 0 ? 0 : unit[0]! & 31;
    if (type === sequence && isKey && sequences === 0 && slices === 0) {
      requireSize(unit.subarray(1), width, height);
      sequences++;
    } else if ((type === keySlice && isKey && sequences === 1) || (type === slice && !isKey)) {
      slices++;
    } else if (type !== pictureParameters || !isKey || sequences !== 1 || slices !== 0) {
      throw new ProtocolError(`A video frame holds a unit of type ${type}, which has no place there.`);
    }
  }
  if (slices === 0) throw new ProtocolError('A video frame holds no slice.');
}

/** Where the next 0, 0, 1 begins; -1 if there is none. */
function startCode(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(1, from + 2); at >= 0; at = bytes.indexOf(1, at + 1)) {
    if (bytes[at - 1] === 0 && bytes[at - 2] === 0) return at - 2;
  }
  return -1;
}

/** Rec. ITU-T H.264 7.3.2.1.1, for profile 66, which has no chroma format. */
function requireSize(parameters: Uint8Array, width: number, height: number): void {
  const bits = new Bits(parameters, true);
  const profile = bits.read(8);
  bits.read(16);
  bits.golomb();
  bits.golomb();
  const order = bits.golomb();
  if (order === 0) bits.golomb();
  bits.golomb();
  bits.read(1);
  let wide = (bits.golomb() + 1) * 16;
  let high = (bits.golomb() + 1) * 16;
  const framesOnly = bits.read(1) === 1;
  bits.read(1);
  if (bits.read(1) === 1) {
    wide -= 2 * (bits.golomb() + bits.golomb());
    high -= 2 * (bits.golomb() + bits.golomb());
  }
  if (profile !== 66 || (order !== 0 && order !== 2) || !framesOnly || wide !== width || high !== height) {
    throw new ProtocolError(`A video begins with frames of ${wide} x ${high} pixels, profile ${profile}, for a region of ${width} x ${height}.`);
  }
}
