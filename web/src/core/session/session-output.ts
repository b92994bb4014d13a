// What a viewer's session begins with, and what it wants done and told.
import type { ConversationOutput } from './conversation.ts';
import type { WayOutput } from './session-link.ts';
import type { SessionState } from './state.ts';
import type { Ask, OpenCode, Place, Ticket } from './ticket.ts';

export type Start =
  | { t: 'join'; relay: string; place: Place; secret: string; ask: Ask }
  | { t: 'open'; relay: string; ask: Ask }
  | { t: 'resume'; ticket: Ticket };

/** What the machine wants done and told. */
export interface SessionOutput extends ConversationOutput {
  connect(): void;
  /** As in RelayOutput. */
  disconnect(leaving: boolean): void;
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array<ArrayBuffer>): void;
  state(state: SessionState): void;
  code(code: OpenCode): void;
  ticket(ticket: Ticket | undefined): void;
  /** Undefined: everything stays on the relay. */
  ways?: WayOutput;
  /** Something happened outside a call: `deadline` may be another. */
  schedule(): void;
}
