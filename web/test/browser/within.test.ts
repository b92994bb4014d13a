import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { within } from '../../src/browser/within.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

it('gives the answer, or its refusal, and leaves no timer behind', async () => {
  expect(await within(1000, Promise.resolve(7))).toBe(7);
  await expect(within(1000, Promise.reject(new Error('no such codec')))).rejects.toThrow('no such codec');
  expect(vi.getTimerCount()).toBe(0);
});

it('refuses what never comes', async () => {
  const never = within(1000, new Promise(() => undefined));
  const refused = expect(never).rejects.toThrow('did not answer');
  await vi.advanceTimersByTimeAsync(1000);
  await refused;
});
