import type { SessionClient } from '../session-client.ts';
import type { Viewport } from '../view/viewport.ts';
import { readChord } from './chords.ts';
import { CursorView } from './cursor-view.ts';
import { Keyboard, systemOf } from './keyboard.ts';
import { PointerInput } from './pointer-input.ts';
import { TextEntry } from './text-entry.ts';
import type { TouchMode } from './touch-gestures.ts';

export type { TouchMode } from './touch-gestures.ts';

export interface InputOptions {
  /** Where the desktop lies in the element; pinch and pan change it. */
  readonly viewport: Viewport;
  readonly touch: TouchMode;
  /** What a screen reader says of the field that takes the keyboard. */
  readonly label: string;
  /** The on-screen keyboard was shown or hidden, by a three-finger tap or by `showKeyboard`. */
  readonly onKeyboard?: (shown: boolean) => void;
  /** Ctrl, Alt and Shift were pressed together and let go: the way out of the desktop for people who use no mouse. */
  readonly onLetGo?: () => void;
}

export interface AttachedInput {
  /** Takes the keyboard; a click on the element does so by itself. */
  focus(): void;
  /** Takes it if nothing else of the page has it. */
  focusIfIdle(): void;
  /** Presses and releases, such as `Ctrl+Alt+Delete`, `Meta+L`, `PrintScreen`. */
  sendChord(chord: string): void;
  setTouch(mode: TouchMode): void;
  /** The on-screen keyboard of a phone; call it from a touch. */
  showKeyboard(shown: boolean): void;
  /** Releases everything and lets go of the element. */
  detach(): void;
}

const backspace = { keysym: 0xff08, usage: 0x2a } as const;

/**
 * Makes an element the desktop's: keyboard, mouse, touch and pointer. The element is positioned and fills the view; the canvas
 * and floating tools are its children. Nothing leaves without the control grant: the session sees to that.
 */
export function attachInput(element: HTMLElement, client: SessionClient, options: InputOptions): AttachedInput {
  const { viewport } = options;
  const ends = new AbortController();
  const { signal } = ends;
  let by: 'mouse' | 'touch' | 'host' = 'mouse';
  let hostAt = client.getSnapshot().cursorAt;

  /** Behind what was moved and turned before it: Ctrl and the wheel zoom only as long as Ctrl is down. */
  const key = (down: boolean, keysym: number, usage: number, pastes = false): void => {
    pointer.flush();
    client.key(down, keysym, usage, pastes);
  };
  const keyboard = new Keyboard({
    key,
    release: () => client.release(),
    letGo: () => options.onLetGo?.(),
    after: (milliseconds, work) => { setTimeout(work, milliseconds); },
  }, systemOf(navigator.platform));

  const text = new TextEntry(element, options.label, {
    text: (typed) => {
      pointer.flush();
      client.text(typed);
    },
    backspace: () => {
      key(true, backspace.keysym, backspace.usage);
      key(false, backspace.keysym, backspace.usage);
    },
    paste: (pasted) => {
      client.sendClipboard(pasted);
      keyboard.pasted();
    },
  }, signal);

  const showKeyboard = (shown: boolean): void => {
    text.show(shown);
    options.onKeyboard?.(shown);
  };
  const focus = (): void => text.field.focus({ preventScroll: true });

  const cursor = new CursorView(element);
  let drawing: number | undefined;
  /** Once a frame: a host may change its pointer as often as it likes. */
  const draw = (): void => {
    drawing ??= requestAnimationFrame(() => {
      drawing = undefined;
      const controls = client.grant?.control === true;
      cursor.setShape(client.getSnapshot().cursor);
      cursor.place(controls && by === 'mouse', by === 'host' || !controls ? hostAt : by === 'touch' ? pointer.at : undefined);
      cursor.draw(viewport.get());
    });
  };

  const pointer = new PointerInput(element, viewport, options.touch, {
    pointer: (x, y, buttons) => client.pointer(x, y, buttons),
    wheel: (dx, dy) => client.wheel(dx, dy),
    used: focus,
    keyboard: () => showKeyboard(!text.isShown),
    moved: (mover) => {
      by = mover;
      draw();
    },
    modifiers: (flags) => {
      keyboard.settleModifiers(flags);
      keyboard.restoreModifiers(flags);
    },
    isControlDown: () => keyboard.isDown('ControlLeft') || keyboard.isDown('ControlRight'),
  }, signal);

  const releaseAll = (): void => {
    pointer.releaseAll();
    keyboard.releaseAll();
  };

  text.field.addEventListener('keydown', (event) => keyboard.down(event), { signal });
  text.field.addEventListener('keyup', (event) => keyboard.up(event), { signal });
  text.field.addEventListener('blur', releaseAll, { signal });
  window.addEventListener('blur', releaseAll, { signal });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') releaseAll();
  }, { signal });
  document.addEventListener('fullscreenchange', () => void lockKeys(), { signal });
  window.addEventListener('focus', () => void shareClipboard(client), { signal });

  let controlled = client.grant?.control === true;
  const unsubscribe = client.subscribe(() => {
    const controls = client.grant?.control === true;
    // While control was away, by a break or by the host's word, the host has lifted all keys, and heard of none.
    if (controls && !controlled) keyboard.releaseAll();
    controlled = controls;
    const { cursorAt } = client.getSnapshot();
    if (cursorAt !== hostAt) {
      hostAt = cursorAt;
      if (cursorAt !== undefined) {
        pointer.moveTo(cursorAt.x, cursorAt.y);
        by = by === 'touch' ? 'touch' : 'host';
      }
    }
    draw();
  });
  const unwatch = viewport.subscribe(draw);
  draw();

  return {
    focus,
    focusIfIdle: () => {
      if (document.activeElement === null || document.activeElement === document.body) focus();
    },
    sendChord: (chord) => {
      const strokes = readChord(chord);
      for (const { keysym, usage } of strokes) key(true, keysym, usage);
      for (const { keysym, usage } of strokes.toReversed()) key(false, keysym, usage);
    },
    setTouch: (mode) => pointer.setTouch(mode),
    showKeyboard,
    detach: () => {
      releaseAll();
      unsubscribe();
      unwatch();
      if (drawing !== undefined) cancelAnimationFrame(drawing);
      ends.abort();
      cursor.remove();
    },
  };
}

interface KeyboardLock {
  lock(): Promise<void>;
  unlock(): void;
}

/** In full screen the system's keys (Alt+Tab, Escape, Meta) are the desktop's, where the browser can do that. */
async function lockKeys(): Promise<void> {
  const { keyboard } = navigator as Navigator & { readonly keyboard?: KeyboardLock };
  if (keyboard === undefined) return;
  if (document.fullscreenElement === null) {
    keyboard.unlock();
    return;
  }
  try {
    await keyboard.lock();
  } catch (error) {
    // Left full screen meanwhile, or a policy forbids it: then the system keeps its keys.
    if (!(error instanceof DOMException)) throw error;
  }
}

/** What was copied elsewhere goes along when the page is entered; only where the person has allowed reading before. */
async function shareClipboard(client: SessionClient): Promise<void> {
  if (client.grant?.clipboard !== true) return;
  try {
    const permission = await navigator.permissions.query({ name: 'clipboard-read' as PermissionName });
    if (permission.state === 'granted') client.sendClipboard(await navigator.clipboard.readText());
  } catch (error) {
    // Firefox and Safari know no such permission, and a page that lost focus meanwhile may not read: paste still works.
    if (!(error instanceof DOMException) && !(error instanceof TypeError)) throw error;
  }
}
