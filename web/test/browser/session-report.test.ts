import { describe, expect, it } from 'vitest';
import { SessionReporter } from '../../src/browser/session-report.ts';
import type { Health } from '../../src/core/session/health-meter.ts';

const health = (path: Health['path'], roundTrip: number | undefined): Health => ({ path, roundTrip, relayRoundTrip: undefined, loss: undefined, inputToPicture: undefined, rate: 1000, updates: 1 });

describe('the report of a session', () => {
  it('counts from the beginning to the first picture and to the direct path', () => {
    const reporter = new SessionReporter(100);
    reporter.picture(500);
    reporter.picture(900);
    reporter.health(1000, health('relay', 20), false);
    reporter.health(1500, health('direct', 20), false);
    reporter.health(2000, health('direct', 3), false);
    expect(reporter.current).toMatchObject({ path: 'direct', firstPictureMs: 400, directMs: 1400, rttRelayMs: 20, rttDirectMs: 3, moves: 1 });
  });

  it('does not take a round trip of the old path for one of the new', () => {
    const reporter = new SessionReporter(0);
    reporter.health(500, health('relay', 20), false);
    reporter.health(1000, health('direct', 20), false);
    reporter.health(1500, health('direct', 20), false);
    expect(reporter.current.rttDirectMs).toBeUndefined();
    reporter.health(2000, health('direct', 4), false);
    reporter.health(2500, health('relay', 4), false);
    expect(reporter.current).toMatchObject({ rttRelayMs: 20, rttDirectMs: 4, moves: 2 });
  });

  it('says when a TURN server relays', () => {
    const reporter = new SessionReporter(0);
    reporter.health(500, health('relay', 20), true);
    expect(reporter.current).toMatchObject({ path: 'relay', turn: true, directMs: undefined });
  });
});
