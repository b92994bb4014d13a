import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { Alongside, through } from '../harness/alongside.ts';
import { type } from '../harness/keys.ts';
import { Proxy } from '../harness/proxy.ts';
import { Screen } from '../harness/screen.ts';
import { until } from '../harness/until.ts';
import { launchBrowser, Viewer } from '../harness/viewer.ts';

let up: Alongside;
let browser: Browser;
let screen: Screen;

beforeAll(async () => {
  up = await Alongside.start();
  screen = new Screen(up.ready.display);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await up?.end();
});

/** Control is there when a key moves the screen, and the picture when the viewer sees it. */
async function works(viewer: Viewer, patience: number): Promise<void> {
  const end = Date.now() + patience;
  await clickTerminal(viewer);
  await types(viewer, patience);
  await viewer.shows(screen, Math.max(1_000, end - Date.now()));
}

async function clickTerminal(viewer: Viewer): Promise<void> {
  const { x, y, width, height } = screen.geometry(await screen.shown('^Terminal$'));
  await viewer.page.mouse.click(x + width / 2, y + height / 2);
}

async function types(viewer: Viewer, patience: number): Promise<void> {
  const before = screen.grab();
  await until(async () => {
    await type(viewer.page, 'w');
    return screen.grab().differenceFrom(before) !== undefined;
  }, patience, () => 'Control never came back.');
}

test('the server is killed: picture and control are back within 5 s of its return', async () => {
  const viewer = await Viewer.open(browser, up.kioskLink);
  await viewer.shows(screen);
  await works(viewer, 15_000);
  const old = up.process('alongside-server');
  process.kill(old, 'SIGKILL');
  await until(() => { try { return up.process('alongside-server') !== old; } catch { return false; } });
  await until(async () => { try { return (await fetch(`${up.ready.server}/healthz`)).ok; } catch { return false; } }, 20_000);
  await works(viewer, 5_000);
  expect(up.stderr()).toContain('The server ended by itself. Starting it again.');
  await viewer.close();
});

test('a network that is dead for 20 s: the session goes on by itself', async () => {
  const proxy = await Proxy.start(up.port);
  try {
    const viewer = await Viewer.open(browser, through(up.kioskLink, proxy.port));
    await viewer.shows(screen);
    proxy.cutOff();
    screen.text('xdotool', ['type', 'meanwhile']);
    await pause(20_000);
    proxy.mend();
    await works(viewer, 15_000);
    await viewer.close();
  } finally {
    await proxy.close();
  }
});

test('after a break the keyboard is the desktop\'s again, though a button had it meanwhile', async () => {
  const proxy = await Proxy.start(up.port);
  try {
    // Without direct ways, a session breaks with its connection.
    const viewer = await Viewer.open(browser, 'about:blank');
    await viewer.page.addInitScript(() => { Reflect.deleteProperty(globalThis, 'RTCPeerConnection'); });
    await viewer.page.goto(through(up.ready.join, proxy.port));
    await viewer.page.getByRole('toolbar', { name: 'Session' }).waitFor();
    await clickTerminal(viewer);
    await types(viewer, 30_000);
    proxy.cutOff();
    const leave = viewer.page.locator('.broken-card').getByRole('button', { name: 'Leave' });
    await leave.focus({ timeout: 30_000 });
    proxy.mend();
    await leave.waitFor({ state: 'detached', timeout: 30_000 });
    await types(viewer, 30_000);
    await viewer.close();
  } finally {
    await proxy.close();
  }
});

test('the host is killed: the viewer says so at once', async () => {
  const viewer = await Viewer.open(browser, up.ready.join);
  await viewer.page.getByRole('toolbar', { name: 'Session' }).waitFor();
  process.kill(up.process('alongside-host'), 'SIGKILL');
  await viewer.saysSoon(/Their connection broke|Their computer is gone|They closed the program/, 3_000);
  await viewer.close();
});
