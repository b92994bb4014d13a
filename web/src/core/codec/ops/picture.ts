import { ProtocolError } from '../../wire/reader.ts';
import { jpegFile } from '../jpeg-file.ts';
import type { Picture } from '../picture.ts';
import type { PictureCodec } from '../picture-codec.ts';
import type { PixelRect } from '../pixel-rect.ts';
import type { DeferredOp, Prepared } from './op.ts';

/**
 * A photograph, not exact: the data of a JPEG's only scan. What surrounds it in a file is known (jpeg-file.ts).
 *
 *     u8 19 | u16 x | u16 y | u16 width | u16 height | u8 quality (1 to 100) | u32 length | data
 */
export class PictureOp implements DeferredOp {
  readonly code = 19;

  constructor(private readonly codec: PictureCodec) {}

  prepare(area: PixelRect, quality: number, data: Uint8Array): Prepared {
    if (quality < 1 || quality > 100) throw new ProtocolError('A picture has a quality out of range.');
    requirePlainData(data);
    return new DecodingPicture(area, this.codec.decode(jpegFile(area.width, area.height, quality, data), area.width, area.height));
  }
}

/** Nothing but data: with no marker there is no second scan, no other size, no table. */
function requirePlainData(data: Uint8Array): void {
  for (let at = data.indexOf(0xff); at >= 0; at = data.indexOf(0xff, at + 2)) {
    if (data[at + 1] !== 0) throw new ProtocolError("A picture's data has a marker in it.");
  }
}

class DecodingPicture implements Prepared {
  readonly ready: Promise<void>;
  private decoded: Uint32Array | undefined;

  constructor(private readonly area: PixelRect, decoding: Promise<Uint32Array>) {
    this.ready = decoding.then(
      (pixels) => {
        if (pixels.length !== area.width * area.height) throw new ProtocolError('A picture came out in another size.');
        this.decoded = pixels;
      },
      (error: unknown) => {
        throw new ProtocolError(`A picture could not be decoded: ${error instanceof Error ? error.message : 'no reason was given'}.`);
      },
    );
  }

  paint({ pixels, width }: Picture): void {
    const { area, decoded } = this;
    if (decoded === undefined) throw new Error('A picture is painted before it is ready.');
    for (let y = 0, from = 0; y < area.height; y++, from += area.width) {
      pixels.set(decoded.subarray(from, from + area.width), (area.y + y) * width + area.x);
    }
  }
}
