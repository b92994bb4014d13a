import { describe, expect, it } from 'vitest';
import { SessionClock } from '../../src/browser/session-clock.ts';

describe('the session\'s clock', () => {
  it('counts a sleep in which the monotonic clock stands still, and one in which it does not, once', () => {
    let [wall, steady] = [1_000_000, 1_000_000];
    const clock = new SessionClock(() => wall, () => steady);
    wall += 25_000;
    expect(clock.now()).toBe(1_025_000_000);
    wall += 25_000;
    steady += 25_000;
    expect(clock.now()).toBe(1_050_000_000);
  });

  it('does not go back, or forward, with a wall clock that is set a little, or back', () => {
    let [wall, steady] = [1_000_000, 1_000_000];
    const clock = new SessionClock(() => wall, () => steady);
    wall += 1_500;
    expect(clock.now()).toBe(1_000_000_000);
    wall -= 3_600_000;
    steady += 10;
    expect(clock.now()).toBe(1_000_010_000);
  });
});
