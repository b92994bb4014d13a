import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { Pixels } from './pixels.ts';
import type { Screen } from './screen.ts';
import { until } from './until.ts';

export const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const switches = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  // Pixels are compared: no colour management, no smoothing of its own.
  '--force-color-profile=srgb',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

export function launchBrowser(executablePath = chromiumPath): Promise<Browser> {
  return chromium.launch({ executablePath, args: switches, headless: true });
}

/** Runs in the page. The page's policy refuses style sheets of others, but not this. */
export function hidePointer(): void {
  document.querySelectorAll<HTMLElement>('canvas[aria-hidden="true"]').forEach((canvas) => { canvas.style.visibility = 'hidden'; });
}

/** A page with the viewer in it. */
export class Viewer {
  private constructor(readonly page: Page, readonly context: BrowserContext, readonly messages: string[]) {}

  static async open(browser: Browser, link: string, size = { width: 1280, height: 720 }): Promise<Viewer> {
    const context = await browser.newContext({ viewport: size, permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    const messages: string[] = [];
    page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => messages.push(`error: ${error.message}`));
    await page.goto(link);
    return new Viewer(page, context, messages);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** What a person sees in the page, without the host's pointer: that lies over the picture, and isn't on the screen we compare with. */
  async see(): Promise<Pixels> {
    await this.page.evaluate(hidePointer);
    return Pixels.fromPng(await this.page.screenshot({ type: 'png', caret: 'initial' }));
  }

  /** Waits until the page (in kiosk) shows exactly what is on the screen. */
  async shows(screen: Screen, patience = 30_000): Promise<void> {
    let seen: Pixels | undefined;
    let real: Pixels | undefined;
    let difference: string | undefined;
    try {
      await until(async () => {
        real = screen.grab();
        seen = await this.see();
        // The screen may have changed between the two looks: equal is equal, anything else is looked at again.
        difference = seen.differenceFrom(real);
        return difference === undefined;
      }, patience);
    } catch {
      throw new Error(`The viewer doesn't show the screen. ${difference} Seen: ${seen?.keep('seen')} Screen: ${real?.keep('screen')}\n`
        + `Page says: ${await this.says()}\n${this.messages.join('\n')}`);
    }
  }

  /** The words on the page. */
  says(): Promise<string> {
    return this.page.evaluate(() => document.body.innerText);
  }

  async saysSoon(words: RegExp, patience = 15_000): Promise<void> {
    let said = '';
    await until(async () => words.test(said = await this.says()), patience, () => `The page never says ${words}. It says: ${said}\n${this.messages.join('\n')}`);
  }
}
