import type { Grant } from '../core/session/grant.ts';

/**
 * What page and session worker say to each other. The worker owns socket, keys, decoder and canvas; the page owns
 * devices, permissions and what is read and pressed. Both directions are plain objects by postMessage.
 */
export type ToWorker =
  /** Join a host's room. `place` and `secret` come from a code or a link. */
  | { t: 'join'; relay: string; place: Place; secret: string; ask: Ask }
  /** Open a room for a customer; the worker makes the secret and answers with `code`. */
  | { t: 'open'; relay: string; ask: Ask }
  | { t: 'canvas'; canvas: OffscreenCanvas }
  | { t: 'ask'; ask: Ask }
  | { t: 'narrow'; grant: Partial<Grant> }
  | { t: 'monitor'; id: number }
  | { t: 'pointer'; x: number; y: number; buttons: number }
  | { t: 'wheel'; dx: number; dy: number }
  | { t: 'key'; down: boolean; keysym: number; usage: number }
  | { t: 'text'; text: string }
  | { t: 'release' }
  | { t: 'clipboard'; selection: 0 | 1; text: string }
  /** A hidden page paints nothing and acknowledges nothing. */
  | { t: 'visible'; visible: boolean }
  | { t: 'newCode' }
  | { t: 'leave' };

export type Place = { kind: 'code'; number: string } | { kind: 'link'; room: string };

export interface Ask extends Grant {
  readonly name: string;
}

export type FromWorker =
  | { t: 'state'; state: SessionState }
  | { t: 'code'; code: OpenCode }
  | { t: 'desktop'; desktop: Desktop }
  /** The picture's size in pixels, at its first paint and when it changes. */
  | { t: 'picture'; width: number; height: number }
  | { t: 'cursor'; cursor: CursorShape }
  | { t: 'cursorAt'; x: number; y: number }
  | { t: 'clipboard'; selection: 0 | 1; text: string }
  | { t: 'notice'; code: string; text: string }
  | { t: 'health'; health: Health };

/** A code and link that a helper gives to a customer. `link` is the part after the page's address. */
export interface OpenCode {
  readonly number: string;
  readonly secret: string;
  readonly link: string;
  readonly seconds: number;
}

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

export interface Desktop {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly monitors: readonly Monitor[];
  readonly shows: number;
}

export interface Monitor {
  readonly id: number;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly primary: boolean;
}

/** Straight-alpha RGBA; 0 x 0 is hidden. */
export interface CursorShape {
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Twice a second while live. Times in milliseconds, rates in bits a second over the last second. */
export interface Health {
  readonly path: 'relay' | 'direct';
  readonly roundTrip: number | undefined;
  /** From the input message that left to the next painted update, median of the last second; undefined when nothing was typed. */
  readonly inputToPicture: number | undefined;
  readonly rate: number;
  readonly updates: number;
}
