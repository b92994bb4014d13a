// Payloads that are too long for one message on a channel (direct.md, "Messages on the channel").
import { ProtocolError } from '../wire/reader.ts';
import { LinkKind, maxOnChannel } from './link-message.ts';

const maxPayload = 65_536;

export function piecesOf(payload: Uint8Array): Uint8Array[] {
  if (payload.length <= maxOnChannel) return [payload];
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < payload.length;) {
    const end = Math.min(payload.length, at + maxOnChannel - 1);
    const piece = new Uint8Array(1 + end - at);
    piece[0] = end === payload.length ? LinkKind.lastPart : LinkKind.part;
    piece.set(payload.subarray(at, end), 1);
    pieces.push(piece);
    at = end;
  }
  return pieces;
}

/** Parts that have come of a payload. */
export class Pieces {
  private parts: Uint8Array[] = [];
  private length = 0;

  get isEmpty(): boolean {
    return this.length === 0;
  }

  clear(): void {
    this.parts = [];
    this.length = 0;
  }

  /** The message of a part; a view. */
  add(message: Uint8Array): void {
    const part = message.slice(1);
    if (part.length === 0 || part.length >= maxOnChannel || this.length + part.length > maxPayload) throw new ProtocolError('A payload in parts was longer than any is.');
    this.parts.push(part);
    this.length += part.length;
  }

  whole(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.clear();
    return whole;
  }
}
