type Kind = 'pair' | 'stream';

/** What a record costs beside its bytes, until it is decrypted. */
const eachCosts = 1024;

/**
 * Keeps the order of arrival between pair records and stream records, which two machines decrypt side by side: a `stream` key
 * must be known before the records that follow it, a snapshot must be painted before the updates that build on it. Records
 * of one kind run together; the other kind waits until they are done. Bounded in bytes, of those that run and those that wait.
 */
export class Arrivals {
  private running: Kind = 'pair';
  private underway = 0;
  private waiting: { readonly kind: Kind; readonly payload: Uint8Array<ArrayBuffer> }[] = [];
  private bytes = 0;

  constructor(private readonly work: (kind: Kind, payload: Uint8Array<ArrayBuffer>) => Promise<void>, private readonly budget: number) {}

  /** False when that is more than the budget allows. */
  add(kind: Kind, payload: Uint8Array<ArrayBuffer>): boolean {
    if (this.bytes + cost(payload) > this.budget) return false;
    this.bytes += cost(payload);
    if (this.waiting.length === 0 && (this.underway === 0 || this.running === kind)) this.run(kind, payload);
    else this.waiting.push({ kind, payload });
    return true;
  }

  private run(kind: Kind, payload: Uint8Array<ArrayBuffer>): void {
    this.running = kind;
    this.underway++;
    const costs = cost(payload);
    void this.work(kind, payload).finally(() => this.done(costs));
  }

  private done(costs: number): void {
    this.bytes -= costs;
    this.underway--;
    for (;;) {
      const next = this.waiting[0];
      if (next === undefined || (this.underway > 0 && next.kind !== this.running)) return;
      this.waiting.shift();
      this.run(next.kind, next.payload);
    }
  }
}

function cost(payload: Uint8Array): number {
  return payload.length + eachCosts;
}
