import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Alongside } from '../harness/alongside.ts';
import { canMakeNetworks, Wire } from '../harness/namespace.ts';
import { Screen } from '../harness/screen.ts';
import { until } from '../harness/until.ts';
import { chromiumPath, launchBrowser, Viewer } from '../harness/viewer.ts';

/** What depends on the clock of a loaded machine is waited for so long. */
const patience = 45_000;

if (canMakeNetworks) {
  describe('a session between two machines', () => {
    let wire: Wire;
    let up: Alongside;
    let browser: Browser;
    let screen: Screen;
    /** One shows the whole picture, the other says how it comes. */
    let picture: Viewer;
    let words: Viewer;

    beforeAll(async () => {
      wire = new Wire();
      // The page asks for the server's figures, from the other machine.
      up = await Alongside.startBehind([...wire.host.prefix, 'env', 'ALONGSIDE_METRICS_FROM=any']);
      wire.lead(up.port);
      screen = new Screen(up.ready.display, wire.host.prefix);
      browser = await launchBrowser(wire.browser.program(chromiumPath));
      picture = await Viewer.open(browser, up.kioskLink);
      words = await Viewer.open(browser, up.ready.join);
    });

    afterAll(async () => {
      await browser?.close();
      await up?.end();
      wire?.remove();
    });

    /** The page's word for the way its picture comes. */
    async function comes(way: 'direct' | 'relayed'): Promise<void> {
      let said: string | null = null;
      await until(async () => (said = await words.page.locator('.pill-path').textContent({ timeout: patience })) === way, patience, () => `It came ${said}, not ${way}.`);
    }

    /** The pointer goes where it is sent, by whatever way: sent again and again, since what is sent while a session is resumed is nobody's. */
    async function pointsAt(x: number, y: number): Promise<void> {
      await until(async () => {
        await picture.page.mouse.move(x, y - 1);
        await picture.page.mouse.move(x, y);
        const at = screen.pointer();
        return at.x === x && at.y === y;
      }, patience, () => `The pointer did not get there: it is at ${JSON.stringify(screen.pointer())}.`);
      await picture.shows(screen, patience);
    }

    /** How often connections to the server were taken up again, as it says itself. */
    async function rejoined(): Promise<number> {
      return await words.page.evaluate(async () => {
        const text = await fetch('/metrics').then((answer) => answer.text(), () => '');
        return Number(/^[^#\n]*how="rejoin"[^}\n]*\} ([0-9]+)/m.exec(text)?.[1] ?? 0);
      });
    }

    test('moves to a direct path by itself, exact as before', async () => {
      await picture.shows(screen);
      await comes('direct');
      await pointsAt(300, 200);
    });

    test('does not notice that the server is killed, and falls back on it when it is there again', { timeout: 180_000 }, async () => {
      await comes('direct');
      const breaks = (page: Viewer): Promise<number> => page.page.evaluate(() => {
        const seen = globalThis as unknown as { breaks?: number };
        if (seen.breaks === undefined) {
          seen.breaks = 0;
          new MutationObserver(() => { if (/Reconnecting/i.test(document.body.textContent ?? '')) seen.breaks!++; })
            .observe(document.body, { subtree: true, childList: true, characterData: true });
        }
        return seen.breaks;
      });
      for (const page of [picture, words]) expect(await breaks(page)).toBe(0);
      wire.block('the server');
      process.kill(up.process('alongside-server'), 'SIGKILL');
      await pointsAt(310, 220);
      screen.text('xdotool', ['mousemove', '640', '360']);
      await pointsAt(330, 240);
      expect(await words.page.locator('.pill-path').textContent()).toBe('direct');
      wire.block('nothing');
      // The host and both pages.
      await until(async () => await rejoined() >= 3, patience, () => 'Not everybody is in the room again.');
      await comes('direct');
      wire.block('both');
      await comes('relayed');
      await pointsAt(350, 260);
      for (const page of [picture, words]) expect(await breaks(page)).toBe(0);
      wire.block('nothing');
      await comes('direct');
    });

    test.each(['to the host', 'to the browser'] as const)('goes on over the relay when %s nothing passes beside it any more', { timeout: 180_000 }, async (blocked) => {
      await comes('direct');
      wire.block(blocked);
      await comes('relayed');
      await pointsAt(420, 310);
      screen.text('xdotool', ['mousemove', '640', '360']);
      await pointsAt(200, 440);
      wire.block('nothing');
      await comes('direct');
      await pointsAt(510, 120);
    });

    test.each(['browser', 'host'] as const)('goes on when the address of the %s is another, and is direct again', { timeout: 180_000 }, async (end) => {
      await comes('direct');
      wire.move(end);
      await pointsAt(430, 320);
      screen.text('xdotool', ['mousemove', '640', '360']);
      await pointsAt(210, 450);
      await comes('direct');
      await pointsAt(520, 130);
      // Sockets to the server break in here, which browsers count as errors.
      expect(picture.messages.filter((message) => message.startsWith('error: ') && !/WebSocket|net::/.test(message))).toEqual([]);
    });
  });
} else {
  test('a session between two machines: not here, since networks can be made by root with CAP_SYS_ADMIN and CAP_NET_ADMIN alone', () => {
    expect(canMakeNetworks).toBe(false);
  });
}
