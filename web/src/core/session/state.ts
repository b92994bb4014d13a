import type { Grant } from './grant.ts';

/** What the page shows of a session, one at a time. */
export type SessionState =
  | { at: 'connecting' }
  /** The room is open; the other side has not come yet. */
  | { at: 'waiting' }
  /** Nine digits were used wrongly: they are burnt. The opener gets new ones. */
  | { at: 'burnt'; opener: boolean }
  | { at: 'securing' }
  | { at: 'asking'; checkDigits: string }
  | { at: 'refused' }
  | { at: 'live'; grant: Grant; checkDigits: string }
  /** The last picture stays, dimmed. `side` is whose connection broke, as far as known. */
  | { at: 'reconnecting'; side: 'ours' | 'theirs' | 'server' }
  | { at: 'lost'; text: string }
  | { at: 'ended'; reason: EndReason; text?: string };

export type EndReason =
  | 'left' | 'stopped' | 'closed' | 'refused' | 'host-gone' | 'no-room' | 'replaced' | 'removed'
  | 'slow-down' | 'too-slow' | 'protocol' | 'version' | 'idle' | 'unreachable';
