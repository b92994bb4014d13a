import { describe, expect, it } from 'vitest';
import type { WayCandidate, WayDescription } from '../../../src/core/link/description.ts';
import { LinkWord, readLink, writeLink } from '../../../src/core/link/link-message.ts';
import type { WayOutput } from '../../../src/core/session/session-link.ts';
import { linkStart, settle, Stage, until, type HostDouble } from './stage.ts';

const own = { ufrag: 'abcd', pwd: '0123456789abcdefghijkl', fingerprint: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8', setup: 'active' } as const;
const offer = (way: number, more: object = {}): object => ({ t: 'direct', way, ...own, setup: 'actpass', ...more });
const candidate = (way: number): object => ({ t: 'candidate', way, candidate: 'candidate:1 1 udp 2130706431 192.0.2.7 54321 typ host' });
const desktop = { t: 'desktop', name: 'Front desk', width: 8, height: 8, shows: 0, monitors: [] };

class Ways implements WayOutput {
  readonly described: WayDescription[] = [];
  readonly candidates: WayCandidate[] = [];
  readonly sent: Uint8Array[] = [];
  readonly over: number[] = [];
  open = true;

  describe(description: WayDescription): void { this.described.push(description); }
  candidate(said: WayCandidate): void { this.candidates.push(said); }
  ended(way: number): void { this.over.push(way); }

  send(_: number, message: Uint8Array): boolean {
    if (this.open) this.sent.push(message.slice());
    return this.open;
  }
}

async function live(): Promise<{ stage: Stage; host: HostDouble; ways: Ways }> {
  const stage = new Stage(linkStart);
  const ways = new Ways();
  Object.assign(stage, { ways });
  const host = stage.host();
  host.trustLink();
  stage.start();
  await until('the question', () => host.control.length > 0);
  host.grant();
  host.say(desktop);
  await until('live', () => stage.at?.at === 'live' && stage.desktops.length === 1);
  host.control.length = 0;
  return { stage, host, ways };
}

/** Both directions have moved over. */
async function direct(): Promise<{ stage: Stage; host: HostDouble; ways: Ways }> {
  const all = await live();
  const { stage, host, ways } = all;
  host.say(offer(1));
  await until('the offer', () => ways.described.length === 1);
  stage.session.wayOpened(stage.now, 1);
  stage.session.wayMessage(stage.now, 1, writeLink({ word: LinkWord.heard, way: 1, count: 0 }));
  stage.toViewer(1, writeLink({ word: LinkWord.over, way: 1, count: 0 }));
  ways.sent.length = 0;
  return all;
}

describe('a direct way', () => {
  it('is described, answered and tried at the addresses of both', async () => {
    const { stage, host, ways } = await live();
    host.say(offer(1, { pacing: 20 }));
    host.say(candidate(1));
    await until('the candidate', () => ways.candidates.length === 1);
    expect(ways.described).toEqual([{ way: 1, ...own, setup: 'actpass', pacing: 20 }]);
    stage.session.wayDescribed(stage.now, { way: 1, ...own });
    stage.session.wayCandidate(stage.now, { way: 1, candidate: 'candidate:2' });
    await until('the answer', () => host.control.length === 2);
    expect(host.control).toEqual([{ t: 'direct', way: 1, ...own }, { t: 'candidate', way: 1, candidate: 'candidate:2' }]);
  });

  it('takes what is typed, and the relay takes what it lost', async () => {
    const { stage, host, ways } = await direct();
    stage.session.input(stage.now, { t: 'key', down: true, keysym: 0x61, usage: 4 });
    await until('the key left', () => ways.sent.length === 1);
    expect(host.input).toEqual([]);
    stage.session.wayFailed(stage.now, 1, 'It is told so.');
    await settle();
    expect(ways.over).toEqual([]);
    stage.toViewer(1, writeLink({ word: LinkWord.back, way: 1, count: 0 }));
    await until('the key came', () => host.input.length === 1);
    expect(host.input).toEqual(['0301000000610004']);
    expect(ways.over).toEqual([1]);
  });

  it('counts as the path that the page shows', async () => {
    const { stage } = await direct();
    await stage.advance(500_000);
    expect(stage.healths.at(-1)?.path).toBe('direct');
  });

  it('that is silent is given up by itself', async () => {
    const { stage, ways } = await direct();
    await stage.advance(1_600_000);
    expect(stage.healths.at(-1)?.path).toBe('relay');
    expect(ways.sent.map((message) => readLink(message).word)).toContain(LinkWord.heard);
  });

  it('is over when the relay breaks, and when the session ends', async () => {
    const one = await direct();
    one.stage.cut();
    expect(one.ways.over).toEqual([1]);
    const two = await direct();
    two.stage.session.leave(two.stage.now);
    await two.stage.advance(1_000_000);
    expect(two.ways.over).toEqual([1]);
  });

  it('of a session whose records no longer open is not answered for, and the next one has ways again', async () => {
    const { stage, host, ways } = await direct();
    const garbage = new Uint8Array(64);
    garbage[0] = 0x20;
    stage.toViewer(1, garbage);
    await until('the break', () => stage.at?.at === 'reconnecting');
    host.deaf = true;
    await stage.advance(1_100_000);
    const wire = stage.wire.length;
    stage.toViewer(1, writeLink({ word: LinkWord.back, way: 1, count: 0 }));
    await settle();
    expect(ways.over).toEqual([1]);
    // Of the viewer's own frames, which begin with how many receive them.
    expect(stage.wire.slice(wire).filter((bytes) => bytes[1] === 1 && bytes[4] === 0x22)).toEqual([]);
    host.deaf = false;
    await stage.advance(20_000_000);
    await until('secured again', () => host.secured >= 2);
    host.grant();
    host.say(desktop);
    host.say(offer(2));
    await until('the second', () => ways.described.length === 2);
  });

  it('that is over is not begun again', async () => {
    const { stage, host, ways } = await direct();
    stage.session.wayFailed(stage.now, 1, 'It is told so.');
    stage.toViewer(1, writeLink({ word: LinkWord.back, way: 1, count: 0 }));
    host.say(offer(1));
    host.say(candidate(1));
    host.say(offer(2));
    await until('the second', () => ways.described.length === 2);
    expect(ways.described.map((d) => d.way)).toEqual([1, 2]);
    expect(stage.at?.at).toBe('live');
  });

  it.each<[string, (host: HostDouble) => void]>([
    ['a second beside it', (host) => host.say(offer(2))],
    ['another fingerprint', (host) => host.say(offer(1, { fingerprint: `B${own.fingerprint.slice(1)}` }))],
    ['a candidate of a way that nobody began', (host) => host.say(candidate(2))],
    ['candidates without end', (host) => { for (let i = 0; i < 97; i++) host.say(candidate(1)); }],
    ['a name that would be another line', (host) => host.say(offer(1, { ufrag: 'abcd\r\na=x' }))],
  ])('ends the session with %s', async (_, hurt) => {
    const { stage, host } = await direct();
    hurt(host);
    await until('the end', () => stage.at?.at === 'ended');
    expect(stage.at).toMatchObject({ at: 'ended', reason: 'protocol' });
  });

  it('ends the session when it brings what is no part of a link', async () => {
    const { stage } = await direct();
    stage.session.wayMessage(stage.now, 1, Uint8Array.of(0x10, 1, 2, 3));
    await until('the end', () => stage.at?.at === 'ended');
    expect(stage.at).toMatchObject({ reason: 'protocol' });
  });
});
