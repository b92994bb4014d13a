/*
 * Screenshots of every page and every state of the gallery, at the widths and in the themes people have:
 *
 *   npm run build && npm run look -- FOLDER [NAME...]
 *
 * Fails when anything overflows sideways, is too small for a finger on a phone, or reports an error.
 * CHROMIUM names another browser, PORT another port, LOOK_LANGUAGE a language.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { faultsOf, showState, stateNames } from './page-faults.ts';

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
  const names = wanted.length > 0 ? wanted : await stateNames(await browser.newPage(), origin);
  for (const size of sizes) {
    for (const theme of themes) {
      const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce', hasTouch: size.width < 640 });
      const page = await context.newPage();
      let at = '';
      page.on('pageerror', (error) => faults.push(`${at}: ${error.message}`));
      for (const name of names) {
        at = `${name} ${size.width} ${theme}`;
        await showState(page, origin, name, process.env['LOOK_LANGUAGE']);
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
