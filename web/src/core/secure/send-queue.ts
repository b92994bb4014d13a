import { Channel } from './channels.ts';
import { maxPairContent } from './pair-records.ts';

interface Waiting {
  readonly channel: number;
  readonly message: Uint8Array;
  readonly sequence: number;
  at: number;
}

/**
 * Messages that wait to be cut into records. They leave in the order they were sent, except that short ones need not wait for a long one
 * (over one record) to end: control, input, feedback and cursor overtake a long message of any other channel; desktop overtakes a long
 * clipboard. A key that pastes does not overtake the clipboard, or it would paste what was copied before; nor does any input after it.
 */
export class SendQueue {
  private readonly lanes: [Waiting[], Waiting[], Waiting[]] = [[], [], []];
  private sequence = 0;
  /** Inputs in the lane of clipboards. */
  private behind = 0;
  /** Bytes that wait. */
  bytes = 0;

  /** Takes ownership of the message; an input with `pastes` follows every clipboard that waits. */
  add(channel: number, message: Uint8Array, pastes = false): void {
    const follows = channel === Channel.input && (pastes ? this.lanes[2].length > 0 : this.behind > 0);
    if (follows) this.behind++;
    this.lanes[follows ? 2 : lane(channel)]!.push({ channel, message, sequence: this.sequence++, at: 0 });
    this.bytes += message.length;
  }

  /** The next record's content; undefined: nothing waits. */
  take(): { channel: number; content: Uint8Array; end: boolean } | undefined {
    const from = this.pick();
    const waiting = from?.[0];
    if (!from || !waiting) return undefined;
    const content = waiting.message.subarray(waiting.at, waiting.at + maxPairContent);
    waiting.at += content.length;
    this.bytes -= content.length;
    const end = waiting.at === waiting.message.length;
    if (end) {
      from.shift();
      if (from === this.lanes[2] && waiting.channel === Channel.input) this.behind--;
    }
    return { channel: waiting.channel, content, end };
  }

  /** The oldest message's lane; while that message is a long one, the oldest of the lanes before it. */
  private pick(): Waiting[] | undefined {
    let limit: number = this.lanes.length;
    let picked: Waiting[] | undefined;
    for (;;) {
      let oldest = -1;
      for (let i = 0; i < limit; i++) {
        const head = this.lanes[i]![0];
        if (head && (oldest < 0 || head.sequence < this.lanes[oldest]![0]!.sequence)) oldest = i;
      }
      if (oldest < 0) return picked;
      picked = this.lanes[oldest]!;
      if (picked[0]!.message.length <= maxPairContent) return picked;
      limit = oldest;
    }
  }
}

function lane(channel: number): number {
  switch (channel) {
    case Channel.control:
    case Channel.input:
    case Channel.feedback:
    case Channel.cursor: return 0;
    case Channel.clipboard: return 2;
    default: return 1;
  }
}
