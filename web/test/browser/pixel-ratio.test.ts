import { afterEach, expect, it, vi } from 'vitest';
import { watchPixelRatio } from '../../src/browser/view/pixel-ratio.ts';

afterEach(() => { vi.unstubAllGlobals(); });

it('tells each change of the ratio once, until it is ended', () => {
  const queries = new Map<string, EventTarget>();
  vi.stubGlobal('matchMedia', (query: string) => {
    const made = new EventTarget();
    queries.set(query, made);
    return made;
  });
  /** As a browser does when the ratio is another: what asked for the one before hears of it. */
  const become = (before: number, ratio: number): void => {
    vi.stubGlobal('devicePixelRatio', ratio);
    queries.get(`(resolution: ${before}dppx)`)?.dispatchEvent(new Event('change'));
  };
  vi.stubGlobal('devicePixelRatio', 1);
  const told: number[] = [];
  const stop = watchPixelRatio(() => told.push(devicePixelRatio));
  become(1, 2);
  become(2, 1.25);
  become(1.25, 2);
  expect(told).toEqual([2, 1.25, 2]);
  stop();
  become(2, 1);
  expect(told).toEqual([2, 1.25, 2]);
});
