import { describe, expect, it } from 'vitest';
import { secretBytes } from '../../../src/core/secure/room-code.ts';
import { CredentialKind } from '../../../src/core/secure/types.ts';
import { ask, room, settle, Stage, until } from './stage.ts';

const second = 1_000_000;

describe('a room that was opened for a customer', () => {
  const openStart = { t: 'open', relay: 'ws://test/relay', ask } as const;

  it('shows a code, and is live with a host that typed it', async () => {
    const stage = new Stage(openStart).start();
    await until('a code', () => stage.codes.length === 1);
    const code = stage.codes[0];
    expect(code).toMatchObject({ number: '482', seconds: 600 });
    expect(code?.secret).toMatch(/^[0-9]{6}$/);
    expect(code?.link).toMatch(new RegExp(`^/help#${room}\\.[A-Za-z0-9_-]{22}$`));
    expect(stage.at?.at).toBe('waiting');
    const host = stage.host(3);
    host.trustCode('482', code?.secret ?? '');
    stage.hostArrives(3);
    await until('the question', () => host.control.length > 0);
    host.grant();
    await until('live', () => stage.at?.at === 'live');
    expect(stage.texts).toContainEqual({ t: 'unnumber' });
    expect(stage.wire.some((bytes) => bytes.includes(code?.secret ?? 'x'))).toBe(false);
  });

  it('is live with a host that came by the link', async () => {
    const stage = new Stage(openStart).start();
    await until('a code', () => stage.codes.length === 1);
    const host = stage.host(3);
    host.trust(CredentialKind.link, room, secretBytes(stage.codes[0]?.link.split('.')[1] ?? ''));
    stage.hostArrives(3);
    await until('the question', () => host.control.length > 0);
    expect(host.attempts).toEqual([`2/${room}`]);
  });

  it('burns the code at a wrong guess, removes the guesser, and gives a new one', async () => {
    const stage = new Stage(openStart).start();
    await until('a code', () => stage.codes.length === 1);
    const guesser = stage.host(3);
    guesser.trustCode('482', stage.codes[0]?.secret === '000000' ? '000001' : '000000');
    stage.hostArrives(3);
    await until('burnt', () => stage.at?.at === 'burnt');
    await until('a new code', () => stage.codes.length === 2);
    expect(stage.at).toEqual({ at: 'burnt', opener: true });
    expect(stage.texts).toContainEqual({ t: 'remove', member: 3 });
    expect(stage.codes[1]?.number).not.toBe(stage.codes[0]?.number);
    expect(stage.codes[1]?.secret).not.toBe(stage.codes[0]?.secret);
    const host = stage.host(4);
    host.trustCode(stage.codes[1]?.number ?? '', stage.codes[1]?.secret ?? '');
    stage.hostArrives(4);
    await until('the question', () => host.control.length > 0);
  });

  it('burns the code too when the guesser runs away in mid-handshake', async () => {
    const stage = new Stage(openStart).start();
    await until('a code', () => stage.codes.length === 1);
    const guesser = stage.host(3);
    guesser.trustCode('482', '000000');
    const confirmed = (): boolean => stage.wire.some((bytes) => bytes[0] === 1 && bytes[4] === 0x12);
    stage.hostArrives(3);
    await until('our confirmation', confirmed);
    stage.hostLeaves(3, true);
    await until('a new code', () => stage.codes.length === 2);
  });

  it('turns away who knows nothing, without burning the code', async () => {
    const stage = new Stage(openStart).start();
    await until('a code', () => stage.codes.length === 1);
    stage.host(3);
    stage.hostArrives(3);
    await until('removed', () => stage.texts.some((message) => message['t'] === 'remove'));
    await settle();
    expect(stage.codes).toHaveLength(1);
    expect(stage.at?.at).toBe('waiting');
  });

  it('replaces a code that lapses, and one that is no longer wanted', async () => {
    const stage = new Stage(openStart).start();
    await until('a code', () => stage.codes.length === 1);
    stage.announce({ t: 'expired' });
    await until('the next', () => stage.codes.length === 2);
    stage.session.newCode(stage.now);
    await until('the one after', () => stage.codes.length === 3);
    expect(new Set(stage.codes.map((code) => code.secret)).size).toBeGreaterThan(1);
  });

  it('shows the same code after a reload', async () => {
    const stage = new Stage(openStart).start();
    await until('a code', () => stage.codes.length === 1);
    stage.now += 60 * second;
    stage.reload();
    await until('the code again', () => stage.codes.length === 2);
    expect(stage.codes[1]).toEqual({ ...stage.codes[0], seconds: 540 });
  });
});
