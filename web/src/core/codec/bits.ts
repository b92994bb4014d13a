import { ProtocolError } from '../wire/reader.ts';

/** Bits from the highest of each byte down, as the headers of video codecs have them. */
export class Bits {
  private at = 0;
  private left = 0;
  private zeros = 0;
  private current = 0;

  /** With `skipsEmulation`, a 3 behind two zeros is passed over: in H.264 it is there only so that no start code comes about. */
  constructor(private readonly bytes: Uint8Array, private readonly skipsEmulation: boolean) {}

  read(count: number): number {
    let value = 0;
    for (; count > 0; count--) {
      if (this.left === 0) this.fill();
      this.left--;
      value = value * 2 + ((this.current >> this.left) & 1);
    }
    return value;
  }

  /** ue(v): a number of unknown length, at most 31 bits. */
  golomb(): number {
    let length = 0;
    while (this.read(1) === 0) {
      if (++length === 31) throw new ProtocolError("A video's header holds a number that is too long.");
    }
    return 2 ** length - 1 + this.read(length);
  }

  private fill(): void {
    if (this.skipsEmulation && this.zeros >= 2 && this.bytes[this.at] === 3) {
      this.at++;
      this.zeros = 0;
    }
    if (this.at >= this.bytes.length) throw new ProtocolError("A video's header ended too early.");
    this.current = this.bytes[this.at++]!;
    this.zeros = this.current === 0 ? this.zeros + 1 : 0;
    this.left = 8;
  }
}
