import type { UpdateDecoder, UpdateResult } from './update-decoder.ts';

export interface UpdateQueueOutput {
  /** An update is about to be applied. */
  begun(): void;
  /** The decoder's picture is the one after this update. Called once for each update, in order. */
  applied(result: UpdateResult): void;
  /** An update could not be applied, for whatever reason; nothing more comes. */
  failed(error: unknown): void;
}

/**
 * Applies updates one after another. As long as nothing has to be waited for, each is applied within `push`; behind one that waits for the
 * platform's decoders the others queue up, bounded in bytes.
 */
export class UpdateQueue {
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private isDecoding = false;
  private isClosed = false;

  constructor(private readonly decoder: UpdateDecoder, private readonly out: UpdateQueueOutput, private readonly budget: number) {}

  /** Takes an update; its bytes must not change any more. False when more is waiting than the budget allows. */
  push(update: Uint8Array): boolean {
    if (this.isClosed) return true;
    if (!this.isDecoding) {
      this.apply(update);
      return true;
    }
    if (this.waitingBytes + update.length > this.budget) return false;
    this.waiting.push(update);
    this.waitingBytes += update.length;
    return true;
  }

  /** Drops what waits; what is being decoded is not shown any more. */
  close(): void {
    this.isClosed = true;
    this.waiting = [];
    this.waitingBytes = 0;
  }

  private apply(update: Uint8Array): void {
    this.out.begun();
    let result: UpdateResult | Promise<UpdateResult>;
    try {
      result = this.decoder.apply(update);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (result instanceof Promise) {
      this.isDecoding = true;
      // What `applied` throws from here on has no caller to hear of it.
      result.then((done) => this.decoded(done)).catch((error: unknown) => this.fail(error));
    } else {
      this.out.applied(result);
    }
  }

  private decoded(result: UpdateResult): void {
    this.isDecoding = false;
    if (this.isClosed) return;
    this.out.applied(result);
    while (!this.isDecoding) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.waitingBytes -= next.length;
      this.apply(next);
    }
  }

  private fail(error: unknown): void {
    const wasClosed = this.isClosed;
    this.close();
    if (!wasClosed) this.out.failed(error);
  }
}
