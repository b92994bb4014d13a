import { describe, expect, it } from 'vitest';
import { all, desktop, linkStart, live, settle, Stage, streamKey, text, until } from './stage.ts';

describe('a hostile host', () => {
  it.each([
    ['not JSON', 0, text('{')], ['a cursor out of bounds', 3, Uint8Array.of(1, 9, 0, 9, 0, 0, 0, 0, 0)],
    ['a clipboard that is not text', 4, Uint8Array.of(1, 0, 0xc3)], ['a desktop too large', 0, text(JSON.stringify({ ...desktop, width: 16384, height: 16384 }))],
    ['a short key', 0, text('{"t":"stream","stream":1,"epoch":0,"secret":"AAEC","counter":0}')],
  ])('ends the session with a reason: %s', async (_, channel, bytes) => {
    const { stage, host } = await live();
    host.send(channel, bytes);
    await until('ended', () => stage.at?.at === 'ended');
    expect(stage.at).toMatchObject({ reason: 'protocol' });
    expect((stage.at as { text: string }).text.length).toBeGreaterThan(10);
  });

  it('ends on a stream record that was changed underway', async () => {
    const { stage, host } = await live();
    host.stream(1, 0, streamKey.map((b) => b ^ 1), 0, text('x'));
    await until('ended', () => stage.at?.at === 'ended');
    expect(stage.updates).toEqual([]);
  });

  it('is heard by nobody before a grant', async () => {
    const stage = new Stage(linkStart);
    const host = stage.host();
    host.trustLink();
    stage.start();
    await until('the question', () => host.control.length > 0);
    host.send(5, text('picture'));
    host.send(4, Uint8Array.of(1, 0, 0x68));
    await settle();
    expect([stage.updates, stage.clipboards]).toEqual([[], []]);
  });

  it('ignores payloads of members that are not the host', async () => {
    const { stage } = await live();
    for (const kind of [0x10, 0x11, 0x13, 0x14, 0x20, 0x21, 0xff]) stage.toViewer(2, Uint8Array.of(kind, 1, 2, 3));
    await settle();
    expect(stage.at?.at).toBe('live');
  });

  it('cannot make the viewer hold input without end: what does not fit becomes a release', async () => {
    const { stage, host } = await live();
    stage.holdCredit = true;
    stage.session.sendClipboard(stage.now, 0, 'x'.repeat(2_000_000));
    await settle();
    for (let i = 0; i < 50_000; i++) stage.session.input(stage.now, { t: 'key', down: i % 2 === 0, keysym: 0x61, usage: 4 });
    stage.session.sendClipboard(stage.now, 0, 'y'.repeat(4_000_000));
    expect(stage.notices).toEqual([]);
    await settle();
    stage.session.sendClipboard(stage.now, 0, 'more');
    expect(stage.notices).toEqual(['clipboard-busy']);
    stage.holdCredit = false;
    stage.giveCredit();
    await until('the clipboard', () => host.clipboard.length === 2);
    await until('input', () => host.input.length > 0);
    await settle();
    expect(host.input[0]).toBe('04');
    expect(host.input.length).toBeLessThanOrEqual(257);
  });

  it('gets no clipboard over 4 MiB from us', async () => {
    const { stage, host } = await live();
    stage.session.sendClipboard(stage.now, 0, 'x'.repeat(5 * 1024 * 1024));
    await settle();
    expect(stage.notices).toEqual(['clipboard-too-big']);
    expect(host.clipboard).toEqual([]);
  });

  it('is not believed when it grants and takes in one breath', async () => {
    const { stage, host } = await live();
    host.grant({ ...all, view: false });
    await until('ended', () => stage.at?.at === 'ended');
    stage.session.input(stage.now, { t: 'release' });
    await settle();
    expect(host.input).toEqual([]);
  });
});
