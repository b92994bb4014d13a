import type { SessionClient } from '../session-client.ts';
import type { Viewport } from '../view/viewport.ts';

/** How fingers move the host's pointer: `trackpad` pushes a visible pointer, `direct` puts it where the finger is. */
export type TouchMode = 'trackpad' | 'direct';

export interface InputOptions {
  /** Where the desktop lies in the element; pinch and pan change it. */
  readonly viewport: Viewport;
  readonly touch: TouchMode;
  /** A three-finger tap asks for the on-screen keyboard; called after it was shown or hidden. */
  readonly onKeyboard?: (shown: boolean) => void;
}

export interface AttachedInput {
  /** Takes the keyboard; called for a click on the element by itself. */
  focus(): void;
  /** Presses and releases, such as `Ctrl+Alt+Delete`, `Meta+L`, `PrintScreen`. */
  sendChord(chord: string): void;
  setTouch(mode: TouchMode): void;
  /** The on-screen keyboard of a phone. */
  showKeyboard(shown: boolean): void;
  /** Releases everything and lets go of the element. */
  detach(): void;
}
