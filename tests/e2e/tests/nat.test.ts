import { describe, expect, test } from 'vitest';
import { canMakeNetworks, Laboratory, type BreakResult, type Checkups, type PairResult } from '../harness/laboratory.ts';
import { until } from '../harness/until.ts';

if (canMakeNetworks) {
  describe('Sessions between real networks', () => {
    test('meet directly through two home routers, and stay relayed where only port 443 is open', { timeout: 240_000 }, async () => {
      const laboratory = new Laboratory('nat', 'port-restricted/port-restricted', 'symmetric/only-https', 'ipv6-only/ipv6-only');
      expect(await laboratory.ended, laboratory.complaints).toBe(0);
      const results = JSON.parse(laboratory.out) as PairResult[];
      expect(results.map(({ a, b, works, path }) => [a, b, works, path]), laboratory.out).toEqual([
        ['port-restricted', 'port-restricted', true, 'direct'],
        ['symmetric', 'only-https', true, 'relay'],
        ['ipv6-only', 'ipv6-only', true, 'direct'],
      ]);
      for (const result of results) {
        expect(result.firstPictureMs).toBeGreaterThan(0);
        if (result.path === 'direct') expect(result.directMs).toBeGreaterThan(0);
        else expect(result.directMs).toBeNull();
      }
      expect(laboratory.processes()).toEqual([]);
    });

    test('cross two symmetric routers by the TURN server that ours names', { timeout: 240_000 }, async () => {
      const laboratory = new Laboratory('nat', '--turn', 'symmetric/symmetric');
      expect(await laboratory.ended, laboratory.complaints).toBe(0);
      expect(JSON.parse(laboratory.out)).toMatchObject([{ works: true, path: 'relay', turn: true }]);
    });

    test('are foretold by the doctor, and by the page that checks the connection', { timeout: 240_000 }, async () => {
      const laboratory = new Laboratory('doctor', 'port-restricted', 'symmetric');
      expect(await laboratory.ended, laboratory.complaints).toBe(0);
      const said = JSON.parse(laboratory.out) as Checkups;
      expect(Object.values(said).map(({ page }) => page)).toEqual([
        expect.stringContaining('go directly wherever'), expect.stringContaining('only to computers with a public address'),
      ]);
      expect(Object.entries(said).map(([kind, { works, udp, nat, direct }]) => [kind, works, udp, nat, direct])).toEqual([
        ['port-restricted', true, 'open', 'endpoint-independent', 'Most'],
        ['symmetric', true, 'open', 'symmetric', 'Few'],
      ]);
      for (const { relayMs, relayRate, udpMs, udpLoss } of Object.values(said)) {
        expect(Math.min(relayMs, relayRate, udpMs), laboratory.out).toBeGreaterThan(0);
        expect(udpLoss).toBeLessThan(1);
      }
    });

    test('fall back on the relay when the direct path dies, in the time that is promised, of which a busy machine may take ten times as much', { timeout: 240_000 }, async () => {
      const laboratory = new Laboratory('breaks', '--slack', '10', 'cut');
      expect(await laboratory.ended, laboratory.complaints).toBe(0);
      const [result] = JSON.parse(laboratory.out) as BreakResult[];
      expect(result).toMatchObject({ case: 'cut', works: true, holds: true, limitMs: 20_000 });
      expect(result?.fallbackMs, laboratory.out).toBeLessThanOrEqual(20_000);
      expect(laboratory.processes()).toEqual([]);
    });

    test.each(['SIGINT', 'SIGKILL'] as const)('leave nothing behind after %s', async (signal) => {
      const laboratory = new Laboratory('nat', 'open/open');
      // Two machines with a router each, and the internet.
      await until(() => new Set(laboratory.processes().map(({ network }) => network)).size >= 6 && laboratory.processes().some(({ program }) => program.startsWith('alongside-host')),
        60_000, () => laboratory.complaints);
      laboratory.signal(signal);
      expect(await laboratory.ended).toBe(signal === 'SIGINT' ? 130 : null);
      await until(() => laboratory.processes().length === 0, 30_000, () => JSON.stringify(laboratory.processes()));
    });
  });
} else {
  describe('Sessions between real networks: not here, since networks can be made by root with CAP_SYS_ADMIN and CAP_NET_ADMIN alone', () => {
    test('the laboratory says so', async () => {
      const laboratory = new Laboratory('nat', 'open/open');
      expect(await laboratory.ended).toBe(1);
      expect(laboratory.complaints).toContain('needs root');
    });
  });
}
