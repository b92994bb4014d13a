import type { Grant } from './grant.ts';

/** Which secret is meant, and the room: its number (spoken codes) or its id (links). */
export type Place = { kind: 'code'; number: string } | { kind: 'link'; room: string };

export interface Ask extends Grant {
  readonly name: string;
}

/** A code and link that a helper gives to a customer. `link` is the part after the page's address. */
export interface OpenCode {
  readonly number: string;
  readonly secret: string;
  readonly link: string;
  /** How long the code is good from now on. */
  readonly seconds: number;
}

/**
 * All a reloaded tab needs to take its place again. Holds secrets: the page keeps it in memory and writes it to
 * sessionStorage only on its way out (browser/target.ts), so that a second tab never has it.
 */
export interface Ticket {
  readonly relay: string;
  readonly ask: Ask;
  readonly room: string;
  readonly member: number;
  readonly token: string;
  /** Given by who joined; absent when this side opened the room. */
  readonly joined?: { readonly place: Place; readonly secret: string };
  /** Given by who opened the room. */
  readonly opened?: OpenedSecrets;
  /** From the last handshake; good for two minutes after the break. */
  readonly resume?: { readonly session: string; readonly secret: Uint8Array };
}

/** What an opener has given out. */
export interface OpenedSecrets {
  readonly linkSecret: string;
  /** The code that is out, while it is good; `expires` in microseconds of the session's clock. */
  readonly code?: { readonly number: string; readonly secret: string; readonly expires: number };
}
