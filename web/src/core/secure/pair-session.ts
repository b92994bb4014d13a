import { ProtocolError } from '../wire/reader.ts';
import { MessageAssembler } from './assembler.ts';
import { channelBudget, type SecureRole } from './channels.ts';
import type { KeySchedule } from './key-schedule.ts';
import { PairOpener, PairSealer, type Opened, type RecordLimits } from './pair-records.ts';
import { SendQueue } from './send-queue.ts';
import type { SecuredDetails } from './types.ts';

/** One session of a pair after its handshake: records out, records in, messages cut and put together. */
export class PairSession {
  readonly queue = new SendQueue();
  private readonly sealer: PairSealer;
  private readonly opener: PairOpener;
  private readonly assemblers = new Map<number, MessageAssembler>();

  constructor(private readonly role: SecureRole, keys: KeySchedule, readonly details: SecuredDetails, now: number, limits: RecordLimits) {
    const viewer = role === 'viewer';
    this.sealer = new PairSealer(viewer ? keys.viewerToHost() : keys.hostToViewer(), now, limits);
    this.opener = new PairOpener(viewer ? keys.hostToViewer() : keys.viewerToHost(), limits);
  }

  send(channel: number, message: Uint8Array, pastes = false): void {
    const budget = channelBudget(channel, this.role === 'viewer' ? 'host' : 'viewer');
    if (budget === 0 || message.length > budget) {
      throw new RangeError(`A message of ${message.length} bytes can't be sent on channel ${channel}.`);
    }
    this.queue.add(channel, message.slice(), pastes);
  }

  /** Starts sealing the next record; undefined: nothing waits. */
  seal(now: number): Promise<Uint8Array<ArrayBuffer>> | undefined {
    const next = this.queue.take();
    return next && this.sealer.seal(now, next.channel, next.content, next.end);
  }

  /** A record has left: makes ready for the next. */
  sealed(): void {
    void this.sealer.prepare();
  }

  /** A record's content has been told: makes ready for the next. */
  told(): void {
    void this.opener.prepare();
  }

  /** Starts opening a record; calls may overlap. */
  open(record: Uint8Array): Promise<Opened> {
    return this.opener.open(record);
  }

  /** Takes what records carried, in their order; returns the message that is whole now. */
  assemble({ channel, content, end }: Opened): Uint8Array<ArrayBuffer> | undefined {
    const budget = channelBudget(channel, this.role);
    if (budget === 0) throw new ProtocolError(`Nothing may be said on channel ${channel} in this direction.`);
    let assembler = this.assemblers.get(channel);
    if (!assembler) this.assemblers.set(channel, (assembler = new MessageAssembler(budget)));
    return assembler.add(content, end);
  }
}
