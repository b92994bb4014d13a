import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const tokens = readFileSync(new URL('../../src/ui/tokens.css', import.meta.url), 'utf8');

/** Both values of a `light-dark(#rrggbb, #rrggbb)` token. */
function colour(name: string): readonly [light: string, dark: string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(tokens);
  if (found?.[1] === undefined || found[2] === undefined) throw new Error(`tokens.css has no plain colour --${name}`);
  return [found[1], found[2]];
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const text = 4.5;
const textOfConsent = 7;
const shape = 3;

describe('contrast', () => {
  for (const [ink, ground, least] of [
    ['ink', 'paper', textOfConsent], ['ink', 'sheet', textOfConsent], ['ink', 'well', textOfConsent], ['ink', 'hover', textOfConsent],
    ['ink-2', 'paper', textOfConsent], ['ink-2', 'sheet', textOfConsent], ['ink-2', 'well', text],
    ['ink-3', 'paper', text], ['ink-3', 'sheet', text], ['ink-3', 'well', text],
    ['accent-ink', 'accent-wash', textOfConsent],
    ['stop', 'paper', text], ['stop', 'sheet', text], ['stop', 'stop-wash', text],
    ['on-ink', 'ink', textOfConsent], ['on-ink', 'ink-hover', textOfConsent],
    ['accent', 'paper', shape], ['accent', 'sheet', shape], ['line-strong', 'paper', shape], ['line-strong', 'sheet', shape],
  ] as const) {
    it(`${ink} on ${ground} is at least ${least}, light and dark`, () => {
      const over = colour(ink);
      const under = colour(ground);
      expect(contrast(over[0], under[0])).toBeGreaterThanOrEqual(least);
      expect(contrast(over[1], under[1])).toBeGreaterThanOrEqual(least);
    });
  }
});
