type Kind = 'pair' | 'stream';

/**
 * Keeps the order of arrival between pair records and stream records, which two machines decrypt side by side: a `stream` key
 * must be known before the records that follow it, a snapshot must be painted before the updates that build on it. Records
 * of one kind run together; the other kind waits until they are done. Bounded in bytes.
 */
export class Arrivals {
  private running: Kind = 'pair';
  private underway = 0;
  private waiting: { readonly kind: Kind; readonly payload: Uint8Array<ArrayBuffer> }[] = [];
  private waitingBytes = 0;

  constructor(private readonly work: (kind: Kind, payload: Uint8Array<ArrayBuffer>) => Promise<void>, private readonly budget: number) {}

  /** False when more is waiting than the budget allows. */
  add(kind: Kind, payload: Uint8Array<ArrayBuffer>): boolean {
    if (this.waiting.length === 0 && (this.underway === 0 || this.running === kind)) {
      this.run(kind, payload);
      return true;
    }
    if (this.waitingBytes + payload.length > this.budget) return false;
    this.waiting.push({ kind, payload });
    this.waitingBytes += payload.length;
    return true;
  }

  private run(kind: Kind, payload: Uint8Array<ArrayBuffer>): void {
    this.running = kind;
    this.underway++;
    void this.work(kind, payload).finally(() => this.done());
  }

  private done(): void {
    this.underway--;
    for (;;) {
      const next = this.waiting[0];
      if (next === undefined || (this.underway > 0 && next.kind !== this.running)) return;
      this.waiting.shift();
      this.waitingBytes -= next.payload.length;
      this.run(next.kind, next.payload);
    }
  }
}
