import puppeteer from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab, type Line } from '../harness/lab.ts';
import * as peer from '../harness/rtc-peer.ts';
import { until } from '../harness/until.ts';
import { launchBrowser } from '../harness/viewer.ts';

/** How a function of rtc-peer.ts is called where the other peer lives. */
type Call = <A extends unknown[], R>(run: (...args: A) => R, ...args: A) => Promise<Awaited<R>>;

interface Other { name: string; open(): Promise<{ call: Call; close(): Promise<unknown> }>; largest: number; empties: boolean }

const inNode = (load: () => Promise<unknown>) => async () => {
  (globalThis as { RTCPeerConnection?: unknown }).RTCPeerConnection = await load();
  return { call: (async (run, ...args) => await run(...args)) as Call, close: async () => {} };
};

const others: Other[] = [
  {
    name: 'Chromium', largest: 256 * 1024, empties: true,
    open: async () => {
      const browser = await launchBrowser();
      const page = await browser.newPage();
      return { call: (async (run, ...args) => await page.evaluate(`(${run.toString()})(...${JSON.stringify(args)})`)) as Call, close: () => browser.close() };
    },
  },
  {
    name: 'Firefox', largest: 256 * 1024, empties: true,
    open: async () => {
      const browser = await puppeteer.launch({ browser: 'firefox', executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr', headless: true });
      const page = await browser.newPage();
      return { call: (async (run, ...args) => await page.evaluate(`(${run.toString()})(...${JSON.stringify(args)})`)) as Call, close: () => browser.close() };
    },
  },
  {
    name: '@roamhq/wrtc', largest: 256 * 1024, empties: true,
    open: inNode(async () => (await import('@roamhq/wrtc')).default.RTCPeerConnection),
  },
  {
    name: 'werift', largest: 64 * 1024, empties: false,
    open: inNode(async () => (await import('werift')).RTCPeerConnection),
  },
];

for (const other of others) {
  describe(other.name, () => {
    let there: Awaited<ReturnType<Other['open']>>;
    beforeAll(async () => { there = await other.open(); });
    afterAll(async () => { await there?.close(); });

    test('offers, and every kind of channel carries every kind of message', async () => {
      const lab = new Lab();
      lab.say({ type: 'offer', sdp: await there.call(peer.begin, null) });
      const described = await until(() => lab.description, 10_000, () => lab.complaints);
      await there.call(peer.answer, described.sdp!);
      await relay(lab, there.call);
      expect(await there.call(peer.exercise, other.largest, other.empties), lab.complaints).toEqual([]);
      await there.call(peer.finish);
      expect(await lab.end()).toBe(0);
    });

    test('answers, and every kind of channel carries every kind of message', async () => {
      const lab = new Lab('--offer');
      const described = await until(() => lab.description, 10_000, () => lab.complaints);
      lab.say({ type: 'answer', sdp: await there.call(peer.begin, described.sdp!) });
      await relay(lab, there.call);
      expect(await there.call(peer.exercise, other.largest, other.empties), lab.complaints).toEqual([]);
      await there.call(peer.finish);
      expect(await lab.end()).toBe(0);
    });
  });
}

/** Our candidates go over as they come: those that follow, and those there are. */
async function relay(lab: Lab, call: Call): Promise<void> {
  lab.onLine((line: Line) => { if (line.type === 'candidate') void call(peer.addCandidates, [line]); });
  await call(peer.addCandidates, lab.candidates.splice(0));
}
