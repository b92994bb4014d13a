import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { Alongside, freePort } from '../harness/alongside.ts';
import { Pixels } from '../harness/pixels.ts';
import { Screen } from '../harness/screen.ts';
import { until } from '../harness/until.ts';
import { launchBrowser, Viewer } from '../harness/viewer.ts';

let up: Alongside | undefined;
let browser: Browser | undefined;
const children: ChildProcess[] = [];

afterEach(async () => {
  await browser?.close();
  await up?.end();
  for (const child of children.splice(0)) child.kill('SIGTERM');
  [up, browser] = [undefined, undefined];
});

const run = (program: string, ...args: string[]): ChildProcess => {
  const child = spawn(program, args, { stdio: 'ignore' });
  children.push(child);
  return child;
};

const answers = (port: number): Promise<boolean> => new Promise((done) => {
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => { socket.destroy(); done(true); });
  socket.once('error', () => { done(false); });
});

test.each(['Tight', 'TightPNG'])('noVNC shows every pixel of what up --vnc lets it see in %s, and moves the pointer there', async (encoding) => {
  up = await Alongside.start('--vnc', '0');
  const screen = new Screen(up.ready.display);
  const { address, password } = up.ready.vnc!;
  const port = await freePort();
  run('websockify', '--web', '/usr/share/novnc', `127.0.0.1:${port}`, address);
  await until(() => answers(port), 20_000, () => 'websockify does not listen.');
  browser = await launchBrowser();
  const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
  if (encoding === 'TightPNG') {
    // noVNC knows it and likes others better: these are not asked for.
    await page.route('**/core/rfb.js', async (route) => {
      const code = await (await route.fetch()).text();
      const only = code.replace(/encs\.push\(encodings\.encoding(?:Tight|Hextile|RRE|ZRLE)\);/g, '');
      if (only === code || !only.includes('encodings.encodingTightPNG')) throw new Error('This noVNC asks for encodings in another way.');
      await route.fulfill({ contentType: 'text/javascript', body: only });
    });
  }
  await page.goto(`http://127.0.0.1:${port}/vnc_lite.html?host=127.0.0.1&port=${port}&password=${encodeURIComponent(password!)}`);

  let difference: string | undefined = 'There is no picture.';
  await until(async () => {
    const url = await page.evaluate(() => document.querySelector('canvas')?.toDataURL('image/png'));
    if (url === undefined || url.length < 100) return false;
    difference = Pixels.fromPng(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')).differenceFrom(screen.grab());
    return difference === undefined;
  }, 40_000, () => difference ?? '');

  const box = (await page.locator('canvas').first().boundingBox())!;
  await page.mouse.move(box.x + 123.5, box.y + 45.5);
  await until(() => { const at = screen.pointer(); return at.x === 123 && at.y === 45; }, 10_000, () => `The pointer is at ${JSON.stringify(screen.pointer())}.`);
});

test('up --source shares a VNC server in place of a demo: no display in the ready line, and its pixels in the browser', async () => {
  const port = await freePort();
  const display = `:${300 + (port % 100)}`;
  run('Xtigervnc', display, '-rfbport', String(port), '-localhost', '-SecurityTypes', 'None', '-geometry', '1280x720', '-depth', '24', '-desktop', 'Press line 3');
  await until(() => answers(port), 20_000, () => 'Xtigervnc does not listen.');
  const screen = new Screen(display);
  children.push(spawn('xterm', ['-geometry', '90x30+40+50', '-e', 'sh', '-c', 'seq 1 25; exec sleep 600'], { stdio: 'ignore', env: screen.env() }));
  up = await Alongside.start('--source', `vnc://127.0.0.1:${port}`);
  expect(Object.keys(up.ready)).toEqual(['ready', 'server', 'join', 'code']);
  browser = await launchBrowser();
  const viewer = await Viewer.open(browser, up.kioskLink);
  await viewer.shows(screen);
});
