import type { Texts } from './texts.ts';

/** A duration in its largest unit, rounded down: what a person says. */
export function sayDuration({ say }: Texts, milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return say('unit.seconds', { count: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return say('unit.minutes', { count: minutes });
  return say('unit.hours', { count: Math.floor(minutes / 60) });
}

/** A running clock: `12:04`, from an hour on `1:02:09`. Its width changes only at the hour. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Bits a second in the unit that leaves one to three digits before the point. */
export function sayRate(texts: Texts, bits: number): string {
  if (bits < 1000) return texts.say('unit.bit', { value: texts.number(bits) });
  const kilo = bits / 1000;
  if (kilo < 999.5) return texts.say('unit.kbit', { value: texts.number(kilo) });
  return texts.say('unit.mbit', { value: texts.number(kilo / 1000, kilo < 9950 ? 1 : 0) });
}

export function sayBytes(texts: Texts, bytes: number): string {
  const kilo = bytes / 1000;
  return kilo < 999.5
    ? texts.say('unit.kb', { value: texts.number(Math.max(1, kilo)) })
    : texts.say('unit.mb', { value: texts.number(kilo / 1000, kilo < 9950 ? 1 : 0) });
}

export function sayMilliseconds(texts: Texts, milliseconds: number): string {
  return texts.say('unit.ms', { value: texts.number(milliseconds, milliseconds < 9.95 ? 1 : 0) });
}

/** A share from 0 to 1 as a percentage; what is there but would round to nothing is said to be less than the least. */
export function sayShare(texts: Texts, share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 0.05
    ? texts.say('unit.lessPercent', { value: texts.number(0.1, 1) })
    : texts.say('unit.percent', { value: texts.number(percent, percent > 0 && percent < 9.95 ? 1 : 0) });
}
