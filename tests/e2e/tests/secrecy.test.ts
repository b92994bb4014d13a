import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Alongside } from '../harness/alongside.ts';
import { Host } from '../harness/host.ts';
import { type } from '../harness/keys.ts';
import { formsOf, Proxy, unmasked } from '../harness/proxy.ts';
import { Screen } from '../harness/screen.ts';
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

test('the recorder takes masks off and knows a secret in every form', () => {
  const request = Buffer.from('GET /relay HTTP/1.1\r\nUpgrade: websocket\r\n\r\n');
  const text = Buffer.from('a secret: 190573');
  const mask = Buffer.from([1, 2, 3, 4]);
  const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, text.map((byte, i) => byte ^ (mask[i & 3] ?? 0))]);
  expect(unmasked(Buffer.concat([request, frame, frame])).toString()).toBe('a secret: 190573a secret: 190573');

  for (const carrier of ['', 'x', 'xy'].map((before) => Buffer.from(`${before}190573and more`).toString('base64'))) {
    expect([...formsOf('190573').values()].some((form) => Buffer.from(carrier).includes(form))).toBe(true);
  }
});

test('neither digits nor link secret nor keystrokes ever reach the server', async () => {
  const proxy = await Proxy.start(up.port);
  const server = `http://localhost:${proxy.port}`;
  const host = Host.start(up.ready.display, '--open', '--server', server, '--allow', 'view,control,clipboard');
  try {
    const { code, link } = await host.opened();
    const digits = code.replaceAll(' ', '').slice(-6);
    const secret = new URL(link).hash.slice(1).split('.')[1] ?? '';
    expect(secret).toMatch(/^[A-Za-z0-9_-]{22}$/);

    const byLink = await Viewer.open(browser, link.replace('/join', '/join?kiosk=1'));
    await byLink.shows(new Screen(up.ready.display));
    const byCode = await Viewer.open(browser, `${server}/`);
    await byCode.page.getByLabel('Their nine digits').fill(code);
    await byCode.page.getByLabel('Your name, as they will read it').fill('Anna Passerine');
    await byCode.page.getByRole('button', { name: 'Join', exact: true }).click();
    await byCode.page.getByRole('toolbar', { name: 'Session' }).waitFor();
    await type(byLink.page, 'quokkaquokka');
    await byLink.shows(new Screen(up.ready.display));
    await byLink.close();
    await byCode.close();

    const seen = proxy.recorded();
    // The recorder works: what may be seen is there.
    expect(seen.some((bytes) => bytes.includes('"t":"join"'))).toBe(true);
    expect(seen.some((bytes) => bytes.includes('"t":"open"'))).toBe(true);
    const kept = readdirSync(up.dataFolder).map((name) => readFileSync(join(up.dataFolder, name)));
    for (const [what, text] of [['digits', digits], ['link secret', secret], ['a name', 'Anna Passerine'], ['keystrokes', 'quokka']] as const) {
      for (const [form, bytes] of formsOf(text)) {
        expect([what, form, seen.some((stream) => stream.includes(bytes))]).toEqual([what, form, false]);
        expect([what, form, kept.some((file) => file.includes(bytes))]).toEqual([what, form, false]);
      }
    }
  } finally {
    await host.end();
    await proxy.close();
  }
});
