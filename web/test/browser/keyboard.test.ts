import { beforeEach, describe, expect, it } from 'vitest';
import { Keyboard, systemOf, type KeyEvent, type KeyboardSystem } from '../../src/browser/input/keyboard.ts';

type Flags = Partial<Pick<KeyEvent, 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey' | 'repeat' | 'isComposing' | 'location'>>;

let log: string[] = [];
let timers: (() => void)[] = [];
let prevented = 0;

function keyboard(system: KeyboardSystem = 'other'): Keyboard {
  return new Keyboard({
    key: (down, keysym, usage, pastes) => log.push(`${down ? '+' : '-'}${keysym.toString(16)}/${usage.toString(16)}${pastes ? ' pastes' : ''}`),
    release: () => log.push('release'),
    letGo: () => log.push('let go'),
    after: (_, work) => timers.push(work),
  }, system);
}

function event(key: string, code: string, flags: Flags = {}, altGraph = false): KeyEvent {
  return {
    getModifierState: (name) => name === 'AltGraph' && altGraph,
    key, code, location: 0, repeat: false, isComposing: false, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false,
    preventDefault: () => { prevented++; }, ...flags,
  };
}

beforeEach(() => {
  log = [];
  timers = [];
  prevented = 0;
});

describe('the keyboard', () => {
  it('lets a key go as what it was pressed as', () => {
    const k = keyboard();
    k.down(event('Shift', 'ShiftLeft', { shiftKey: true, location: 1 }));
    k.down(event('A', 'KeyA', { shiftKey: true }));
    k.up(event('Shift', 'ShiftLeft', { location: 1 }));
    k.up(event('a', 'KeyA'));
    expect(log).toEqual(['+ffe1/e1', '+41/4', '-ffe1/e1', '-41/4']);
  });

  it('sends repeats of a key, but not of a modifier: the host repeats nothing by itself', () => {
    const k = keyboard();
    k.down(event('a', 'KeyA'));
    k.down(event('a', 'KeyA', { repeat: true }));
    k.up(event('a', 'KeyA'));
    k.down(event('Shift', 'ShiftLeft', { shiftKey: true, location: 1 }));
    k.down(event('Shift', 'ShiftLeft', { shiftKey: true, location: 1, repeat: true }));
    expect(log).toEqual(['+61/4', '+61/4', '-61/4', '+ffe1/e1']);
    expect(prevented).toBe(5);
  });

  it('keeps dead keys, composing and locks to itself', () => {
    const k = keyboard();
    k.down(event('Dead', 'Quote'));
    k.down(event('Process', 'KeyK'));
    k.down(event('k', 'KeyK', { isComposing: true }));
    k.down(event('CapsLock', 'CapsLock'));
    expect(log).toEqual([]);
    k.up(event('Dead', 'Quote'));
    k.down(event('é', 'KeyE'));
    expect(log).toEqual(['+e9/8']);
  });

  it('takes AltGr of Windows for one key', () => {
    const k = keyboard('windows');
    k.down(event('Control', 'ControlLeft', { ctrlKey: true, location: 1 }));
    k.down(event('AltGraph', 'AltRight', { ctrlKey: true, altKey: true, location: 2 }));
    k.down(event('@', 'KeyQ', { ctrlKey: true, altKey: true }));
    k.up(event('@', 'KeyQ', { ctrlKey: true, altKey: true }));
    k.up(event('Control', 'ControlLeft', { altKey: true }));
    k.up(event('AltGraph', 'AltRight', { location: 2 }));
    for (const timer of timers) timer();
    expect(log).toEqual(['+fe03/e6', '+40/14', '-40/14', '-fe03/e6']);
  });

  it('sends a held Ctrl of Windows before the next key, or after a moment', () => {
    const k = keyboard('windows');
    k.down(event('Control', 'ControlLeft', { ctrlKey: true, location: 1 }));
    k.down(event('c', 'KeyC', { ctrlKey: true }));
    expect(log).toEqual(['+ffe3/e0', '+63/6']);
    const other = keyboard('windows');
    log = [];
    other.down(event('Control', 'ControlLeft', { ctrlKey: true, location: 1 }));
    timers.at(-1)?.();
    expect(log).toEqual(['+ffe3/e0']);
  });

  it('lets go of a modifier whose release went elsewhere', () => {
    const k = keyboard();
    k.down(event('Alt', 'AltLeft', { altKey: true, location: 1 }));
    k.down(event('x', 'KeyX'));
    expect(log).toEqual(['+ffe9/e2', '-ffe9/e2', '+78/1b']);
  });

  it('releases at once under Command on macOS, where releases are not told', () => {
    const k = keyboard('mac');
    k.down(event('Meta', 'MetaLeft', { metaKey: true, location: 1 }));
    k.down(event('c', 'KeyC', { metaKey: true }));
    k.up(event('Meta', 'MetaLeft', { location: 1 }));
    expect(log).toEqual(['+ffe3/e0', '+63/6', '-63/6', '-ffe3/e0']);
  });

  it('takes Command of a Mac for Control, with its side, and undoes what Command does to letters under Shift', () => {
    const k = keyboard('mac');
    k.down(event('Shift', 'ShiftLeft', { shiftKey: true, location: 1 }));
    k.down(event('Meta', 'MetaRight', { metaKey: true, shiftKey: true, location: 2 }));
    k.down(event('z', 'KeyZ', { metaKey: true, shiftKey: true }));
    k.up(event('Meta', 'MetaRight', { shiftKey: true, location: 2 }));
    expect(log).toEqual(['+ffe1/e1', '+ffe4/e4', '+5a/1d', '-5a/1d', '-ffe4/e4']);
  });

  it('leaves the Windows key what it is elsewhere', () => {
    const k = keyboard('windows');
    k.down(event('Meta', 'MetaLeft', { metaKey: true, location: 1 }));
    k.up(event('Meta', 'MetaLeft', { location: 1 }));
    expect(log).toEqual(['+ffeb/e3', '-ffeb/e3']);
  });

  it('waits for the clipboard before the key that pastes it', () => {
    const k = keyboard();
    k.down(event('Control', 'ControlLeft', { ctrlKey: true, location: 1 }));
    prevented = 0;
    k.down(event('v', 'KeyV', { ctrlKey: true }));
    expect(prevented).toBe(0);
    expect(log).toEqual(['+ffe3/e0']);
    k.pasted();
    timers.at(-1)?.();
    k.up(event('v', 'KeyV', { ctrlKey: true }));
    expect(log).toEqual(['+ffe3/e0', '+76/19 pastes', '-76/19']);
  });

  it('pastes without a clipboard when the browser says nothing', () => {
    const k = keyboard();
    k.down(event('v', 'KeyV', { ctrlKey: true }));
    timers.at(-1)?.();
    expect(log).toEqual(['+76/19 pastes']);
  });

  it('releases everything when the page loses the keyboard', () => {
    const k = keyboard();
    k.down(event('a', 'KeyA'));
    k.releaseAll();
    k.up(event('a', 'KeyA'));
    expect(log).toEqual(['+61/4', 'release']);
  });

  it('presses a modifier again that was held through it all, before the next key', () => {
    const k = keyboard();
    k.down(event('Control', 'ControlLeft', { ctrlKey: true, location: 1 }));
    k.down(event('Shift', 'ShiftLeft', { ctrlKey: true, shiftKey: true, location: 1 }));
    k.down(event('AltGraph', 'AltRight', { ctrlKey: true, shiftKey: true, location: 2 }, true));
    k.down(event('x', 'KeyX', { ctrlKey: true, shiftKey: true }, true));
    log = [];
    k.releaseAll();
    k.up(event('Shift', 'ShiftLeft', { ctrlKey: true, location: 1 }, true));
    expect(log).toEqual(['release']);
    k.down(event('c', 'KeyC', { ctrlKey: true }, true));
    k.up(event('c', 'KeyC', { ctrlKey: true }, true));
    k.up(event('Control', 'ControlLeft', { location: 1 }, true));
    k.up(event('AltGraph', 'AltRight', { location: 2 }));
    k.down(event('c', 'KeyC'));
    expect(log.slice(1)).toEqual(['+ffe3/e0', '+fe03/e6', '+63/6', '-63/6', '-ffe3/e0', '-fe03/e6', '+63/6']);
  });

  it('presses none again that was let go elsewhere, and none twice', () => {
    const k = keyboard();
    k.down(event('Alt', 'AltLeft', { altKey: true, location: 1 }));
    k.releaseAll();
    log = [];
    k.down(event('x', 'KeyX'));
    k.down(event('y', 'KeyY', { altKey: true }));
    expect(log).toEqual(['+78/1b', '+79/1c']);
    const repeating = keyboard();
    repeating.down(event('Shift', 'ShiftLeft', { shiftKey: true, location: 1 }));
    repeating.releaseAll();
    log = [];
    repeating.down(event('Shift', 'ShiftLeft', { shiftKey: true, location: 1, repeat: true }));
    repeating.down(event('X', 'KeyX', { shiftKey: true }));
    expect(log).toEqual(['+ffe1/e1', '+58/1b']);
  });

  it('gives the keyboard back for Ctrl, Alt and Shift alone', () => {
    const k = keyboard();
    const all = { ctrlKey: true, altKey: true, shiftKey: true };
    k.down(event('Control', 'ControlLeft', { ctrlKey: true }));
    k.down(event('Alt', 'AltLeft', { ctrlKey: true, altKey: true }));
    k.down(event('Shift', 'ShiftLeft', all));
    k.up(event('Shift', 'ShiftLeft', { ctrlKey: true, altKey: true }));
    k.up(event('Alt', 'AltLeft', { ctrlKey: true }));
    k.up(event('Control', 'ControlLeft'));
    expect(log.at(-1)).toBe('let go');
    log = [];
    k.down(event('Control', 'ControlLeft', { ctrlKey: true }));
    k.down(event('Alt', 'AltLeft', { ctrlKey: true, altKey: true }));
    k.down(event('Shift', 'ShiftLeft', all));
    k.down(event('T', 'KeyT', all));
    k.up(event('T', 'KeyT', all));
    k.up(event('Shift', 'ShiftLeft'));
    expect(log).not.toContain('let go');
  });

  it('knows systems by their platform', () => {
    expect(['MacIntel', 'Win32', 'Linux x86_64', 'iPad'].map(systemOf)).toEqual(['mac', 'windows', 'other', 'mac']);
  });
});
