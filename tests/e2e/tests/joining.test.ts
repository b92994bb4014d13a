import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Alongside } from '../harness/alongside.ts';
import { Host } from '../harness/host.ts';
import { Screen } from '../harness/screen.ts';
import { until } from '../harness/until.ts';
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

async function typeCode(viewer: Viewer, code: string): Promise<void> {
  const { page } = viewer;
  await page.getByLabel('Their nine digits').fill(code);
  await page.getByLabel('Your name, as they will read it').fill('Anna');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
}

const bar = (viewer: Viewer) => viewer.page.getByRole('toolbar', { name: 'Session' });

test('nine digits typed by hand let the helper in, once', async () => {
  const viewer = await Viewer.open(browser, `${up.ready.server}/`);
  await typeCode(viewer, up.ready.code);
  await bar(viewer).waitFor();

  const again = await Viewer.open(browser, `${up.ready.server}/`);
  await typeCode(again, up.ready.code);
  await again.saysSoon(/Nobody waits under these digits|These digits are burnt/);
  await again.close();
  await viewer.close();
});

test('one wrong guess burns a code: the opener gets a new one, and the old one opens nothing', async () => {
  const host = Host.start(up.ready.display, '--open', '--server', up.ready.server, '--allow', 'view');
  try {
    const first = await host.opened();
    const digits = first.code.replaceAll(' ', '');
    const wrong = digits.slice(0, 3) + String((Number(digits.slice(3)) + 1) % 1_000_000).padStart(6, '0');

    const guesser = await Viewer.open(browser, `${up.ready.server}/`);
    await typeCode(guesser, wrong);
    await guesser.saysSoon(/These digits are burnt/);
    await guesser.close();

    const second = await host.opened(first);
    expect(second.code).not.toBe(first.code);
    const late = await Viewer.open(browser, `${up.ready.server}/`);
    await typeCode(late, first.code);
    await late.saysSoon(/Nobody waits under these digits|These digits are burnt/);
    await late.close();

    const right = await Viewer.open(browser, `${up.ready.server}/`);
    await typeCode(right, second.code);
    await bar(right).waitFor();
    await right.close();
  } finally {
    await host.end();
  }
});

test('a helper opens the room; the customer types the code into the host, and the helper sees the desktop', async () => {
  const helper = await Viewer.open(browser, `${up.ready.server}/`);
  await helper.page.getByLabel('Your name, as they will read it').fill('Anna');
  await helper.page.getByRole('button', { name: 'Make a link instead' }).click();
  const code = await until(async () => /\b[0-9]{3}\s[0-9]{3}\s[0-9]{3}\b/.exec(await helper.says())?.[0], 15_000, () => 'The page shows no code.');
  const host = Host.start(up.ready.display, '--join', code.replaceAll(/\s/g, ''), '--server', up.ready.server, '--allow', 'view,control');
  try {
    await bar(helper).waitFor({ timeout: 30_000 });
    expect(new Screen(up.ready.display).size()).toEqual([1280, 720]);
  } finally {
    await host.end();
    await helper.close();
  }
});
