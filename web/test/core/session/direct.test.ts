import { describe, expect, it } from 'vitest';
import type { WayCandidate, WayDescription } from '../../../src/core/link/description.ts';
import { LinkKind, LinkWord, readLink, writeLink } from '../../../src/core/link/link-message.ts';
import type { WayOutput } from '../../../src/core/session/session-link.ts';
import { live, settle, until, type HostDouble, type Stage } from './stage.ts';

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
    if (!this.open) return false;
    this.sent.push(message.slice());
    this.carry(message);
    return true;
  }

  /** Payloads that have come whole to the host. */
  received = 0;
  private carries: { readonly stage: Stage; readonly host: HostDouble } | undefined;
  private parts: Uint8Array[] = [];

  /** From now on it leads to the host and back. */
  lead(stage: Stage, host: HostDouble): void {
    this.carries = { stage, host };
    const relayed = stage.toViewer.bind(stage);
    stage.toViewer = (from, payload) => {
      if (this.carries === undefined) relayed(from, payload);
      else stage.session.wayMessage(stage.now, 1, payload);
    };
  }

  /** What leaves from now on is lost. */
  lose(): void {
    this.carries = undefined;
  }

  private carry(message: Uint8Array): void {
    if (this.carries === undefined || message[0] === LinkKind.word) return;
    const { stage, host } = this.carries;
    const isPart = message[0] === LinkKind.part || message[0] === LinkKind.lastPart;
    this.parts.push(message.slice(isPart ? 1 : 0));
    if (message[0] === LinkKind.part) return;
    const payload = new Uint8Array(Buffer.concat(this.parts));
    this.parts = [];
    this.received++;
    void host.peer.handle(stage.now, payload);
  }
}

/** Time passes, and the way lives: signs of life and counts come over it. */
async function alive(stage: Stage, ways: Ways, time: number): Promise<void> {
  for (const end = stage.now + time; stage.now < end;) {
    for (let i = 0; i < 5; i++) {
      stage.now += 400_000;
      stage.session.wayMessage(stage.now, 1, writeLink({ word: LinkWord.heard, way: 1, count: ways.received }));
      stage.session.tick(stage.now);
    }
    await settle();
    // What the host says now comes behind its answers to pings, so that these are here before the next is due, however long the ciphers take.
    const notices = stage.notices.length;
    stage.hosts.get(1)?.say({ t: 'notice', code: 'alive', text: '' });
    await until('what the host says', () => stage.notices.length > notices);
  }
}

async function liveWithWays(): Promise<{ stage: Stage; host: HostDouble; ways: Ways }> {
  const ways = new Ways();
  const { stage, host } = await live({ ways });
  host.control.length = 0;
  return { stage, host, ways };
}

/** Both directions have moved over. */
async function direct(): Promise<{ stage: Stage; host: HostDouble; ways: Ways }> {
  const all = await liveWithWays();
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
    const { stage, host, ways } = await liveWithWays();
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

  it('is over when the session ends', async () => {
    const { stage, ways } = await direct();
    stage.session.leave(stage.now);
    await stage.advance(1_000_000);
    expect(ways.over).toEqual([1]);
  });

  it('that had not taken both directions is over when the relay breaks', async () => {
    const { stage, host, ways } = await liveWithWays();
    host.say(offer(1));
    await until('the offer', () => ways.described.length === 1);
    stage.session.wayOpened(stage.now, 1);
    stage.cut();
    expect(ways.over).toEqual([1]);
    expect(stage.at).toMatchObject({ at: 'reconnecting' });
  });

  it('outlives the relay unnoticed, and can fall back on it when it is there again', async () => {
    const { stage, host, ways } = await direct();
    ways.lead(stage, host);
    const states = stage.states.length;
    const key = (keysym: number): void => stage.session.input(stage.now, { t: 'key', down: true, keysym, usage: 4 });
    stage.serverUp = false;
    stage.cut();
    await alive(stage, ways, 20_000_000);
    key(0x61);
    await until('the key came', () => host.input.length === 1);
    stage.serverUp = true;
    await alive(stage, ways, 4_000_000);
    await until('in the room', () => stage.texts.some((text) => text['t'] === 'rejoin'));
    await alive(stage, ways, 2_000_000);
    expect([stage.states.length, host.secured, ways.over]).toEqual([states, 1, []]);
    ways.lose();
    const sent = ways.sent.length;
    key(0x62);
    await until('the key left', () => ways.sent.length > sent);
    stage.session.wayFailed(stage.now, 1, 'It is told so.');
    stage.toViewer(1, writeLink({ word: LinkWord.back, way: 1, count: ways.received }));
    await until('the key came by the relay', () => host.input.length === 2);
    expect([stage.states.length, host.secured, ways.over]).toEqual([states, 1, [1]]);
  });

  it.each([['arrives', false], ['leaves and arrives', true]])('outlives a host that %s', async (_, leaves) => {
    const { stage, host, ways } = await direct();
    ways.lead(stage, host);
    const states = stage.states.length;
    if (leaves) {
      stage.hostLeaves(1, false);
      await alive(stage, ways, 4_000_000);
    }
    stage.hostArrives(1);
    await alive(stage, ways, 4_000_000);
    expect([stage.states.length, host.secured, ways.over]).toEqual([states, 1, []]);
  });

  it('that dies while the host is away waits for the host, and takes no other socket', async () => {
    const { stage, host, ways } = await direct();
    ways.lead(stage, host);
    stage.hostLeaves(1, false);
    await alive(stage, ways, 2_000_000);
    expect(stage.at?.at).toBe('live');
    ways.lose();
    stage.session.wayFailed(stage.now, 1, 'It is told so.');
    await stage.advance(1);
    expect(stage.at).toMatchObject({ at: 'reconnecting', side: 'theirs' });
    stage.hostArrives(1);
    await until('secured again', () => host.secured === 2);
    expect(stage.texts.filter((text) => text['t'] === 'rejoin')).toEqual([]);
  });

  it('is resumed over the relay when it dies alone', async () => {
    const { stage, host, ways } = await direct();
    ways.lead(stage, host);
    stage.serverUp = false;
    stage.cut();
    await alive(stage, ways, 4_000_000);
    expect(stage.at?.at).toBe('live');
    ways.lose();
    stage.session.wayFailed(stage.now, 1, 'It is told so.');
    await stage.advance(1);
    expect(stage.at).toMatchObject({ at: 'reconnecting', side: 'server' });
    expect(ways.over).toEqual([1]);
    stage.serverUp = true;
    await stage.advance(3_000_000);
    await until('secured again', () => host.secured === 2);
  });

  it('without a relay that comes back is the whole session, and then the reason is said', async () => {
    const { stage, host, ways } = await direct();
    ways.lead(stage, host);
    stage.serverUp = false;
    stage.cut();
    await alive(stage, ways, 140_000_000);
    expect(stage.at?.at).toBe('live');
    stage.session.wayFailed(stage.now, 1, 'It is told so.');
    await stage.advance(110_000_000);
    expect(stage.at?.at).toBe('reconnecting');
    await stage.advance(20_000_000);
    expect(stage.at).toMatchObject({ at: 'ended', reason: 'unreachable' });
  });

  it('goes on when the room has lapsed, and ends with its way', async () => {
    const { stage, host, ways } = await direct();
    ways.lead(stage, host);
    stage.cut(4404);
    await alive(stage, ways, 10_000_000);
    expect(stage.at?.at).toBe('live');
    stage.session.wayFailed(stage.now, 1, 'It is told so.');
    await stage.advance(1);
    expect(stage.at).toMatchObject({ at: 'ended', reason: 'no-room' });
  });

  it.each([[4409, 'replaced'], [4410, 'closed'], [4411, 'removed']])('ends with the session when somebody ends that: %i', async (code, reason) => {
    const { stage, ways } = await direct();
    stage.cut(code);
    expect(stage.at).toMatchObject({ at: 'ended', reason });
    expect(ways.over).toEqual([1]);
  });

  it('that nobody answers for is not waited for', async () => {
    const { stage, host } = await direct();
    stage.session.wayFailed(stage.now, 1, 'It is told so.');
    await stage.advance(1_900_000);
    expect(stage.at?.at).toBe('live');
    await stage.advance(200_000);
    await until('secured again', () => host.secured === 2);
  });

  it('that is full while the relay is away loses nothing of what waits', async () => {
    const { stage, host, ways } = await direct();
    ways.lead(stage, host);
    stage.serverUp = false;
    stage.cut();
    stage.session.sendClipboard(stage.now, 0, 'x'.repeat(1_200_000));
    await settle();
    for (let i = 0; i < 20; i++) stage.session.input(stage.now, { t: 'key', down: true, keysym: 0x61 + i, usage: 4 });
    await alive(stage, ways, 4_000_000);
    await until('all came', () => host.input.length === 20 && host.clipboard.length === 1);
    expect(host.clipboard[0]).toHaveLength(1_200_000);
    expect(stage.at?.at).toBe('live');
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
