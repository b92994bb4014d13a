import { describe, expect, it } from 'vitest';
import { de } from '../../src/ui/texts/de.ts';
import { en } from '../../src/ui/texts/en.ts';
import { clock, sayBytes, sayDuration, sayMilliseconds, sayRate } from '../../src/ui/texts/quantities.ts';
import { makeTexts } from '../../src/ui/texts/texts.ts';

const english = makeTexts('en', en);
const german = makeTexts('de', de);

describe('quantities in words', () => {
  it('says durations in their largest unit', () => {
    expect(sayDuration(english, 999)).toBe('0 seconds');
    expect(sayDuration(english, 59_999)).toBe('59 seconds');
    expect(sayDuration(english, 60_000)).toBe('1 minute');
    expect(sayDuration(english, 7_200_000)).toBe('2 hours');
    expect(sayDuration(english, -5)).toBe('0 seconds');
  });

  it('runs a clock without leading hours', () => {
    expect(clock(0)).toBe('0:00');
    expect(clock(724_000)).toBe('12:04');
    expect(clock(3_729_000)).toBe('1:02:09');
  });

  it('says rates in the unit that fits', () => {
    expect(sayRate(english, 640)).toBe('640 bit/s');
    expect(sayRate(english, 38_400)).toBe('38 kbit/s');
    expect(sayRate(english, 999_400)).toBe('999 kbit/s');
    expect(sayRate(english, 999_600)).toBe('1.0 Mbit/s');
    expect(sayRate(german, 4_260_000)).toBe('4,3 Mbit/s');
    expect(sayRate(german, 42_600_000)).toBe('43 Mbit/s');
  });

  it('says sizes and times', () => {
    expect(sayBytes(english, 12)).toBe('1 KB');
    expect(sayBytes(german, 5_400_000)).toBe('5,4 MB');
    expect(sayMilliseconds(english, 2.14)).toBe('2.1 ms');
    expect(sayMilliseconds(english, 112.4)).toBe('112 ms');
  });
});
