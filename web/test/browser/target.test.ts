import { describe, expect, it } from 'vitest';
import { canRun } from '../../src/browser/can-run.ts';
import type { Ticket } from '../../src/browser/bridge.ts';
import {
  dropTicket, forgetTarget, keepTicket, readCode, readCodeOrLink, readFragment, readPage, relayUrl, takePageTarget, takeTicket, type TargetWindow,
} from '../../src/browser/target.ts';

const room = 'A'.repeat(22);
const secret = 'b'.repeat(22);
const print = 'c'.repeat(43);

function tab(path: string, hash: string, kept = new Map<string, string>()): TargetWindow & { address: string; kept: Map<string, string> } {
  const window = {
    address: path + hash,
    kept,
    location: { pathname: path.split('?')[0] ?? '', search: path.includes('?') ? path.slice(path.indexOf('?')) : '', hash },
    history: { state: null, replaceState: (_: unknown, __: string, url?: string | URL | null) => { window.address = String(url); } },
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
  };
  return window;
}

describe('the page\'s address', () => {
  it('reads link and code, with or without a fingerprint', () => {
    expect(readFragment(`#${room}.${secret}`)).toEqual({ place: { kind: 'link', room }, secret });
    expect(readFragment(`#${room}.${secret}.${print}`)?.fingerprint).toBe(print);
    expect(readCode(' 482 190-573 ')).toEqual({ place: { kind: 'code', number: '482' }, secret: '190573' });
    expect(readCode('48219190573')).toEqual({ place: { kind: 'code', number: '48219' }, secret: '190573' });
    expect(readCodeOrLink(`https://help.example/join#${room}.${secret} `)?.place).toEqual({ kind: 'link', room });
  });

  it.each(['', '#', `#${room}`, `#${room}.`, `#${room}.short`, `#${room}.${secret}.x`, `#${room}.${secret}/..`])('has no target in %j', (hash) => {
    expect(readFragment(hash)).toBeUndefined();
  });

  it.each(['', '12345678', '123456789012', '48219057x', '482190573#'])('has no code in %j', (typed) => {
    expect(readCode(typed)).toBeUndefined();
  });

  it('knows its pages, kiosk and relay', () => {
    expect(readPage('/join', '?kiosk=1', '')).toEqual({ page: 'join', target: undefined, kiosk: true });
    expect(readPage('/help/', '', '').page).toBe('help');
    expect(readPage('/joint', '?kiosk=0', '')).toEqual({ page: 'start', target: undefined, kiosk: false });
    expect(relayUrl({ protocol: 'https:', host: 'help.example' })).toBe('wss://help.example/relay');
    expect(relayUrl({ protocol: 'http:', host: 'localhost:8080' })).toBe('ws://localhost:8080/relay');
  });

  it('loses its secret at once, and a reload of this tab still has it', () => {
    const first = tab('/join?kiosk=1', `#${room}.${secret}`);
    expect(takePageTarget(first).target?.secret).toBe(secret);
    expect(first.address).toBe('/join?kiosk=1');
    const reloaded = tab('/join?kiosk=1', '', first.kept);
    expect(takePageTarget(reloaded)).toEqual(readPage('/join', '?kiosk=1', `#${room}.${secret}`));
    expect(takePageTarget(tab('/', '', first.kept)).target).toBeUndefined();
    forgetTarget(reloaded);
    expect(takePageTarget(tab('/join', '', first.kept)).target).toBeUndefined();
  });

  it('is not confused by what else is stored', () => {
    for (const junk of ['', 'x', '[]', 'null', '{"path":1}', `{"path":"/join","hash":7}`]) {
      expect(takePageTarget(tab('/join', '', new Map([['alongside.target', junk]]))).target).toBeUndefined();
    }
  });
});

describe('the ticket of a reload', () => {
  const ticket: Ticket = {
    relay: 'ws://x/relay', ask: { name: 'Anna', view: true, control: true, clipboard: true }, room, member: 2, token: secret,
    joined: { place: { kind: 'code', number: '482' }, secret: '190573' }, resume: { session: '0011223344556677', secret: Uint8Array.of(1, 2, 3) },
  };

  it('is there once, with its bytes', () => {
    const window = tab('/join', '');
    keepTicket(window, ticket);
    const taken = takeTicket(window);
    expect(taken).toEqual(ticket);
    expect(taken?.resume?.secret).toBeInstanceOf(Uint8Array);
    expect(takeTicket(window)).toBeUndefined();
  });

  it('is gone once the page is seen, and worth nothing after two minutes', () => {
    const window = tab('/join', '');
    keepTicket(window, ticket);
    dropTicket(window);
    expect(takeTicket(window)).toBeUndefined();
    keepTicket(window, ticket);
    const aged = JSON.parse(window.kept.get('alongside.ticket') ?? '') as { kept: number };
    window.kept.set('alongside.ticket', JSON.stringify({ ...aged, kept: aged.kept - 121_000 }));
    expect(takeTicket(window)).toBeUndefined();
  });
});

describe('what is missing', () => {
  const whole = {
    isSecureContext: true, crypto: { subtle: {} }, OffscreenCanvas: Object, Worker: class {}, Array, WebSocket: Object,
    HTMLCanvasElement: { prototype: { transferControlToOffscreen: 1 } },
  };

  it('is nothing in a browser that has all', () => {
    expect(canRun(whole)).toEqual([]);
  });

  it('is the address, not the browser, on plain http', () => {
    expect(canRun({ ...whole, isSecureContext: false, crypto: {} })).toEqual(['secure-context']);
  });

  it('is named part by part otherwise', () => {
    expect(canRun({ isSecureContext: true })).toEqual(['crypto', 'offscreen-canvas', 'module-workers', 'websocket']);
    expect(canRun({ ...whole, Array: { prototype: {} } })).toEqual(['module-workers']);
  });
});
