import { keysymOf, KeyLocation } from './keysyms.ts';
import { usageOf } from './hid-usages.ts';

/** What of a KeyboardEvent is used. */
export interface KeyEvent {
  readonly key: string;
  readonly code: string;
  readonly location: number;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  getModifierState(key: string): boolean;
  preventDefault(): void;
}

/** What any event of keyboard or mouse says of modifiers. */
export type ModifierFlags = Pick<KeyEvent, 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey' | 'getModifierState'>;

export interface KeyboardOutput {
  /** `pastes`: it follows the clipboard that the browser's paste event has brought. */
  key(down: boolean, keysym: number, usage: number, pastes: boolean): void;
  /** Everything up. */
  release(): void;
  /** Ctrl, Alt and Shift were pressed together and let go with nothing else: the keyboard is wanted back. */
  letGo(): void;
  after(milliseconds: number, work: () => void): void;
}

export type KeyboardSystem = 'mac' | 'windows' | 'other';

interface Held {
  readonly keysym: number;
  readonly usage: number;
}

/** The pair ControlLeft, AltRight that Windows makes of AltGr arrives within one of these. */
const altGraphWait = 50;
/** A browser that has nothing to paste may not say so. */
const pasteWait = 40;

const modifiers: readonly (readonly [flag: 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', codes: readonly string[]])[] = [
  ['ctrlKey', ['ControlLeft', 'ControlRight']],
  ['shiftKey', ['ShiftLeft', 'ShiftRight']],
  ['altKey', ['AltLeft']],
  ['metaKey', ['MetaLeft', 'MetaRight', 'OSLeft', 'OSRight']],
];
const controlOfCommand: Readonly<Record<string, string | undefined>> = { MetaLeft: 'ControlLeft', MetaRight: 'ControlRight', OSLeft: 'ControlLeft', OSRight: 'ControlRight' };
const modifierCodes = new Set(['AltRight', ...modifiers.flatMap(([, codes]) => codes)]);

/**
 * Key events to keysyms and usages. A key goes up as what it went down as, whatever the layout or Shift have become since.
 *
 * CapsLock and NumLock stay here: what they change is already in the keysym, and the host must not lock as well. Dead keys and
 * input methods send nothing by themselves; what they compose arrives as a key or as text. A key that repeats goes down again and
 * again: the host repeats nothing by itself, so that no key runs on when the road breaks. A Mac's Command is Control there.
 */
export class Keyboard {
  private readonly held = new Map<string, Held>();
  /** Modifiers that were let go for the host while a hand may still be on them. */
  private readonly lost = new Map<string, Held>();
  private pendingControl: Held | undefined;
  private pendingPaste: { readonly code: string; readonly held: Held } | undefined;
  private letGoArmed = false;

  constructor(private readonly out: KeyboardOutput, private readonly system: KeyboardSystem) {}

  down(event: KeyEvent): void {
    this.settleModifiers(event);
    if (event.isComposing || event.key === 'Process' || event.key === 'Dead' || event.key === 'Unidentified') return;
    const { code } = event;
    if (code === 'CapsLock' || code === 'NumLock') {
      event.preventDefault();
      return;
    }
    const held = this.meaning(event);
    if (held.keysym === 0 && held.usage === 0) return;
    const id = code === '' ? event.key : code;
    this.lost.delete(id);
    this.restoreModifiers(event);
    this.watchLetGo(code, event);

    if (this.system === 'windows' && code === 'ControlLeft' && !event.repeat && !this.held.has(id)) {
      event.preventDefault();
      this.pendingControl = held;
      this.out.after(altGraphWait, () => this.settleControl());
      return;
    }
    if (this.pendingControl !== undefined) {
      if (code === 'AltRight' && event.key === 'AltGraph') this.pendingControl = undefined;
      else this.settleControl();
    }

    if (isPaste(event, this.system) && !event.repeat) {
      // The default action of this key is the paste event, the one way to the clipboard that needs no permission: the clipboard goes first.
      this.pendingPaste = { code: id, held };
      this.out.after(pasteWait, () => this.pasted());
      return;
    }
    event.preventDefault();
    const down = event.repeat ? this.held.get(id) : undefined;
    if (down !== undefined) {
      if (!modifierCodes.has(code)) this.out.key(true, down.keysym, down.usage, false);
      return;
    }
    this.press(id, held);
    // While Command is down macOS tells no other key's release.
    if (this.system === 'mac' && event.metaKey && !modifierCodes.has(code)) this.lift(id);
  }

  up(event: KeyEvent): void {
    const id = event.code === '' ? event.key : event.code;
    this.lost.delete(id);
    if (event.code === 'ControlLeft') this.settleControl();
    if (this.pendingPaste?.code === id) this.pasted();
    if (this.held.has(id)) event.preventDefault();
    this.lift(id);
    // Windows: both Shift keys down, one let go: only the last release is told. Once no Shift is left, none is held.
    this.settleModifiers(event);
    if (this.letGoArmed && ![...this.held.keys()].some((code) => modifierCodes.has(code))) {
      this.letGoArmed = false;
      this.out.letGo();
    }
  }

  /** The clipboard is on its way: now the key that pastes it. */
  pasted(): void {
    const pending = this.pendingPaste;
    if (pending === undefined) return;
    this.pendingPaste = undefined;
    this.press(pending.code, pending.held, true);
    if (this.system === 'mac') this.lift(pending.code);
  }

  isDown(code: string): boolean {
    return this.held.has(code);
  }

  /** Focus, page, capture or control is lost, or the host has lifted all by itself: nothing may stay pressed. */
  releaseAll(): void {
    this.pendingControl = undefined;
    this.pendingPaste = undefined;
    this.letGoArmed = false;
    for (const [code, held] of this.held) if (modifierCodes.has(code)) this.lost.set(code, held);
    this.held.clear();
    this.out.release();
  }

  /** Any event tells the truth about modifiers; one whose release went elsewhere is let go. */
  settleModifiers(flags: ModifierFlags): void {
    for (const [flag, codes] of modifiers) {
      if (flags[flag]) continue;
      for (const code of codes) {
        this.lift(code);
        this.lost.delete(code);
      }
      if (flag === 'ctrlKey') this.pendingControl = undefined;
    }
  }

  /** Before a key or a click: what a hand has held through it all is pressed again, or Ctrl and C would be a C. */
  restoreModifiers(flags: ModifierFlags): void {
    for (const [code, held] of this.lost) {
      const flag = modifiers.find(([, codes]) => codes.includes(code))?.[0];
      if (flag === undefined ? flags.getModifierState('AltGraph') : flags[flag]) this.press(code, held);
    }
    this.lost.clear();
  }

  /** What a key goes down as. A hand on a Mac's keyboard copies with Command, and means what Control does on the other side. */
  private meaning(event: KeyEvent): Held {
    const code = this.system === 'mac' ? controlOfCommand[event.code] ?? event.code : event.code;
    return { keysym: code === event.code ? this.keysym(event) : keysymOf('Control', event.location), usage: usageOf(code) };
  }

  private keysym(event: KeyEvent): number {
    if (this.system !== 'mac') return keysymOf(event.key, event.location);
    // Option composes characters on macOS; the keysym says which one, and Alt must not come with it.
    if (event.key === 'Alt') return keysymOf('AltGraph', KeyLocation.standard);
    // Under Command a letter is told as a small one, whatever Shift says.
    const shifted = event.metaKey && event.shiftKey && /^[a-z]$/.test(event.key);
    return keysymOf(shifted ? event.key.toUpperCase() : event.key, event.location);
  }

  private press(id: string, held: Held, pastes = false): void {
    const before = this.held.get(id);
    if (before !== undefined && before.keysym !== held.keysym) this.out.key(false, before.keysym, before.usage, false);
    this.held.set(id, held);
    this.out.key(true, held.keysym, held.usage, pastes);
  }

  private lift(id: string): void {
    const held = this.held.get(id);
    if (held === undefined) return;
    this.held.delete(id);
    this.out.key(false, held.keysym, held.usage, false);
  }

  private settleControl(): void {
    const control = this.pendingControl;
    if (control === undefined) return;
    this.pendingControl = undefined;
    this.press('ControlLeft', control);
  }

  private watchLetGo(code: string, event: KeyEvent): void {
    this.letGoArmed = modifierCodes.has(code) && event.ctrlKey && event.altKey && event.shiftKey && (this.letGoArmed || !event.repeat);
  }
}

function isPaste(event: KeyEvent, system: KeyboardSystem): boolean {
  const command = system === 'mac' ? event.metaKey || event.ctrlKey : event.ctrlKey;
  if (event.altKey) return false;
  return (command && event.key.toLowerCase() === 'v') || (event.shiftKey && !event.ctrlKey && event.code === 'Insert');
}

export function systemOf(platform: string): KeyboardSystem {
  return /mac|iphone|ipad/i.test(platform) ? 'mac' : /win/i.test(platform) ? 'windows' : 'other';
}
