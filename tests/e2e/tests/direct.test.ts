import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Alongside } from '../harness/alongside.ts';
import { canMakeNetworks, Namespace } from '../harness/namespace.ts';
import { Screen } from '../harness/screen.ts';
import { until } from '../harness/until.ts';
import { chromiumPath, launchBrowser, Viewer } from '../harness/viewer.ts';

/** What depends on the clock of a loaded machine is waited for so long. */
const patience = 45_000;

if (canMakeNetworks) {
  describe('a session in a network of its own', () => {
    let network: Namespace;
    let up: Alongside;
    let browser: Browser;
    let screen: Screen;
    /** One shows the whole picture, the other says how it comes. */
    let picture: Viewer;
    let words: Viewer;

    beforeAll(async () => {
      network = new Namespace();
      up = await Alongside.startBehind(network.prefix);
      screen = new Screen(up.ready.display, network.prefix);
      browser = await launchBrowser(network.program(chromiumPath));
      picture = await Viewer.open(browser, up.kioskLink);
      words = await Viewer.open(browser, up.ready.join);
    });

    afterAll(async () => {
      await browser?.close();
      await up?.end();
      network?.remove();
    });

    /** The page's word for the way its picture comes. */
    async function comes(way: 'direct' | 'relayed'): Promise<void> {
      let said: string | null = null;
      await until(async () => (said = await words.page.locator('.pill-path').textContent()) === way, patience, () => `It came ${said}, not ${way}.`);
    }

    /** The pointer goes where it is sent, by whatever way. */
    async function pointsAt(x: number, y: number): Promise<void> {
      await picture.page.mouse.move(x, y);
      await until(() => { const at = screen.pointer(); return at.x === x && at.y === y; }, patience, () => `The pointer did not get there: it is at ${JSON.stringify(screen.pointer())}.`);
    }

    test('moves to a direct path by itself, exact as before', async () => {
      await picture.shows(screen);
      await comes('direct');
      await pointsAt(300, 200);
      await picture.shows(screen);
    });

    test('goes on over the relay when nothing passes beside it any more', async () => {
      network.block(true);
      await pointsAt(420, 310);
      await comes('relayed');
      screen.text('xdotool', ['mousemove', '640', '360']);
      await pointsAt(200, 440);
      await picture.shows(screen);
    });

    test('comes back to a direct path when there is one again', async () => {
      network.block(false);
      await comes('direct');
      await pointsAt(510, 120);
      await picture.shows(screen);
      expect(picture.messages.filter((message) => message.startsWith('error'))).toEqual([]);
    });
  });
} else {
  test('a session in a network of its own: not here, since networks can be made by root with CAP_SYS_ADMIN and CAP_NET_ADMIN alone', () => {
    expect(canMakeNetworks).toBe(false);
  });
}
