import { describe, expect, it } from 'vitest';
import { readChord } from '../../src/browser/input/chords.ts';
import { knownCodes, usageOf } from '../../src/browser/input/hid-usages.ts';
import { keysymOf, keysymOfCharacter } from '../../src/browser/input/keysyms.ts';

describe('physical keys', () => {
  it.each([
    ['KeyA', 0x04], ['KeyZ', 0x1d], ['Digit1', 0x1e], ['Digit9', 0x26], ['Digit0', 0x27], ['Enter', 0x28], ['Space', 0x2c], ['Backslash', 0x31],
    ['Semicolon', 0x33], ['Slash', 0x38], ['CapsLock', 0x39], ['F1', 0x3a], ['F12', 0x45], ['F13', 0x68], ['F24', 0x73], ['PrintScreen', 0x46],
    ['ArrowUp', 0x52], ['NumLock', 0x53], ['Numpad1', 0x59], ['Numpad9', 0x61], ['Numpad0', 0x62], ['NumpadDecimal', 0x63], ['IntlBackslash', 0x64],
    ['ContextMenu', 0x65], ['IntlRo', 0x87], ['IntlYen', 0x89], ['ControlLeft', 0xe0], ['AltRight', 0xe6], ['MetaRight', 0xe7],
    ['Unheard', 0], ['', 0], ['constructor', 0],
  ])('%s is usage %d', (code, usage) => {
    expect(usageOf(code)).toBe(usage);
  });

  it('have a usage each, but for names of the same key', () => {
    const by = new Map<number, string[]>();
    for (const code of knownCodes()) by.set(usageOf(code), [...(by.get(usageOf(code)) ?? []), code]);
    const shared = [...by.values()].filter((codes) => codes.length > 1);
    expect(shared).toEqual([
      ['AudioVolumeMute', 'VolumeMute'], ['AudioVolumeUp', 'VolumeUp'], ['AudioVolumeDown', 'VolumeDown'],
      ['MetaLeft', 'OSLeft'], ['MetaRight', 'OSRight'],
    ]);
    expect(by.size).toBeGreaterThan(120);
  });
});

describe('what keys mean', () => {
  it.each([
    ['a', 0, 0x61], ['A', 0, 0x41], ['ß', 0, 0xdf], ['é', 0, 0xe9], ['ÿ', 0, 0xff], ['€', 0, 0x010020ac], ['ж', 0, 0x01000436], ['😀', 0, 0x0101f600],
    [' ', 0, 0x20], ['~', 0, 0x7e], ['\u00a0', 0, 0xa0],
    ['Enter', 0, 0xff0d], ['Enter', 3, 0xff8d], ['1', 0, 0x31], ['1', 3, 0xffb1], ['End', 3, 0xff9c], ['End', 0, 0xff57], ['Delete', 0, 0xffff], ['.', 3, 0xffae],
    ['Shift', 1, 0xffe1], ['Shift', 2, 0xffe2], ['Control', 0, 0xffe3], ['Alt', 2, 0xffea], ['Meta', 1, 0xffeb], ['AltGraph', 2, 0xfe03],
    ['F1', 0, 0xffbe], ['F12', 0, 0xffc9], ['F24', 0, 0xffd5], ['AudioVolumeUp', 0, 0x1008ff13], ['BrowserBack', 0, 0x1008ff26],
    ['Dead', 0, 0], ['Process', 0, 0], ['Unidentified', 0, 0], ['', 0, 0], ['\n', 0, 0], ['\u0085', 0, 0], ['toString', 0, 0], ['\ud800', 0, 0],
  ])('%j at %d is keysym %d', (key, location, keysym) => {
    expect(keysymOf(key, location)).toBe(keysym);
  });

  it('is nothing for more than one character', () => {
    expect(keysymOfCharacter('ab')).toBe(0);
    expect(keysymOfCharacter('e\u0301')).toBe(0);
  });
});

describe('chords', () => {
  it('reads what people write', () => {
    expect(readChord('Ctrl+Alt+Delete')).toEqual([
      { keysym: 0xffe3, usage: 0xe0 }, { keysym: 0xffe9, usage: 0xe2 }, { keysym: 0xffff, usage: 0x4c },
    ]);
    expect(readChord('Meta + L').at(-1)).toEqual({ keysym: 0x6c, usage: 0x0f });
    expect(readChord('Alt+F4').at(-1)).toEqual({ keysym: 0xffc1, usage: 0x3d });
    expect(readChord('PrintScreen')).toEqual([{ keysym: 0xff61, usage: 0x46 }]);
    expect(() => readChord('Ctrl+Banana')).toThrow(RangeError);
  });
});
