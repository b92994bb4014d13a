import type { Page } from 'playwright-core';

/** What is wrong with how a page lies in its window: sideways overflow, and on touch screens targets too small for a finger. */
export function faultsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`overflows sideways by ${scrollWidth - clientWidth} px`);
    for (const element of document.querySelectorAll('button, input, textarea, label, h1, h2, p, .pill, .sheet, .tools')) {
      const box = element.getBoundingClientRect();
      if (box.width > 2 && (box.right > clientWidth + 1 || box.left < -1)) {
        found.push(`${element.tagName.toLowerCase()}.${element.className} reaches out of the window: "${(element.textContent ?? '').slice(0, 40)}"`);
      }
    }
    if (matchMedia('(pointer: coarse)').matches) {
      const targets = 'button:not([tabindex="-1"]), input:not([type=radio], [type=checkbox]), a.button, label.switch, label.segment';
      for (const element of document.querySelectorAll(targets)) {
        const box = element.getBoundingClientRect();
        // A segment reaches 3 px beyond what is drawn of it, above and below.
        if (box.width > 2 && getComputedStyle(element).visibility !== 'hidden' && (box.height < 38 || box.width < 44)) {
          found.push(`${element.className} is ${Math.round(box.width)} x ${Math.round(box.height)}: too small for a finger`);
        }
      }
    }
    return found;
  });
}

/** The names of all states in the gallery of the server at `origin`. */
export async function stateNames(page: Page, origin: string): Promise<string[]> {
  await page.goto(`${origin}/gallery`);
  await page.waitForSelector('.gallery li');
  return page.$$eval('.gallery li a:first-child', (links) =>
    links.map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get('state') ?? ''));
}

/** Shows one state and waits until it stands. From another in the same language it goes on without loading the page anew. */
export async function showState(page: Page, origin: string, name: string, language?: string): Promise<void> {
  const address = new URL(`${origin}/gallery?state=${name}${language === undefined ? '' : `&lang=${language}`}`);
  const at = new URL(page.url());
  if (at.pathname === address.pathname && at.searchParams.has('state') && at.searchParams.get('lang') === address.searchParams.get('lang')) {
    await page.evaluate((to) => {
      history.replaceState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
      scrollTo(0, 0);
    }, address.href);
  } else {
    await page.goto(address.href);
  }
  await page.waitForSelector(`html[data-shown="${name}"] :is(h1, .pill)`);
  await page.evaluate(() => document.fonts.ready);
}
