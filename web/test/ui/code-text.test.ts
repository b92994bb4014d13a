import { describe, expect, it } from 'vitest';
import { caretAfter, digitsOf, groupDigits, spokenCode } from '../../src/ui/code/code-text.ts';

describe('the nine digits as text', () => {
  it('groups what is typed from the left, and longer codes so that the secret stays in two groups', () => {
    expect(['', '4', '482', '4821', '482190573', '4821905731', '48219057312'].map(groupDigits)).toEqual([
      '', '4', '482', '482 1', '482 190 573', '4821 905 731', '48219 057 312',
    ]);
  });

  it('takes digits out of any paste, in any script people type', () => {
    expect(digitsOf('Code: 482-190-573.')).toBe('482190573');
    expect(digitsOf('٤٨٢ ١٩٠ ٥٧٣')).toBe('482190573');
    expect(digitsOf('４８２')).toBe('482');
    expect(digitsOf('no digits')).toBe('');
  });

  it('keeps the caret beside the digit it was beside', () => {
    expect(caretAfter('482 190 573', 0)).toBe(0);
    expect(caretAfter('482 190 573', 3)).toBe(3);
    expect(caretAfter('482 190 573', 4)).toBe(5);
    expect(caretAfter('482 190 573', 9)).toBe(11);
  });

  it('is read aloud digit by digit with a pause between groups', () => {
    expect(spokenCode('482 190 573')).toBe('4 8 2, 1 9 0, 5 7 3');
  });
});
