/** What a peer did wrong; ends the session with a reason that is fit to be shown. */
export class ProtocolError extends Error {}

/** Reads big-endian values from a message that is whole. Reading past its end is the peer's mistake. */
export class WireReader {
  private readonly view: DataView;
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.view.getUint8(this.step(1));
  }

  u16(): number {
    return this.view.getUint16(this.step(2));
  }

  i16(): number {
    return this.view.getInt16(this.step(2));
  }

  u32(): number {
    return this.view.getUint32(this.step(4));
  }

  /** A view of the next `count` bytes, not a copy. */
  take(count: number): Uint8Array {
    const from = this.step(count);
    return this.bytes.subarray(from, from + count);
  }

  rest(): Uint8Array {
    return this.take(this.remaining);
  }

  end(): void {
    if (this.remaining !== 0) throw new ProtocolError('A message was longer than its contents.');
  }

  private step(count: number): number {
    const from = this.at;
    if (count < 0 || count > this.bytes.length - from) throw new ProtocolError('A message ended too early.');
    this.at = from + count;
    return from;
  }
}
