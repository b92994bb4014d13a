import type { WayCandidate, WayDescription } from '../core/link/description.ts';
import type { TurnOffer } from '../core/relay/signals.ts';
import type { Desktop } from '../core/session/desktop.ts';
import type { Grant } from '../core/session/grant.ts';
import type { Health } from '../core/session/health-meter.ts';
import type { SessionState } from '../core/session/state.ts';
import type { Ask, OpenCode, Place, Ticket } from '../core/session/ticket.ts';

/**
 * What page and session worker say to each other. The worker owns socket, keys, decoder and what it paints on; the page owns
 * devices, permissions, the connections of direct ways, and what is read and pressed. Both directions are plain objects by postMessage.
 */
export type ToWorker =
  /** Join a host's room. `place` and `secret` come from a code or a link. */
  | { t: 'join'; relay: string; place: Place; secret: string; ask: Ask; direct: boolean }
  /** Open a room for a customer; the worker makes the secret and answers with `code`. */
  | { t: 'open'; relay: string; ask: Ask; direct: boolean }
  /** Come back to a session that this tab had before it was reloaded. */
  | { t: 'resume'; ticket: Ticket; direct: boolean }
  /** Those of canvasesOf, for a picture of this size. */
  | { t: 'panes'; width: number; height: number; canvases: readonly OffscreenCanvas[] }
  | { t: 'ask'; ask: Ask }
  | { t: 'narrow'; grant: Partial<Grant> }
  | { t: 'monitor'; id: number }
  | { t: 'pointer'; x: number; y: number; buttons: number }
  | { t: 'wheel'; dx: number; dy: number }
  | { t: 'key'; down: boolean; keysym: number; usage: number; pastes: boolean }
  | { t: 'text'; text: string }
  | { t: 'release' }
  | { t: 'clipboard'; selection: 0 | 1; text: string }
  /** A hidden page paints nothing and acknowledges nothing. */
  | { t: 'visible'; visible: boolean }
  /** The network or the page is back: a waiting reconnect happens now. */
  | { t: 'wake' }
  | { t: 'newCode' }
  | DirectFromPage
  | { t: 'leave' }
  /** The worker ends itself, after what it has to say on the network. */
  | { t: 'stop' };

export type FromWorker =
  | { t: 'state'; state: SessionState }
  | { t: 'code'; code: OpenCode }
  | { t: 'desktop'; desktop: Desktop }
  /** Canvases for a picture of this size are needed. */
  | { t: 'panes'; width: number; height: number }
  /** The picture's size in pixels, at its first paint and when it changes: it is on the panes that were given last. */
  | { t: 'picture'; width: number; height: number }
  | { t: 'cursor'; cursor: CursorShape }
  | { t: 'cursorAt'; x: number; y: number }
  | { t: 'clipboard'; selection: 0 | 1; text: string }
  | { t: 'notice'; code: string; text: string }
  | { t: 'health'; health: Health }
  | DirectToPage
  /** What a reload of the page needs to come back; undefined when there is nothing to come back to. */
  | { t: 'ticket'; ticket: Ticket | undefined };

/** What becomes of direct ways. */
export type DirectFromPage =
  | { t: 'wayDescribed'; description: WayDescription }
  | { t: 'wayCandidate'; candidate: WayCandidate }
  /** The channel itself, in browsers that can give it away: the messages below pass between page and worker in others only. */
  | { t: 'wayChannel'; way: number; channel: RTCDataChannel }
  | { t: 'wayOpened'; way: number }
  | { t: 'wayMessage'; way: number; bytes: Uint8Array<ArrayBuffer> }
  | { t: 'wayFailed'; way: number; why: string };

/** What is wanted of direct ways. */
export type DirectToPage =
  /** The host's side; `stun` is a URL. */
  | { t: 'wayDescribe'; description: WayDescription; stun: string | undefined; turn: TurnOffer | undefined }
  | { t: 'wayCandidate'; candidate: WayCandidate }
  | { t: 'waySend'; way: number; bytes: Uint8Array<ArrayBuffer> }
  | { t: 'wayEnd'; way: number };

export type { Ask, OpenCode, Place, Ticket } from '../core/session/ticket.ts';
export type { EndReason, SessionState } from '../core/session/state.ts';

export type { Desktop, Monitor } from '../core/session/desktop.ts';
export type { Health } from '../core/session/health-meter.ts';

/** Straight-alpha RGBA; 0 x 0 is hidden. */
export interface CursorShape {
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}
