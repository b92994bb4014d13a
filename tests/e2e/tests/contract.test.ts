import { execFileSync, spawnSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { Alongside, root } from '../harness/alongside.ts';
import { Screen } from '../harness/screen.ts';
import { until } from '../harness/until.ts';

let up: Alongside | undefined;

afterEach(async () => {
  await up?.end('SIGTERM');
  up = undefined;
});

test('--json says one line that programs can rely on, and Ctrl-C leaves nothing behind', async () => {
  up = await Alongside.start();
  const { ready } = up;
  expect(Object.keys(ready)).toEqual(['ready', 'server', 'join', 'code', 'display']);
  expect(ready.ready).toBe(true);
  expect(ready.server).toBe(`http://localhost:${up.port}`);
  expect(ready.join).toMatch(new RegExp(`^${ready.server}/[a-z]*#[A-Za-z0-9_.-]{20,}$`));
  expect(ready.code).toMatch(/^[0-9]{3} [0-9]{3} [0-9]{3}$/);
  expect(ready.display).toMatch(/^:[0-9]+$/);
  expect((await fetch(`${ready.server}/healthz`)).status).toBe(200);
  expect(new Screen(ready.display).size()).toEqual([1280, 720]);

  const programs = up.processes().map((process) => process.program);
  expect(programs).toEqual(expect.arrayContaining(['alongside-serve', 'alongside-host', 'Xvfb', 'openbox', 'xterm', 'mousepad', 'pcmanfm', 'tint2']));
  expect(await up.end('SIGINT')).toBe(0);
  expect(up.processes()).toEqual([]);
  expect(up.stdout().trimEnd().split('\n')).toHaveLength(1);
});

test.runIf(process.getuid?.() === 0)("another user of the machine does not get into the demo's screen", async () => {
  up = await Alongside.start();
  const look = ['xwininfo', '-root', '-display', up.ready.display];
  expect(spawnSync('runuser', ['-u', 'nobody', '--', ...look]).status).not.toBe(0);
  expect(spawnSync(look[0]!, look.slice(1)).status).toBe(0);
});

test('even a killed launcher leaves nothing behind', async () => {
  up = await Alongside.start();
  const running = up;
  await running.end('SIGKILL');
  await until(() => running.processes().length === 0, 10_000, () => `Left: ${running.processes().map((process) => process.program).join(', ')}`);
});

test('what makes no sense is refused in words', () => {
  const run = (...args: string[]) => spawnSync(`${root}/alongside`, args, { encoding: 'utf8' });
  expect(run('dance')).toMatchObject({ status: 2, stderr: expect.stringContaining('"dance"') as string });
  expect(run('up', '--size', 'huge')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('1920x1080') as string });
  expect(execFileSync(`${root}/alongside`, ['help'], { encoding: 'utf8' })).toContain('./alongside up');
});
