import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition, looking often; after `patience` ms it fails with the reason. */
export async function until<T>(
  condition: () => T | Promise<T>, patience = 15_000, reason: () => string = () => 'The condition never came to hold.',
): Promise<NonNullable<T>> {
  const end = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== undefined && value !== null) return value;
    if (Date.now() > end) throw new Error(`${reason()} (${patience} ms)`);
    await pause(40);
  }
}
