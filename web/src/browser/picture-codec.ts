import { isValidSize } from '../core/codec/picture.ts';
import type { PictureCodec } from '../core/codec/picture-codec.ts';
import { within } from './within.ts';

/** Milliseconds: the largest picture takes a tenth of this. */
const patience = 10_000;

/** JPEGs by the browser's own decoder, which works beside the worker's thread. */
export class BrowserPictureCodec implements PictureCodec {
  private canvas: OffscreenCanvas | undefined;
  private context: OffscreenCanvasRenderingContext2D | undefined;

  async decode(jpeg: Uint8Array<ArrayBuffer>, width: number, height: number): Promise<Uint32Array> {
    const options: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };
    const bitmap = await within(patience, createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }), options));
    try {
      if (bitmap.width !== width || bitmap.height !== height) throw new Error('it has another size');
      const context = this.contextFor(width, height);
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      return new Uint32Array(data.buffer, data.byteOffset, width * height);
    } finally {
      bitmap.close();
    }
  }

  /**
   * One canvas for all, as wide and as high as the largest yet, as long as that is no more than a picture may be: a wide one after a high one must not
   * make a square of a gigabyte. Read back at once, so it need not be on a graphics card.
   */
  private contextFor(width: number, height: number): OffscreenCanvasRenderingContext2D {
    this.canvas ??= new OffscreenCanvas(width, height);
    const { canvas } = this;
    const both = isValidSize(Math.max(canvas.width, width), Math.max(canvas.height, height));
    if (!both || canvas.width < width) canvas.width = width;
    if (!both || canvas.height < height) canvas.height = height;
    this.context ??= this.canvas.getContext('2d', { alpha: false, willReadFrequently: true }) ?? undefined;
    if (this.context === undefined) throw new Error('the browser has no canvas for it');
    return this.context;
  }
}
