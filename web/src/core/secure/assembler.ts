import { ProtocolError } from '../wire/reader.ts';

/** What is shorter is not worth an array of its own: a host that sends a byte a record must not cost a hundred bytes for each. */
const leastPart = 4096;

/**
 * Puts one channel's messages together from records: keeps the parts as they come, short ones put together, never over the budget, and joins them at the end.
 */
export class MessageAssembler {
  private readonly parts: Uint8Array<ArrayBuffer>[] = [];
  private length = 0;
  /** Short parts one after another: the last of the parts is what is filled of this. */
  private short: Uint8Array<ArrayBuffer> | undefined;

  constructor(private readonly budget: number) {}

  /** Returns the message if this ends it. */
  add(content: Uint8Array<ArrayBuffer>, end: boolean): Uint8Array<ArrayBuffer> | undefined {
    if (content.length === 0 && !end) throw new ProtocolError('A record carried nothing.');
    if (content.length > this.budget - this.length) {
      throw new ProtocolError(`A message was longer than the ${this.budget} bytes its channel allows.`);
    }
    if (end && this.parts.length === 0) return content;
    this.keep(content);
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
    this.parts.length = 0;
    this.length = 0;
    this.short = undefined;
  }

  /** Of how many pieces the message consists so far. */
  get pieces(): number {
    return this.parts.length;
  }

  private keep(content: Uint8Array<ArrayBuffer>): void {
    if (content.length >= leastPart) {
      this.parts.push(content);
      this.short = undefined;
      return;
    }
    const filled = this.short === undefined ? 0 : this.parts.at(-1)!.length;
    if (this.short !== undefined && filled + content.length <= leastPart) {
      this.short.set(content, filled);
      this.parts[this.parts.length - 1] = this.short.subarray(0, filled + content.length);
      return;
    }
    this.short = new Uint8Array(leastPart);
    this.short.set(content);
    this.parts.push(this.short.subarray(0, content.length));
  }
}
