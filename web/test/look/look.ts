/*
 * Screenshots of every page and every state of the gallery, at the widths and in the themes people have:
 *
 *   npm run build && npm run look -- FOLDER [NAME...]
 *
 * Fails when anything overflows sideways, is too small for a finger on a phone, or reports an error. CHROMIUM names another browser.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { preview } from 'vite';

const sizes = [{ width: 390, height: 844 }, { width: 1280, height: 800 }, { width: 2560, height: 1440 }];
const themes = ['light', 'dark'] as const;

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Usage: npm run look -- FOLDER [NAME...]\n');
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const server = await preview({ preview: { host: '127.0.0.1', port: Number(process.env['PORT'] ?? 21710) }, logLevel: 'warn' });
const origin = server.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? '';
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
});

const faults: string[] = [];
let taken = 0;
try {
  const names = wanted.length > 0 ? wanted : await stateNames();
  for (const size of sizes) {
    for (const theme of themes) {
      const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce', hasTouch: size.width < 640 });
      const page = await context.newPage();
      let at = '';
      page.on('pageerror', (error) => faults.push(`${at}: ${error.message}`));
      for (const name of names) {
        at = `${name} ${size.width} ${theme}`;
        await page.goto(`${origin}/gallery?state=${name}${process.env['LANG_TAG'] === undefined ? '' : `&lang=${process.env['LANG_TAG']}`}`);
        await page.waitForSelector('h1, .pill');
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: join(folder, `${name}-${size.width}-${theme}.png`) });
        taken++;
        faults.push(...(await faultsOf(page)).map((fault) => `${at}: ${fault}`));
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}

for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(`${taken} pictures in ${folder}, ${faults.length} faults\n`);
process.exit(faults.length > 0 ? 1 : 0);

async function stateNames(): Promise<string[]> {
  const page = await browser.newPage();
  await page.goto(`${origin}/gallery`);
  await page.waitForSelector('.gallery li');
  const names = await page.$$eval('.gallery li a:first-child', (links) => links.map((a) => new URL((a as HTMLAnchorElement).href).searchParams.get('state') ?? ''));
  await page.close();
  return names;
}

/** Sideways overflow, and on touch screens targets under 44 pixels (in-text links are exempt). */
async function faultsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) found.push(`overflows sideways by ${wide} px`);
    const limit = document.documentElement.clientWidth + 1;
    for (const element of document.querySelectorAll('button, input, textarea, label, h1, h2, p, .pill, .sheet, .tools')) {
      const box = element.getBoundingClientRect();
      if (box.width > 2 && (box.right > limit || box.left < -1)) {
        found.push(`${element.tagName.toLowerCase()}.${element.className} reaches out of the window: "${(element.textContent ?? '').slice(0, 40)}"`);
      }
    }
    if (matchMedia('(pointer: coarse)').matches) {
      for (const element of document.querySelectorAll('button:not([tabindex="-1"]), input:not([type=radio], [type=checkbox]), a.button, label.switch, label.segment')) {
        const box = element.getBoundingClientRect();
        if (box.width > 2 && getComputedStyle(element).visibility !== 'hidden' && (box.height < 38 || box.width < 40)) {
          found.push(`${element.className} is ${Math.round(box.width)} × ${Math.round(box.height)}: too small for a finger`);
        }
      }
    }
    return found;
  });
}
