import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Alongside, root } from '../harness/alongside.ts';
import { type } from '../harness/keys.ts';
import { Screen } from '../harness/screen.ts';
import { until } from '../harness/until.ts';
import { launchBrowser, Viewer } from '../harness/viewer.ts';

let up: Alongside;
let browser: Browser;
let screen: Screen;
let viewer: Viewer;

beforeAll(async () => {
  up = await Alongside.start();
  screen = new Screen(up.ready.display);
  await screen.shown('^Terminal$');
  await screen.shown('Shopping list');
  browser = await launchBrowser();
  viewer = await Viewer.open(browser, up.kioskLink);
});

afterAll(async () => {
  await browser?.close();
  await up?.end();
});

const terminal = async () => screen.geometry(await screen.shown('^Terminal$'));
const documents = () => join(root, '.alongside/demo', up.ready.display.slice(1), 'home/Documents');

async function typeIntoTerminal(text: string): Promise<void> {
  const { x, y, width, height } = await terminal();
  await viewer.page.mouse.click(x + width / 2, y + height / 2);
  await until(() => screen.focused() === 'Terminal', 10_000, () => 'A click did not reach the terminal.');
  await type(viewer.page, text);
}

/** A window manager gives the keys to what was clicked a little later. */
async function clickEditor(): Promise<string> {
  const list = await screen.shown('Shopping list');
  const { x, y, width, height } = screen.geometry(list);
  await viewer.page.mouse.click(x + width / 2, y + height / 2);
  await until(() => screen.hasFocus(list), 10_000, () => `A click did not reach the editor: "${screen.focused()}" has the keys.`);
  return list;
}

async function paste(text: string): Promise<string> {
  await viewer.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  const list = await clickEditor();
  await viewer.page.keyboard.press('Control+End');
  await viewer.page.keyboard.press('Control+v');
  return list;
}

/** Saves until the editor's file has it: its menu knows a little later than its title that there is something to save. */
async function saves(text: string): Promise<void> {
  await until(async () => {
    await viewer.page.keyboard.press('Control+s');
    await pause(300);
    return readFileSync(join(documents(), 'Shopping list.txt'), 'utf8').includes(text);
  }, 10_000, () => 'The editor never got it.');
}

test('the join link shows the desktop exactly, pixel by pixel, from the top left corner', async () => {
  await viewer.shows(screen);
  expect((await viewer.see()).colours()).toBeGreaterThan(100);
});

test('what is typed arrives, in any alphabet', async () => {
  await typeIntoTerminal('cat > typed.txt\n');
  await type(viewer.page, 'Hello, World! é ß € ж\n');
  await viewer.page.keyboard.press('Control+d');
  const file = join(documents(), 'typed.txt');
  // What is typed before cat reads may come to it in two pieces, so the file is only done with its newline.
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), 10_000, () => 'No whole line arrived.');
  expect(readFileSync(file, 'utf8')).toBe('Hello, World! é ß € ж\n');
  await viewer.shows(screen);
});

test('a window can be dragged by its title', async () => {
  const before = await terminal();
  const { mouse } = viewer.page;
  const title = { x: before.x + before.width / 2, y: before.y - 14 };
  await mouse.move(title.x, title.y);
  await mouse.down();
  for (let step = 1; step <= 10; step++) await mouse.move(title.x + step * 6, title.y + step * 4);
  await mouse.up();
  let after = before;
  await until(async () => (after = await terminal()).x === before.x + 60, 10_000, () => `The window lies at ${after.x}, not at ${before.x + 60}.`);
  expect(after.y).toBe(before.y + 40);
  await viewer.shows(screen);
});

test('what is copied there can be pasted here', async () => {
  await viewer.page.bringToFront();
  screen.copy('From the desktop: é ß € ж');
  await until(async () => await viewer.page.evaluate(() => navigator.clipboard.readText()) === 'From the desktop: é ß € ж', 10_000,
    () => 'The clipboard of the browser never got it.');
});

test('what is copied here can be pasted there', async () => {
  const list = await paste('From the browser: é ß € ж');
  await until(() => screen.copied() === 'From the browser: é ß € ж', 30_000, () => `The desktop's clipboard holds "${screen.copied()}".`);
  // A program fetches what it pastes; whoever saves before they see it saves nothing.
  await until(() => screen.text('xdotool', ['getwindowname', list]).startsWith('*'), 30_000, () => 'Nothing was pasted.');
  await saves('From the browser: é ß € ж');
  await viewer.shows(screen);
});

test('a long text is pasted whole, and not what was copied before it', async () => {
  const long = Array.from({ length: 200_000 }, (_, line) => `line ${line}\n`).join('');
  const file = join(documents(), 'Shopping list.txt');
  const before = readFileSync(file, 'utf8');
  await paste(`${long}the end`);
  await saves('the end');
  expect(readFileSync(file, 'utf8') === `${before}${long}the end`).toBe(true);
  await viewer.shows(screen);
});

test('a second viewer comes in by the same link and sees the same', async () => {
  const second = await Viewer.open(browser, up.kioskLink);
  try {
    await second.shows(screen);
    await typeIntoTerminal('echo both see this\n');
    await second.shows(screen);
    await viewer.shows(screen);
  } finally {
    await second.close();
  }
});

test('a tab that slept has no backlog: it shows the newest picture first', async () => {
  const session = await viewer.context.newCDPSession(viewer.page);
  await viewer.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const paint = setInterval(() => { screen.text('xdotool', ['type', '--delay', '1', 'x']); }, 100);
  await new Promise((done) => { setTimeout(done, 10_000); });
  clearInterval(paint);
  await viewer.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'visible' });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => false });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await viewer.shows(screen, 5_000);
  await session.detach();
});
