/**
 * Viewer side of one stream. Messages are told in order although records are decrypted side by side. `ended` is called once,
 * with a reason, for a record that does not open or is out of order; nothing is told after it until a new key.
 */
export class StreamOpener {
  constructor(readonly stream: number, private readonly message: (bytes: Uint8Array<ArrayBuffer>) => void, private readonly ended: (reason: string) => void) {}

  /** What the host's `stream` message says; takes its place among the records in the order of the calls. */
  setKey(_epoch: number, _secret: Uint8Array, _counter: number): Promise<void> {
    return Promise.reject(new Error(String(this.message) + String(this.ended)));
  }

  /** A whole 0x21 payload. */
  handle(_record: Uint8Array): Promise<void> {
    return Promise.reject(new Error());
  }
}
