import puppeteer from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab, type Line } from '../harness/lab.ts';
import * as peer from '../harness/rtc-peer.ts';
import { until } from '../harness/until.ts';
import { launchBrowser } from '../harness/viewer.ts';

/** How a function of rtc-peer.ts is called where the other peer lives. */
type Call = <A extends unknown[], R>(run: (...args: A) => R, ...args: A) => Promise<Awaited<R>>;

interface Other { name: string; inNode?: true; open(): Promise<{ call: Call; close(): Promise<unknown> }>; largest: number; empties: boolean }

/** Others run at the same time, on two cores. */
const patience = 30_000;

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
    name: '@roamhq/wrtc', inNode: true, largest: 256 * 1024, empties: true,
    open: inNode(async () => (await import('@roamhq/wrtc')).default.RTCPeerConnection),
  },
  {
    name: 'werift', inNode: true, largest: 64 * 1024, empties: false,
    open: inNode(async () => (await import('werift')).RTCPeerConnection),
  },
];

for (const other of others.filter((one) => !one.inNode)) describe.concurrent(other.name, () => { tried(other); });

// These two share what is global in Node, and so go one after the other.
describe.concurrent('in Node', () => {
  for (const other of others.filter((one) => one.inNode)) describe.sequential(other.name, () => { tried(other); });
});

function tried(other: Other): void {
  let there: Awaited<ReturnType<Other['open']>>;
  beforeAll(async () => { there = await other.open(); });
  afterAll(async () => { await there?.close(); });

  test.sequential('offers, every kind of channel carries every kind of message, and nothing is lost when it begins ICE anew', async () => {
    const lab = new Lab();
    lab.say({ type: 'offer', sdp: await there.call(peer.begin, null) });
    const described = await until(() => lab.description, patience, () => lab.complaints);
    await there.call(peer.answer, described.sdp!);
    await relay(lab, there.call);
    expect(await there.call(peer.exercise, other.largest, other.empties), lab.complaints).toEqual([]);
    await restarted(lab, there.call, async () => lab.say({ type: 'offer', sdp: await there.call(peer.again, null) }));
    await there.call(peer.finish);
    expect(await lab.end()).toBe(0);
  });

  test.sequential('answers, every kind of channel carries every kind of message, and nothing is lost when we begin ICE anew', async () => {
    const lab = new Lab('--offer');
    const described = await until(() => lab.description, patience, () => lab.complaints);
    lab.say({ type: 'answer', sdp: await there.call(peer.begin, described.sdp!) });
    await relay(lab, there.call);
    expect(await there.call(peer.exercise, other.largest, other.empties), lab.complaints).toEqual([]);
    await restarted(lab, there.call, async () => lab.say({ type: 'restart' }));
    await there.call(peer.finish);
    expect(await lab.end()).toBe(0);
  });
}

/** Our lines go over in their order: candidates that there are and that follow, and what a restart has us say. */
async function relay(lab: Lab, call: Call): Promise<void> {
  let order = call(peer.addCandidates, lab.candidates.splice(0));
  lab.onLine((line: Line) => {
    order = order.then(() => hear(line)).catch((error: unknown) => { lab.complaints += `${line.type} was not taken: ${String(error)}\n`; });
  });
  await order;

  async function hear(line: Line): Promise<void> {
    if (line.type === 'candidate') await call(peer.addCandidates, [line]);
    else if (line.type === 'answer') await call(peer.answer, line.sdp!);
    else lab.say({ type: 'answer', sdp: await call(peer.again, line.sdp!) });
  }
}

/** ICE begins anew: both ends have other names, a path is taken again, and a channel from before has lost nothing. */
async function restarted(lab: Lab, call: Call, begin: () => Promise<void>): Promise<void> {
  const before = (await call(peer.names)).split(' ');
  const { paths } = lab;
  await call(peer.talk);
  await begin();
  await until(async () => {
    const now = (await call(peer.names)).split(' ');
    return lab.paths > paths && now.every((name, i) => name !== before[i]);
  }, patience, () => `ICE never came back. It was ${before.join(' ')}.\n${lab.complaints}`);
  expect(await call(peer.hush), lab.complaints).toBe('');
}
