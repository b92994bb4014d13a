import { keysymOf, KeyLocation } from './keysyms.ts';
import { usageOf } from './hid-usages.ts';

export interface KeyStroke {
  readonly keysym: number;
  readonly usage: number;
}

/** The names people write, and the `key` and `code` they stand for. */
const spoken: Readonly<Record<string, readonly [key: string, code: string]>> = {
  ctrl: ['Control', 'ControlLeft'], control: ['Control', 'ControlLeft'], alt: ['Alt', 'AltLeft'], shift: ['Shift', 'ShiftLeft'],
  meta: ['Meta', 'MetaLeft'], win: ['Meta', 'MetaLeft'], super: ['Meta', 'MetaLeft'], altgr: ['AltGraph', 'AltRight'],
  del: ['Delete', 'Delete'], delete: ['Delete', 'Delete'], esc: ['Escape', 'Escape'], escape: ['Escape', 'Escape'],
  enter: ['Enter', 'Enter'], return: ['Enter', 'Enter'], tab: ['Tab', 'Tab'], space: [' ', 'Space'], backspace: ['Backspace', 'Backspace'],
  insert: ['Insert', 'Insert'], home: ['Home', 'Home'], end: ['End', 'End'], pageup: ['PageUp', 'PageUp'], pagedown: ['PageDown', 'PageDown'],
  up: ['ArrowUp', 'ArrowUp'], down: ['ArrowDown', 'ArrowDown'], left: ['ArrowLeft', 'ArrowLeft'], right: ['ArrowRight', 'ArrowRight'],
  printscreen: ['PrintScreen', 'PrintScreen'], print: ['PrintScreen', 'PrintScreen'], pause: ['Pause', 'Pause'],
  scrolllock: ['ScrollLock', 'ScrollLock'], capslock: ['CapsLock', 'CapsLock'], numlock: ['NumLock', 'NumLock'], menu: ['ContextMenu', 'ContextMenu'],
};

/** Reads `Ctrl+Alt+Delete`; keys in the order they are pressed. Throws RangeError for a name that is not a key. */
export function readChord(chord: string): readonly KeyStroke[] {
  return chord.split('+').map((part) => {
    const name = part.trim();
    const known = spoken[name.toLowerCase()];
    if (known !== undefined) return { keysym: keysymOf(known[0], KeyLocation.standard), usage: usageOf(known[1]) };
    if (/^F([1-9]|[12][0-9]|3[0-5])$/i.test(name)) {
      const key = name.toUpperCase();
      return { keysym: keysymOf(key, KeyLocation.standard), usage: usageOf(key) };
    }
    const character = name.toLowerCase();
    const keysym = keysymOf(character, KeyLocation.standard);
    if (keysym === 0) throw new RangeError(`${name} is not a key.`);
    const code = /^[a-z]$/.test(character) ? `Key${character.toUpperCase()}` : /^[0-9]$/.test(character) ? `Digit${character}` : '';
    return { keysym, usage: usageOf(code) };
  });
}
