import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A picture of RGB bytes. */
export class Pixels {
  constructor(readonly width: number, readonly height: number, readonly rgb: Buffer) {
    if (rgb.length !== width * height * 3) throw new Error(`A picture of ${width} x ${height} has ${rgb.length} bytes.`);
  }

  static fromPng(png: Buffer): Pixels {
    return new Pixels(png.readUInt32BE(16), png.readUInt32BE(20),
      execFileSync('convert', ['png:-', '-depth', '8', 'rgb:-'], { input: png, maxBuffer: 256 * 1024 * 1024 }));
  }

  /** How many colours there are: a desktop has many, a blank page one. */
  colours(): number {
    const seen = new Set<number>();
    for (let i = 0; i < this.rgb.length; i += 3) seen.add(this.rgb.readUIntBE(i, 3));
    return seen.size;
  }

  /** Nothing when both are the same, pixel by pixel; otherwise what differs, in words, with both pictures kept to look at. */
  differenceFrom(other: Pixels): string | undefined {
    if (this.width !== other.width || this.height !== other.height) {
      return `One is ${this.width} x ${this.height}, the other ${other.width} x ${other.height}.`;
    }
    if (this.rgb.equals(other.rgb)) return undefined;
    let count = 0;
    let [left, top, right, bottom] = [this.width, this.height, 0, 0];
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const i = (y * this.width + x) * 3;
        if (this.rgb.readUIntBE(i, 3) === other.rgb.readUIntBE(i, 3)) continue;
        count++;
        [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
      }
    }
    return `${count} pixels differ, within ${left},${top} to ${right},${bottom}.`;
  }

  keep(name: string, folder = mkdtempSync(join(tmpdir(), 'alongside-pixels-'))): string {
    const path = join(folder, `${name}.png`);
    writeFileSync(path, execFileSync('convert', ['-size', `${this.width}x${this.height}`, '-depth', '8', 'rgb:-', 'png:-'], { input: this.rgb, maxBuffer: 256 * 1024 * 1024 }));
    return path;
  }
}
