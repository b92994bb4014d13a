import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Alongside } from '../harness/alongside.ts';
import { Pixels } from '../harness/pixels.ts';
import { Screen } from '../harness/screen.ts';
import { until } from '../harness/until.ts';
import { hidePointer } from '../harness/viewer.ts';

let up: Alongside;
let browser: Browser;

beforeAll(async () => {
  up = await Alongside.start();
  browser = await puppeteer.launch({ browser: 'firefox', executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr', headless: true });
});

afterAll(async () => {
  await browser?.close();
  await up?.end();
});

test('Firefox shows the desktop too, exactly', async () => {
  const screen = new Screen(up.ready.display);
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 720 });
  await page.goto(up.kioskLink);
  let difference: string | undefined = 'nothing was seen';
  await until(async () => {
    await page.evaluate(hidePointer);
    const real = screen.grab();
    difference = Pixels.fromPng(Buffer.from(await page.screenshot({ type: 'png' }))).differenceFrom(real);
    return difference === undefined;
  }, 45_000, () => `Firefox doesn't show the screen. ${difference}`);
  expect(difference).toBeUndefined();
});

test('and moves to a direct path', async () => {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 720 });
  await page.goto(up.ready.join);
  const way = (): Promise<string | null> => page.evaluate(() => document.querySelector('.pill-path')?.textContent ?? null);
  await until(async () => await way() === 'direct', 60_000, () => 'The path never becomes direct.');
});
