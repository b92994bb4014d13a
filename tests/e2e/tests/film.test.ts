import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Alongside } from '../harness/alongside.ts';
import { Screen } from '../harness/screen.ts';
import { until } from '../harness/until.ts';
import { launchBrowser, Viewer } from '../harness/viewer.ts';

const frames = 24;

let up: Alongside;
let browser: Browser;
let film: ChildProcess | undefined;
const folder = mkdtempSync(join(tmpdir(), 'alongside-film-'));

/** A camera that pans over clouds, there and back again, with the grain of one: without it every picture would be the last one moved, and be copied. */
function shoot(): string {
  const file = join(folder, 'film.miff');
  const shots = Array.from({ length: frames }, (_, i) => {
    const at = Math.round(60 * Math.sin((i / frames) * 2 * Math.PI)) + 60;
    return ['(', 'mpr:clouds', '-crop', `360x240+${at}+${at >> 1}`, '+repage', '-attenuate', '0.2', '+noise', 'Gaussian', ')'];
  }).flat();
  execFileSync('convert', ['-size', '520x360', '-seed', '5', 'plasma:', '-depth', '8', '-write', 'mpr:clouds', '+delete', ...shots, file]);
  return file;
}

beforeAll(async () => {
  up = await Alongside.start();
  browser = await launchBrowser();
});

afterAll(async () => {
  film?.kill('SIGKILL');
  await browser?.close();
  await up?.end();
  rmSync(folder, { recursive: true, force: true });
});

test('a film is seen as a film, and to the last pixel when it stands still', async () => {
  const screen = new Screen(up.ready.display);
  const viewer = await Viewer.open(browser, up.kioskLink);
  await viewer.shows(screen);
  const session = viewer.page.workers()[0]!;
  await session.evaluate(() => {
    const { decode } = VideoDecoder.prototype;
    VideoDecoder.prototype.decode = function count(chunk) {
      Object.assign(self, { films: ((self as { films?: number }).films ?? 0) + 1 });
      decode.call(this, chunk);
    };
  });
  const decoded = (): Promise<number> => session.evaluate(() => (self as { films?: number }).films ?? 0);

  film = spawn('animate', ['-delay', '4', '-loop', '0', '-geometry', '+200+150', shoot()], { env: screen.env(), stdio: 'ignore' });
  await until(async () => await decoded() >= 30, 30_000, () => 'No film was decoded.');
  film.kill('SIGSTOP');
  const before = await decoded();
  await viewer.shows(screen);
  expect(await decoded()).toBeLessThan(before + 30);
  await viewer.close();
});
