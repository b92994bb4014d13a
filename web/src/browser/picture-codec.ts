import type { PictureCodec } from '../core/codec/picture-codec.ts';

/** JPEGs by the browser's own decoder, which works beside the worker's thread. */
export class BrowserPictureCodec implements PictureCodec {
  private canvas: OffscreenCanvas | undefined;
  private context: OffscreenCanvasRenderingContext2D | undefined;

  async decode(jpeg: Uint8Array<ArrayBuffer>, width: number, height: number): Promise<Uint32Array> {
    const options: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }), options);
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

  /** One canvas for all, as large as the largest yet. Read back at once, so it need not be on a graphics card. */
  private contextFor(width: number, height: number): OffscreenCanvasRenderingContext2D {
    this.canvas ??= new OffscreenCanvas(width, height);
    if (this.canvas.width < width) this.canvas.width = width;
    if (this.canvas.height < height) this.canvas.height = height;
    this.context ??= this.canvas.getContext('2d', { alpha: false, willReadFrequently: true }) ?? undefined;
    if (this.context === undefined) throw new Error('the browser has no canvas for it');
    return this.context;
  }
}
