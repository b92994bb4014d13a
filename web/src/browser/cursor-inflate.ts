import { ProtocolError } from '../core/wire/reader.ts';

/** Unpacks deflate-raw that must give exactly `length` bytes; stops as soon as it gives more. */
export async function inflateExactly(packed: Uint8Array, length: number): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const pixels = new Uint8ClampedArray(length);
  const reader = new Blob([packed.slice()]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await readNext(reader);
      if (done) break;
      if (at + value.length > length) throw new ProtocolError('A cursor unpacked to more than its size.');
      pixels.set(value, at);
      at += value.length;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (at !== length) throw new ProtocolError('A cursor unpacked to less than its size.');
  return pixels;
}

/** All that a stream over bytes in memory can complain of is what the host sent. */
async function readNext(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (error) {
    throw new ProtocolError(`A cursor did not unpack: ${error instanceof Error ? error.message : String(error)}`);
  }
}
