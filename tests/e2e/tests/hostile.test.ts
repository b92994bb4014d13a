import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Alongside } from '../harness/alongside.ts';
import { Screen } from '../harness/screen.ts';
import { launchBrowser, Viewer } from '../harness/viewer.ts';

let up: Alongside;
let browser: Browser;

beforeAll(async () => {
  up = await Alongside.start();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await up?.end();
});

/** Sends these messages over a socket of its own and waits for how the server ends it. */
function attack(messages: readonly (string | Buffer)[], options: { origin?: string; protocol?: string } = {}): Promise<number> {
  return new Promise((done) => {
    const socket = new WebSocket(`ws://localhost:${up.port}/relay`, options.protocol ?? 'alongside.relay.1', options.origin === undefined ? {} : { origin: options.origin });
    const late = setTimeout(() => { socket.terminate(); done(0); }, 15_000);
    const end = (code: number) => { clearTimeout(late); done(code); };
    socket.on('unexpected-response', (_request, response) => { socket.terminate(); end(response.statusCode ?? -1); });
    socket.on('error', () => undefined);
    socket.on('close', (code) => { end(code); });
    socket.on('open', () => { for (const message of messages) socket.send(message); });
  });
}

const open = '{"t":"open","v":1,"role":"viewer","number":false}';

test('each kind of nonsense ends its own socket with the reason, and nothing else', async () => {
  const survivor = up.process('alongside-server');
  expect(await attack(['not json'])).toBe(4400);
  expect(await attack(['{"t":"dance"}'])).toBe(4400);
  expect(await attack(['{"t":"join","v":1,"role":"viewer","number":7}'])).toBe(4400);
  expect(await attack([Buffer.from([1, 1, 0, 1, 9])])).toBe(4400);
  expect(await attack(['{"t":"join","v":1,"role":"viewer","room":"AAAAAAAAAAAAAAAAAAAAAA"}'])).toBe(4404);
  expect(await attack(['{"t":"open","pad":"' + 'x'.repeat(5000) + '"}'])).toBe(4413);
  expect(await attack([open, Buffer.alloc(70_000, 1)])).toBe(4413);
  expect(await attack([open, Buffer.from([1, 9, 0, 1])])).toBe(4400);
  expect(await attack([open, Buffer.from([0xff, 0, 0])])).toBe(4400);
  expect(await attack([open], { origin: 'https://elsewhere.example' })).toBe(403);
  expect((await fetch(`${up.ready.server}/healthz`)).status).toBe(200);
  expect(up.process('alongside-server')).toBe(survivor);
});

test('a flood of random bytes leaves server and host alive, their memory bounded, and the session working', async () => {
  const screen = new Screen(up.ready.display);
  const viewer = await Viewer.open(browser, up.kioskLink);
  await viewer.shows(screen);
  const pids = [up.process('alongside-server'), up.process('alongside-host')];
  const before = pids.map(residentMiB);
  const room = new URL(up.ready.join).hash.slice(1).split('.')[0];
  const join = `{"t":"join","v":1,"role":"viewer","room":"${room}"}`;
  // In the room, but without its secret: what reaches the host is noise of every kind it knows.
  for (let round = 0; round < 12; round++) {
    const noise = Array.from({ length: 40 }, (_, i) =>
      Buffer.concat([Buffer.from([1, 1, 0, 1, [0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x21, 0xee][i % 8] ?? 0]), randomBytes(1 + ((i * 977) % 20_000))]));
    await Promise.race([attack([join, ...noise]), new Promise((done) => { setTimeout(done, 400); })]);
  }
  expect((await fetch(`${up.ready.server}/healthz`)).status).toBe(200);
  expect([up.process('alongside-server'), up.process('alongside-host')]).toEqual(pids);
  pids.map(residentMiB).forEach((now, i) => { expect(now).toBeLessThan((before[i] ?? 0) + 100); });
  await viewer.shows(screen);
  await viewer.close();
});

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+([0-9]+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
