/** The channels of a pair (docs/protocol/session.md). */
export const Channel = { control: 0, input: 1, feedback: 2, cursor: 3, clipboard: 4, desktop: 5 } as const;

export type SecureRole = 'viewer' | 'host';

/** The most a message on a channel to `receiver` may be long, in bytes; 0: nothing may be sent there. */
export function channelBudget(channel: number, receiver: SecureRole): number {
  switch (channel) {
    case Channel.control: return 64 * 1024;
    case Channel.input: return receiver === 'host' ? 8 * 1024 : 0;
    case Channel.feedback: return receiver === 'host' ? 64 : 0;
    case Channel.cursor: return receiver === 'viewer' ? 1024 * 1024 : 0;
    case Channel.clipboard: return 4 * 1024 * 1024 + 16;
    case Channel.desktop: return receiver === 'viewer' ? 64 * 1024 * 1024 : 0;
    default: return 0;
  }
}
