import { describe, expect, it } from 'vitest';
import { rememberAsk, rememberedAsk } from '../../src/ui/app/ask.ts';
import { readOffer, type ServerOffer } from '../../src/ui/app/server.ts';
import { downloadFor, hostCommand, systemOf } from '../../src/ui/app/system.ts';

const offer: ServerOffer = { version: '1', ownCertificate: false, downloads: [{ system: 'linux-x64', url: '/download/alongside-host-linux-x64', bytes: 5 }] };

describe('what the server offers', () => {
  it('reads what it understands and drops what could lead elsewhere', () => {
    const read = readOffer({
      version: '0.1.0', fingerprint: 'abc', extra: 1,
      downloads: [
        { system: 'linux-x64', file: 'alongside-host-linux-x64', size: 5, sha256: '' },
        { system: 'win-x64', file: '../../evil.exe', size: 5 }, { system: 'win-x64', file: '//evil', size: 5 },
        { system: 'win-x64', file: 'host.exe' }, null, 7,
      ],
    });
    expect(read).toEqual({ version: '0.1.0', ownCertificate: true, downloads: offer.downloads });
    for (const wrong of [null, 7, 'x', [], {}]) expect(readOffer(wrong).downloads).toEqual([]);
  });

  it('finds the program for a system', () => {
    expect(downloadFor(offer, 'linux')?.system).toBe('linux-x64');
    expect(downloadFor(offer, 'windows')).toBeUndefined();
    expect(downloadFor(offer, 'ios')).toBeUndefined();
  });

  it('makes one command for it, that no link can break out of', () => {
    expect(hostCommand('https://s.example', offer)).toBe('curl -fsSL https://s.example/get | sh');
    expect(hostCommand('https://s.example', offer, '482190573')).toBe('curl -fsSL https://s.example/get | sh -s -- 482190573');
    expect(hostCommand('https://s.example', { ...offer, ownCertificate: true }, "https://s.example/help#a'; rm -rf ~; '"))
      .toBe("curl -fsSLk https://s.example/get | sh -s -- 'https://s.example/help#a; rm -rf ~; '");
  });
});

describe('the visitor', () => {
  it('is known by the system, iPads by their fingers', () => {
    const agent = (userAgent: string, maxTouchPoints = 0) => systemOf({ userAgent, maxTouchPoints });
    expect(agent('Mozilla/5.0 (X11; Linux x86_64)')).toBe('linux');
    expect(agent('Mozilla/5.0 (Linux; Android 15)')).toBe('android');
    expect(agent('Mozilla/5.0 (Windows NT 10.0; Win64)')).toBe('windows');
    expect(agent('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toBe('mac');
    expect(agent('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 5)).toBe('ios');
    expect(agent('')).toBe('other');
  });

  it('is remembered by name and by what they asked for last', () => {
    const kept = new Map<string, string>();
    const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    rememberAsk(store, { name: 'Anna', view: true, control: false, clipboard: true });
    expect(rememberedAsk(store)).toEqual({ name: 'Anna', view: true, control: false, clipboard: true });
  });

  it('starts anew where storage is off or damaged', () => {
    const fresh = { name: '', view: true, control: true, clipboard: true };
    expect(rememberedAsk(undefined)).toEqual(fresh);
    expect(rememberedAsk({ getItem: () => '{"name":' })).toEqual(fresh);
    expect(rememberedAsk({ getItem: () => 'null' })).toEqual(fresh);
    expect(rememberedAsk({ getItem: () => '{"name":7,"control":"no"}' })).toEqual(fresh);
  });
});
