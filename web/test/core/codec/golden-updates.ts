export interface GoldenUpdate {
  readonly update: Uint8Array<ArrayBuffer>;
  /** Undefined when the update must be refused. */
  readonly hash: string | undefined;
}

/** The updates of a golden file; its form is in tests/vectors/codec/README.md. */
export function parseGolden(file: Buffer): GoldenUpdate[] {
  const updates: GoldenUpdate[] = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const hash = file.toString('hex', at + 4 + length, at + 36 + length);
    const update = new Uint8Array(file.subarray(at + 4, at + 4 + length));
    updates.push({ update, hash: /^0+$/.test(hash) ? undefined : hash });
    at += 36 + length;
  }
  return updates;
}
