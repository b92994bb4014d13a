/** Decodes films outside the pure core: a browser does it elsewhere and answers later. */
export interface VideoCodec {
  /** A decoder for one film; both sides are even. */
  open(width: number, height: number): VideoStream;
}

export interface VideoStream {
  /**
   * The next frame, asked for when the one before it has been answered. Answers with pixels of exactly the film's size, one number each (0xAABBGGRR, alpha 255), rows
   * without gaps; they are read before the next frame is asked for. Rejects what cannot be decoded.
   */
  decode(accessUnit: Uint8Array, isKey: boolean): Promise<Uint32Array>;
  close(): void;
}
