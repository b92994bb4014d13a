import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputDouble } from './input-double.ts';

let page: InputDouble;
beforeEach(() => { page = new InputDouble(); });
afterEach(() => { vi.unstubAllGlobals(); });

describe('what a hand does reaches the host in its order', () => {
  it('keys behind the moves and turns that came before them', () => {
    page.move(10, 10);
    page.move(20, 20);
    page.fire('keydown', { key: 'a', code: 'KeyA' });
    page.turn();
    page.turn();
    page.fire('keyup', { key: 'a', code: 'KeyA' });
    expect(page.log).toEqual(['at 10,10', 'at 20,20', '+61', 'wheel 120', 'wheel 120', '-61']);
  });

  it('text and chords behind them too', () => {
    page.move(10, 10);
    page.move(20, 20);
    page.fire('keydown', { key: 'Process', code: 'KeyA' });
    page.field.dispatchEvent(new Event('compositionstart'));
    page.field.dispatchEvent(Object.assign(new Event('compositionend'), { data: 'ж' }));
    page.turn();
    page.turn();
    page.input.sendChord('Meta+L');
    expect(page.log.slice(0, 6)).toEqual(['at 10,10', 'at 20,20', 'ж', 'wheel 120', 'wheel 120', '+ffeb']);
  });

  it('moves behind turns, when both wait for a frame', () => {
    page.turn();
    page.move(10, 10);
    page.turn();
    page.move(20, 20);
    page.frame();
    expect(page.log).toEqual(['wheel 120', 'at 10,10', 'wheel 120', 'at 20,20']);
  });
});

describe('control that was away', () => {
  it('finds every key up, and a modifier that was held through it pressed again before the next key', () => {
    page.fire('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ctrlKey: true });
    page.hostControls(false);
    page.hostControls(true);
    page.fire('keydown', { key: 'c', code: 'KeyC', ctrlKey: true });
    page.fire('keyup', { key: 'c', code: 'KeyC', ctrlKey: true });
    page.fire('keyup', { key: 'Control', code: 'ControlLeft', location: 1 });
    expect(page.log).toEqual(['+ffe3', 'release', '+ffe3', '+63', '-63', '-ffe3']);
  });

  it('does so before a click as well', () => {
    page.fire('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ctrlKey: true });
    page.hostControls(false);
    page.hostControls(true);
    page.fire('pointerdown', { pointerType: 'mouse', pointerId: 1, buttons: 1, clientX: 5, clientY: 6, ctrlKey: true });
    expect(page.log).toEqual(['+ffe3', 'release', '+ffe3', 'at 5,6']);
  });
});

it('draws the host\'s pointer once a frame, however often it changes', () => {
  page.frame();
  const before = page.drawn;
  for (let i = 0; i < 1000; i++) page.hostShows({ width: 8, height: 8, hotX: 0, hotY: 0, rgba: new Uint8ClampedArray(256) });
  expect(page.drawn).toBe(before);
  page.frame();
  expect(page.drawn).toBe(before + 1);
});

it('takes the keyboard when nothing has it, and leaves it to what does', () => {
  page.focused = 'something';
  page.input.focusIfIdle();
  expect(page.field.isFocused).toBe(false);
  page.focused = 'nothing';
  page.input.focusIfIdle();
  expect(page.field.isFocused).toBe(true);
});
