import { ProtocolError, WireReader } from '../wire/reader.ts';

/** The largest payload of a relay frame, and the largest binary message with its header. */
export const maxPayload = 65_536;
export const maxFrame = 65_600;

export type RelayFrame =
  | { t: 'payload'; from: number; payload: Uint8Array }
  | { t: 'credit'; to: number; bytes: number };

/**
 * ```
 * u8 0x01 | u8 n | u16 to[n] | payload      relay.md, "Relay frames, binary"; a viewer only ever speaks to one
 * ```
 */
export function writeFrame(to: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  if (payload.length > maxPayload) throw new RangeError(`A payload of ${payload.length} bytes does not fit a relay frame.`);
  const frame = new Uint8Array(4 + payload.length);
  frame[0] = 1;
  frame[1] = 1;
  frame[2] = to >> 8;
  frame[3] = to & 0xff;
  frame.set(payload, 4);
  return frame;
}

/**
 * ```
 * u8 0x01 | u16 from | payload
 * u8 0x02 | u16 to | u32 bytes
 * ```
 * The payload is a view into the message.
 */
export function readFrame(message: Uint8Array): RelayFrame {
  if (message.length > maxFrame) throw new ProtocolError('The server sent a frame that is too big.');
  const reader = new WireReader(message);
  const type = reader.u8();
  if (type === 1) {
    const from = reader.u16();
    if (reader.remaining > maxPayload) throw new ProtocolError('The server sent a payload that is too big.');
    return { t: 'payload', from, payload: reader.rest() };
  }
  if (type === 2) {
    const frame: RelayFrame = { t: 'credit', to: reader.u16(), bytes: reader.u32() };
    reader.end();
    return frame;
  }
  throw new ProtocolError(`The server sent a frame of unknown type ${type}.`);
}
