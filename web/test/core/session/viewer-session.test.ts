import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src/core/wire/reader.ts';
import { ask, codeStart, desktop, linkStart, live, room, settle, Stage, streamKey, text, until } from './stage.ts';

const second = 1_000_000;

describe('a session from the link to the picture', () => {
  it('asks, waits, and is live with what the host grants', async () => {
    const stage = new Stage(linkStart);
    const host = stage.host();
    host.trustLink();
    stage.start();
    await until('the question', () => host.control.length > 0);
    expect(host.control).toEqual([{ t: 'ask', ...ask }]);
    host.say({ t: 'asking' });
    await until('asking', () => stage.at?.at === 'asking');
    host.say({ t: 'grant', view: true, control: false, clipboard: false });
    host.say(desktop);
    await until('desktop', () => stage.desktops.length === 1);
    expect(stage.ats).toEqual(['connecting', 'securing', 'asking', 'live']);
    expect(stage.at).toMatchObject({ grant: { view: true, control: false, clipboard: false } });
    expect((stage.at as { checkDigits: string }).checkDigits).toMatch(/^[0-9]{3} ?[0-9]{3}$/);
    expect(stage.desktops[0]?.name).toBe('Front desk');
  });

  it('keeps snapshot, key and stream records in order although they are decrypted side by side', async () => {
    const { stage, host } = await live();
    const next = new Uint8Array(32).fill(6);
    host.send(5, text('snapshot'));
    for (let i = 0; i < 20; i++) host.stream(1, 0, streamKey, i, text(`a${i}`));
    host.streamKey(1, 1, next, 0);
    for (let i = 0; i < 20; i++) host.stream(1, 1, next, i, text(`b${i}`));
    host.send(5, text('difference'));
    host.streamKey(2, 0, streamKey, 40);
    host.stream(1, 1, next, 20, text('of the old stream'));
    host.stream(2, 0, streamKey, 40, text('c'));
    await until('the last update', () => stage.updates.at(-1) === 'c');
    expect(stage.updates).toEqual([
      'snapshot', ...Array.from({ length: 20 }, (_, i) => `a${i}`), ...Array.from({ length: 20 }, (_, i) => `b${i}`), 'difference', 'c',
    ]);
  });

  it('acknowledges what was painted', async () => {
    const { stage, host } = await live();
    stage.session.painted(stage.now, 7, 1500);
    stage.session.painted(stage.now, 8, 900);
    await until('acknowledgements', () => host.painted.length === 2);
    expect(host.painted).toEqual([7, 8]);
  });

  it('sends input, text and clipboard, and takes cursor and clipboard', async () => {
    const { stage, host } = await live();
    const { session, now } = stage;
    session.input(now, { t: 'pointer', x: 300, y: 2, buttons: 1 });
    session.input(now, { t: 'key', down: true, keysym: 0x61, usage: 4 });
    session.input(now, { t: 'text', text: 'ж' });
    session.sendClipboard(now, 0, 'to\r\nthe host');
    host.send(3, Uint8Array.of(2, 0, 9, 0, 8));
    host.send(4, Uint8Array.of(1, 0, 0x68, 0x69));
    await until('all', () => host.input.length === 3 && host.clipboard.length === 1 && stage.clipboards.length === 1);
    expect(host.input).toEqual(['01012c00020001', '0301000000610004', '05d0b6']);
    expect(host.clipboard).toEqual(['to\nthe host']);
    expect(stage.cursors).toEqual([{ t: 'position', x: 9, y: 8 }]);
    expect(stage.clipboards).toEqual(['hi']);
  });

  it('sends nothing that was not granted, and shows no text that was not', async () => {
    const { stage, host } = await live();
    host.grant({ view: true, control: false, clipboard: false });
    await until('narrowed', () => stage.at?.at === 'live' && !stage.at.grant.control);
    stage.session.input(stage.now, { t: 'key', down: true, keysym: 0x61, usage: 4 });
    stage.session.sendClipboard(stage.now, 0, 'x');
    host.send(4, Uint8Array.of(1, 0, 0x68));
    await settle();
    expect([host.input, host.clipboard, stage.clipboards]).toEqual([[], [], []]);
  });

  it('asks for more, gives back, chooses a monitor', async () => {
    const { stage, host } = await live();
    host.control.length = 0;
    stage.session.askFor(stage.now, { ...ask, clipboard: false });
    stage.session.narrow(stage.now, { control: false });
    stage.session.monitor(stage.now, 1);
    await until('three', () => host.control.length === 3);
    expect(host.control).toEqual([{ t: 'ask', ...ask, clipboard: false }, { t: 'narrow', control: false }, { t: 'monitor', id: 1 }]);
  });

  it('says that the display is lost, and that it is back', async () => {
    const { stage, host } = await live();
    host.say({ t: 'lost', text: 'The display went away.' });
    await until('lost', () => stage.at?.at === 'lost');
    host.say(desktop);
    await until('back', () => stage.at?.at === 'live');
  });

  it('measures the round trip and reports twice a second', async () => {
    const { stage } = await live();
    await stage.advance(2 * second);
    expect(stage.healths.length).toBeGreaterThanOrEqual(3);
    expect(stage.healths.at(-1)?.roundTrip).toBeTypeOf('number');
  });

  it('leaves with a word', async () => {
    const { stage, host } = await live();
    host.control.length = 0;
    stage.session.leave(stage.now);
    expect(stage.at).toEqual({ at: 'ended', reason: 'left' });
    await until('bye', () => host.control.length > 0);
    expect(host.control).toEqual([{ t: 'bye', reason: 'left' }]);
    expect(stage.tickets.at(-1)).toBeUndefined();
    await stage.advance(2 * second);
    expect(stage.session.deadline).toBeUndefined();
  });

  it('never lets the server see the digits', async () => {
    const stage = new Stage(codeStart('190573'));
    const host = stage.host();
    host.trustCode('482', '190573');
    stage.start();
    await until('the question', () => host.control.length > 0);
    host.grant();
    await until('live', () => stage.at?.at === 'live');
    expect(stage.wire.length).toBeGreaterThan(5);
    expect(stage.wire.some((bytes) => bytes.includes('190573'))).toBe(false);
  });
});

describe('endings', () => {
  it.each([
    [{ t: 'bye', reason: 'stopped' }, { reason: 'stopped' }], [{ t: 'bye', reason: 'closed' }, { reason: 'closed' }],
    [{ t: 'bye', reason: 'left' }, { reason: 'closed' }], [{ t: 'bye', reason: 'too-slow' }, { reason: 'too-slow' }],
    [{ t: 'bye', reason: 'idle' }, { reason: 'idle' }], [{ t: 'bye', reason: 'protocol' }, { reason: 'protocol' }],
    [{ t: 'grant', view: false, control: false, clipboard: false }, { reason: 'stopped' }],
  ])('%j', async (message, state) => {
    const { stage, host } = await live();
    host.say(message);
    await until('ended', () => stage.at?.at === 'ended');
    expect(stage.at).toMatchObject(state);
    expect(stage.tickets.at(-1)).toBeUndefined();
  });

  it('ends, and says why, when a picture cannot be shown, whosever fault that is', async () => {
    for (const error of [new ProtocolError('An update was malformed.'), new RangeError('Array buffer allocation failed'), 'a thing that is no error']) {
      const { stage } = await live();
      stage.session.fail(stage.now, error);
      expect(stage.at).toEqual({ at: 'ended', reason: 'protocol', text: error instanceof Error ? error.message : error });
    }
  });

  it('is refused by the person', async () => {
    const stage = new Stage(linkStart);
    const host = stage.host();
    host.trustLink();
    stage.start();
    await until('the question', () => host.control.length > 0);
    host.say({ t: 'grant', view: false, control: false, clipboard: false });
    await until('refused', () => stage.at?.at === 'refused');
    expect(stage.session.deadline).toBeUndefined();
  });

  it('says at once that the host is gone for good', async () => {
    const { stage } = await live();
    stage.hostLeaves(1, true);
    expect(stage.at).toMatchObject({ at: 'ended', reason: 'host-gone' });
  });

  it('burns the code that was typed wrongly, and has told nothing else', async () => {
    const stage = new Stage(codeStart('190574'));
    const host = stage.host();
    host.trustCode('482', '190573');
    stage.start();
    await until('burnt', () => stage.at?.at === 'burnt');
    expect(stage.at).toEqual({ at: 'burnt', opener: false });
    expect(host.attempts).toEqual(['1/482']);
    expect(host.control).toEqual([]);
  });

  it('says that a code is not known to the host, or a link', async () => {
    const stage = new Stage(codeStart('190573'));
    stage.host();
    stage.start();
    await until('burnt', () => stage.at?.at === 'burnt');
    const link = new Stage(linkStart);
    link.host();
    link.start();
    await until('ended', () => link.at?.at === 'ended');
    expect(link.at).toMatchObject({ reason: 'no-room' });
  });

  it('ends with words when the room does not exist', async () => {
    const stage = new Stage(codeStart('190573'));
    stage.start();
    await until('waiting', () => stage.at?.at === 'waiting');
    stage.cut(4404);
    expect(stage.at).toMatchObject({ at: 'ended', reason: 'no-room' });
  });
});

describe('breaks', () => {
  it('comes back after its own break without a new question', async () => {
    const { stage, host } = await live();
    const digits = (stage.at as { checkDigits: string }).checkDigits;
    host.control.length = 0;
    stage.cut();
    expect(stage.at).toEqual({ at: 'reconnecting', side: 'server' });
    stage.session.input(stage.now, { t: 'key', down: true, keysym: 0x61, usage: 4 });
    await stage.advance(second / 10);
    await until('a second handshake', () => host.secured === 2);
    host.grant();
    host.say(desktop);
    host.send(5, text('whole'));
    host.streamKey(3, 0, streamKey, 0);
    host.stream(3, 0, streamKey, 0, text('again'));
    await until('live', () => stage.at?.at === 'live' && stage.updates.at(-1) === 'again');
    expect(stage.texts.at(-1)).toMatchObject({ t: 'rejoin', room, member: 7 });
    expect(host.attempts.at(-1)).toMatch(/^3\//);
    expect(host.control).toEqual([]);
    expect(host.input).toEqual([]);
    expect((stage.at as { checkDigits: string }).checkDigits).toMatch(/^[0-9]{3} ?[0-9]{3}$/);
    expect(digits).not.toBe('');
  });

  it('comes back after twenty seconds without a server', async () => {
    const { stage, host } = await live();
    stage.serverUp = false;
    stage.cut();
    await stage.advance(20 * second);
    expect(stage.at?.at).toBe('reconnecting');
    stage.serverUp = true;
    await stage.advance(2 * second);
    await until('a second handshake', () => host.secured === 2);
    host.grant();
    await until('live', () => stage.at?.at === 'live');
  });

  it('comes back when the host was away', async () => {
    const { stage, host } = await live();
    stage.hostLeaves(1, false);
    expect(stage.at).toEqual({ at: 'reconnecting', side: 'theirs' });
    host.restart();
    await stage.advance(5 * second);
    stage.hostArrives(1);
    await until('a second handshake', () => host.secured === 2);
    host.grant();
    await until('live', () => stage.at?.at === 'live');
  });

  it('comes back when the host came back without our hearing that it left', async () => {
    const { stage, host } = await live();
    host.restart();
    stage.hostArrives(1);
    await until('a second handshake', () => host.secured === 2);
    host.grant();
    await until('live', () => stage.at?.at === 'live');
  });

  it('takes a new road when nothing answers, although nothing was told', async () => {
    const { stage, host } = await live();
    host.deaf = true;
    await stage.advance(9 * second);
    expect(stage.at?.at).toBe('reconnecting');
    expect(stage.texts.filter((message) => message['t'] === 'rejoin').length).toBeGreaterThanOrEqual(1);
    host.deaf = false;
    host.restart();
    await stage.advance(30 * second);
    await until('another handshake', () => host.secured === 2);
    host.grant();
    await until('live', () => stage.at?.at === 'live');
  });

  it('takes a new road a second after it woke when the host has given it up, whatever was sent to it meanwhile', async () => {
    const { stage, host } = await live();
    host.deaf = true;
    stage.now += 25 * second;
    // What lay at the socket comes before any timer, the answer to what was asked before the sleep among it.
    for (let n = 1; n <= 50; n++) host.say({ t: 'pong', n: 1 });
    stage.session.tick(stage.now);
    await settle();
    await stage.advance(0.9 * second);
    host.say({ t: 'notice', code: 'late', text: 'It was on its way.' });
    await settle();
    expect(stage.at?.at).toBe('live');
    await stage.advance(0.3 * second);
    expect(stage.at?.at).toBe('reconnecting');
    expect(stage.texts.filter((message) => message['t'] === 'rejoin').length).toBe(1);
  });

  it('stays on its road when that still answers after a sleep', async () => {
    const { stage, host } = await live();
    stage.now += 25 * second;
    stage.session.tick(stage.now);
    await settle();
    await stage.advance(3 * second);
    expect(stage.at?.at).toBe('live');
    expect(stage.texts.some((message) => message['t'] === 'rejoin')).toBe(false);
  });

  it('begins the picture anew when a decoder of the platform gave up, with the codecs that are left, but not for ever', async () => {
    const { stage, host } = await live();
    for (let time = 1; time <= 5; time++) {
      stage.session.pictureLost(stage.now, 'its hardware was taken away');
      expect(stage.at?.at).toBe('reconnecting');
      await stage.advance(2 * second);
      await until('another handshake', () => host.secured === time + 1);
      host.grant();
      await until('live', () => stage.at?.at === 'live');
    }
    stage.session.pictureLost(stage.now, 'its hardware was taken away');
    expect(stage.at).toMatchObject({ at: 'ended', text: 'its hardware was taken away' });
  });

  it('gives up when the host has forgotten: a code does not open twice', async () => {
    const stage = new Stage(codeStart('190573'));
    const host = stage.host();
    host.trustCode('482', '190573');
    stage.start();
    await until('the question', () => host.control.length > 0);
    host.grant();
    await until('live', () => stage.at?.at === 'live');
    host.restart();
    host.book.clear();
    stage.hostLeaves(1, false);
    stage.hostArrives(1);
    await until('ended', () => stage.at?.at === 'ended');
    expect(stage.at).toMatchObject({ reason: 'host-gone' });
  });

  it('asks again by link when the host has forgotten', async () => {
    const { stage, host } = await live();
    host.control.length = 0;
    host.restart();
    host.book.clear();
    host.trustLink();
    stage.hostLeaves(1, false);
    stage.hostArrives(1);
    await until('the question', () => host.control.length > 0);
    expect(host.control).toEqual([{ t: 'ask', ...ask }]);
  });

  it('gives up two minutes after the server went', async () => {
    const { stage } = await live();
    stage.serverUp = false;
    stage.cut();
    await stage.advance(125 * second);
    expect(stage.at).toMatchObject({ at: 'ended', reason: 'unreachable' });
  });

  it('comes back after a reload of the page, and nobody is asked', async () => {
    const { stage, host } = await live();
    host.control.length = 0;
    stage.reload();
    await until('a second handshake', () => host.secured === 2);
    expect(host.attempts.at(-1)).toMatch(/^3\//);
    host.grant();
    await until('live', () => stage.at?.at === 'live');
    expect(stage.texts.at(-1)).toMatchObject({ t: 'rejoin' });
  });
});
