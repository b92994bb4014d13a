/** Big-endian values into a buffer that grows. */
export class WireWriter {
  private bytes = new Uint8Array(64);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  u8(value: number): this {
    const at = this.room(1);
    this.view.setUint8(at, value);
    return this;
  }

  u16(value: number): this {
    const at = this.room(2);
    this.view.setUint16(at, value);
    return this;
  }

  i16(value: number): this {
    const at = this.room(2);
    this.view.setInt16(at, value);
    return this;
  }

  u32(value: number): this {
    const at = this.room(4);
    this.view.setUint32(at, value);
    return this;
  }

  put(value: Uint8Array): this {
    const at = this.room(value.length);
    this.bytes.set(value, at);
    return this;
  }

  /** A copy of what was written. */
  done(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }

  /** May move everything to a larger buffer: look at `bytes` and `view` only after it. */
  private room(count: number): number {
    const from = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, from));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return from;
  }
}
