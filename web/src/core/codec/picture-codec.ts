import type { VideoCodec } from './video-codec.ts';

/** Decodes JPEGs outside the pure core: a browser does it elsewhere and answers later. */
export interface PictureCodec {
  /**
   * Pixels of exactly this size, one number each (0xAABBGGRR, alpha 255), rows without gaps; read once, soon after it answers.
   * Rejects what cannot be decoded.
   */
  decode(jpeg: Uint8Array<ArrayBuffer>, width: number, height: number): Promise<Uint32Array>;
}

/** What a platform can decode beyond the operations that are plain arithmetic; an operation without its codec is unknown. */
export interface Codecs {
  readonly picture?: PictureCodec;
  readonly h264?: VideoCodec;
  readonly av1?: VideoCodec;
}
