import type { Grant } from '../../core/session/grant.ts';
import type { Ask } from '../../browser/bridge.ts';
import type { TouchMode } from '../../browser/input/attach-input.ts';
import type { SessionSnapshot } from '../../browser/session-client.ts';
import type { ViewMode } from '../../browser/view/view-transform.ts';

/** All that a session's page shows, as plain data: the product fills it from the worker, the gallery with made-up values. */
export interface SessionPicture {
  readonly snapshot: SessionSnapshot;
  readonly ask: Ask;
  readonly origin: string;
  /** Milliseconds since the first picture. */
  readonly together: number;
  /** Seconds that the code that is out still works; 0 when it has lapsed. */
  readonly codeLeft: number;
  /** The person came by a link, not by digits. */
  readonly byLink: boolean;
  /** More was asked for and not yet answered. */
  readonly asked: boolean;
  readonly view: ViewState;
}

export interface ViewState {
  readonly mode: ViewMode;
  /** CSS pixels a desktop pixel. */
  readonly scale: number;
  readonly fullScreen: boolean;
  readonly canFullScreen: boolean;
  readonly touch: TouchMode;
  /** There are fingers: the choice of touch mode and the on-screen keyboard make sense. */
  readonly hasTouch: boolean;
  /** The keyboard is a Mac's, whose Command is Control on the other computer. */
  readonly hasCommand: boolean;
  readonly keyboard: boolean;
  /** Grows each time the person asks for the bar by keyboard. */
  readonly summons: number;
}

/** What a person can do in a session. */
export interface SessionActions {
  leave(): void;
  again(): void;
  toStart(): void;
  newCode(): void;
  askFor(more: Partial<Grant>): void;
  giveBack(): void;
  monitor(id: number): void;
  chord(chord: string): void;
  sendClipboard(text: string): void;
  copyOffered(): void;
  dismissNotice(id: number): void;
  mode(mode: 'fit' | 'actual'): void;
  zoom(factor: number): void;
  fullScreen(on: boolean): void;
  touch(mode: TouchMode): void;
  keyboard(shown: boolean): void;
  /** The keyboard goes back to the desktop. */
  focusDesktop(): void;
}
