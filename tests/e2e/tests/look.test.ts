import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOf, showState, stateNames } from '../../../web/test/look/page-faults.ts';
import { Alongside } from '../harness/alongside.ts';
import { launchBrowser } from '../harness/viewer.ts';

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

test('the foot of the start page leads to the check of the connection, which finds the server and its relay', async () => {
  const page = await browser.newPage();
  await page.goto(up.ready.server);
  await page.getByRole('link', { name: 'Check the connection' }).click();
  await page.getByRole('status').waitFor({ timeout: 60_000 });
  const said = await page.evaluate(() => document.body.innerText);
  expect(said).toMatch(/Answers, in/);
  expect(said).toMatch(/Open\. Sessions begin on it/);
  expect(said).toMatch(/Sessions work/);
  await page.close();
}, 120_000);

// Side by side: each is a tab's work.
for (const language of ['en', 'de']) {
  test.concurrent(`on a phone no page overflows, every target takes a finger, and nothing is refused or breaks (${language})`, async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const faults: string[] = [];
    let state = 'the gallery';
    page.on('pageerror', (error) => faults.push(`${state}: ${error.message}`));
    // The content policy reports what it refused here.
    page.on('console', (message) => { if (message.type() === 'error') faults.push(`${state}: ${message.text()}`); });
    const names = await stateNames(page, up.ready.server);
    expect(names.length).toBeGreaterThan(50);
    for (state of names) {
      await showState(page, up.ready.server, state, language);
      faults.push(...(await faultsOf(page)).map((fault) => `${state}: ${fault}`));
    }
    expect(faults).toEqual([]);
    await context.close();
  }, 300_000);
}
