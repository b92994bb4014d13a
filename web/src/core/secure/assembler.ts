import { ProtocolError } from '../wire/reader.ts';

/**
 * Puts one channel's messages together from records: keeps the parts as they come, never over the budget, and joins them at the end.
 */
export class MessageAssembler {
  private parts: Uint8Array<ArrayBuffer>[] = [];
  private length = 0;

  constructor(private readonly budget: number) {}

  /** Returns the message if this ends it. */
  add(content: Uint8Array<ArrayBuffer>, end: boolean): Uint8Array<ArrayBuffer> | undefined {
    if (content.length === 0 && !end) throw new ProtocolError('A record carried nothing.');
    if (content.length > this.budget - this.length) {
      throw new ProtocolError(`A message was longer than the ${this.budget} bytes its channel allows.`);
    }
    if (end && this.parts.length === 0) return content;
    this.parts.push(content);
    this.length += content.length;
    if (!end) return undefined;
    const message = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      message.set(part, at);
      at += part.length;
    }
    this.clear();
    return message;
  }

  clear(): void {
    this.parts = [];
    this.length = 0;
  }
}
