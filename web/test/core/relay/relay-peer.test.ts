import { describe, expect, it } from 'vitest';
import { RelayPeer, type Entrance, type RelayOutput } from '../../../src/core/relay/relay-peer.ts';
import { readFrame, writeFrame } from '../../../src/core/relay/frames.ts';
import { readSignal } from '../../../src/core/relay/signals.ts';
import { ProtocolError } from '../../../src/core/wire/reader.ts';

const room = 'AAAAAAAAAAAAAAAAAAAAAA';
const token = 'BBBBBBBBBBBBBBBBBBBBBB';
const second = 1_000_000;
const window = 131_072;

class Fixture implements RelayOutput {
  goesOnAlone = false;
  readonly log: string[] = [];
  readonly texts: Record<string, unknown>[] = [];
  readonly frames: Uint8Array[] = [];
  readonly payloads: [number, number[]][] = [];
  /** Of each socket that was given up: whether the place was given up with it. */
  readonly leavings: boolean[] = [];
  readonly peer: RelayPeer;
  sockets = 0;
  now = 0;

  constructor(entrance: Entrance = { t: 'join', number: '482' }) {
    this.peer = new RelayPeer(entrance, 'viewer', this);
    this.peer.start(0);
  }

  connect(): void { this.sockets++; this.log.push('connect'); }
  disconnect(leaving: boolean): void {
    this.log.push('disconnect');
    this.leavings.push(leaving);
  }
  sendText(text: string): void { this.texts.push(JSON.parse(text) as Record<string, unknown>); }
  sendBinary(bytes: Uint8Array<ArrayBuffer>): void { this.frames.push(bytes); }
  entered(again: boolean): void { this.log.push(`entered ${again}`); }
  number(number: string | undefined): void { this.log.push(`number ${number}`); }
  arrived(member: { member: number }): void { this.log.push(`arrived ${member.member}`); }
  left(member: { member: number }, gone: boolean): void { this.log.push(`left ${member.member} ${gone}`); }
  payload(from: number, payload: Uint8Array): void { this.payloads.push([from, [...payload]]); }
  credit(): void { this.log.push('credit'); }
  broken(): void { this.log.push('broken'); }
  ended(reason: string): void { this.log.push(`ended ${reason}`); }

  say(message: object): void { this.peer.text(this.now, JSON.stringify(message)); }

  /** Advances virtual time to the machine's own deadlines. */
  advance(to: number): void {
    for (;;) {
      const due = this.peer.deadline;
      if (due === undefined || due > to) break;
      this.now = Math.max(this.now, due);
      this.peer.tick(this.now);
    }
    this.now = to;
  }

  join(): this {
    this.peer.opened(this.now);
    this.say({ t: 'joined', room, member: 2, token, window, members: [{ member: 1, role: 'host', here: true }] });
    return this;
  }
}

describe('a participant of the relay', () => {
  it('joins by number, and knows who is there', () => {
    const { peer, texts, log } = new Fixture().join();
    expect(texts).toEqual([{ t: 'join', v: 1, role: 'viewer', number: '482' }]);
    expect(log).toEqual(['connect', 'entered false']);
    expect(peer.members.get(1)).toEqual({ member: 1, role: 'host', here: true });
    expect(peer.roomPlace).toEqual({ room, member: 2, token });
  });

  it('opens a room and gets a number', () => {
    const f = new Fixture({ t: 'open' });
    f.peer.opened(0);
    f.say({ t: 'opened', room, member: 1, token, number: '517', seconds: 600, window });
    expect(f.texts).toEqual([{ t: 'open', v: 1, role: 'viewer', number: true }]);
    expect(f.log).toEqual(['connect', 'entered false', 'number 517']);
  });

  it('takes its place again after a break, at once, then ever more slowly', () => {
    const f = new Fixture().join();
    f.peer.closed(f.now, 1006);
    expect(f.log.slice(2)).toEqual(['disconnect', 'broken']);
    const at: number[] = [];
    for (let i = 0; i < 6; i++) {
      const due = f.peer.deadline ?? Number.NaN;
      at.push((due - f.now) / 1000);
      f.advance(due);
      f.peer.closed(f.now, 1006);
    }
    expect(at).toEqual([0, 250, 500, 1000, 2000, 2000]);
    f.advance(f.peer.deadline ?? 0);
    f.peer.opened(f.now);
    expect(f.texts.at(-1)).toEqual({ t: 'rejoin', v: 1, room, member: 2, token });
    f.say({ t: 'joined', room, member: 2, token, window, members: [{ member: 1, role: 'host', here: false }] });
    expect(f.log.at(-1)).toBe('entered true');
    expect(f.peer.roomFor(1)).toBe(0);
  });

  it('uses the TURN servers it was told of last, for as long as they are good', () => {
    const f = new Fixture();
    const turn = (username: string): object => ({ urls: ['turn:a.example'], username, credential: 'c', seconds: 100 });
    f.peer.opened(0);
    f.say({ t: 'joined', room, member: 2, token, window, members: [], turn: turn('first') });
    expect(f.peer.turn(0)?.username).toBe('first');
    f.now = 50 * second;
    f.say({ t: 'turn', turn: turn('second') });
    expect(f.peer.turn(100 * second)?.username).toBe('second');
    expect(f.peer.turn(150 * second - 1)?.username).toBe('second');
    expect(f.peer.turn(150 * second)).toBeUndefined();
  });

  it('asks ever more slowly also where it is taken in and thrown out again, until a connection holds', () => {
    const f = new Fixture().join();
    const waits: number[] = [];
    const throwOut = (after: number): void => {
      f.advance(f.now + after);
      f.peer.closed(f.now, 1012);
      const due = f.peer.deadline ?? Number.NaN;
      waits.push((due - f.now) / 1000);
      f.advance(due);
      f.join();
    };
    for (let i = 0; i < 6; i++) throwOut(4 * second);
    throwOut(5 * second);
    expect(waits).toEqual([0, 250, 500, 1000, 2000, 2000, 0]);
  });

  it('does not wait when the network is back', () => {
    const f = new Fixture().join();
    f.peer.closed(0, 1006);
    for (let i = 0; i < 5; i++) { f.advance(f.peer.deadline ?? 0); f.peer.closed(f.now, 1006); }
    const sockets = f.sockets;
    f.peer.wake(f.now);
    expect(f.sockets).toBe(sockets + 1);
  });

  it.each(['connecting', 'entering'])('makes a new try of one that hangs when the network is back: %s', (phase) => {
    const f = new Fixture().join();
    f.peer.closed(0, 1006);
    f.advance(0);
    if (phase === 'entering') f.peer.opened(f.now);
    const sockets = f.sockets;
    f.advance(0.9 * second);
    f.peer.wake(f.now);
    expect(f.sockets).toBe(sockets); // It may be on its way.
    f.advance(1 * second);
    f.peer.wake(f.now);
    f.peer.wake(f.now);
    expect(f.sockets).toBe(sockets + 1);
    expect(f.leavings.at(-1)).toBe(false);
    f.join();
    expect(f.log.at(-1)).toBe('entered true');
  });

  it('gives up two minutes after the break', () => {
    const f = new Fixture().join();
    f.peer.closed(0, 1006);
    while (!f.log.includes('ended unreachable') && f.now < 300 * second) {
      f.advance(f.peer.deadline ?? f.now + second);
      f.peer.closed(f.now, 1006);
    }
    expect(f.log.at(-1)).toBe('ended unreachable');
    expect(f.now).toBeGreaterThanOrEqual(119 * second);
    expect(f.now).toBeLessThan(125 * second);
    expect(f.peer.deadline).toBeUndefined();
  });

  it('keeps its place when it takes a new socket, and gives it up when it leaves', () => {
    const f = new Fixture().join();
    f.peer.suspect(f.now);
    expect(f.leavings).toEqual([false]);
    f.peer.leave(false);
    expect(f.leavings).toEqual([false, true]);
  });

  it('gives up a socket that never opens, and one that never answers', () => {
    const f = new Fixture();
    f.advance(5 * second);
    expect(f.log).toEqual(['connect', 'disconnect', 'connect']);
    f.peer.opened(f.now);
    f.advance(f.now + 10 * second);
    expect(f.log.filter((entry) => entry === 'disconnect')).toHaveLength(2);
  });

  it.each([
    [4400, 'protocol'], [4401, 'no-room'], [4404, 'no-room'], [4405, 'protocol'], [4409, 'replaced'], [4410, 'closed'],
    [4411, 'removed'], [4413, 'protocol'], [4423, 'no-room'], [4430, 'protocol'],
  ])('ends on close code %d as %s', (code, reason) => {
    const f = new Fixture().join();
    f.peer.closed(0, code);
    expect(f.log.at(-1)).toBe(`ended ${reason}`);
    expect(f.peer.deadline).toBeUndefined();
  });

  it('is told to slow down: ends at the door, is patient inside', () => {
    const outside = new Fixture();
    outside.peer.opened(0);
    outside.peer.closed(0, 4429);
    expect(outside.log.at(-1)).toBe('ended slow-down');
    const inside = new Fixture().join();
    inside.peer.closed(0, 4429);
    expect(inside.peer.deadline).toBe(10 * second);
  });

  it('never sends more than the window, and goes on with credit', () => {
    const { peer, frames, log } = new Fixture().join();
    const record = new Uint8Array(65_536);
    expect([peer.send(1, record), peer.send(1, record), peer.send(1, record)]).toEqual([true, true, false]);
    expect(frames).toHaveLength(2);
    peer.binary(Uint8Array.of(2, 0, 1, 0, 0, 0x80, 0));
    expect(log.at(-1)).toBe('credit');
    expect(peer.roomFor(1)).toBe(32_768);
    peer.binary(Uint8Array.of(2, 0, 1, 0xff, 0xff, 0xff, 0xff));
    expect(peer.roomFor(1)).toBe(window);
    expect(peer.send(9, new Uint8Array(1))).toBe(false);
  });

  it('starts a window anew when the receiver comes back', () => {
    const f = new Fixture().join();
    f.peer.send(1, new Uint8Array(65_536));
    f.say({ t: 'left', member: 1, gone: false });
    expect(f.peer.roomFor(1)).toBe(0);
    f.say({ t: 'arrived', member: 1, role: 'host' });
    expect(f.peer.roomFor(1)).toBe(window);
  });

  it('writes and reads frames as the page says', () => {
    expect([...writeFrame(0x0102, Uint8Array.of(7, 8))]).toEqual([1, 1, 1, 2, 7, 8]);
    const f = new Fixture().join();
    f.peer.binary(Uint8Array.of(1, 0, 1, 0x20, 9));
    expect(f.payloads).toEqual([[1, [0x20, 9]]]);
  });

  it.each([
    [Uint8Array.of()], [Uint8Array.of(1)], [Uint8Array.of(1, 0)], [Uint8Array.of(2, 0, 1, 0, 0, 0)], [Uint8Array.of(2, 0, 1, 0, 0, 0, 1, 1)],
    [Uint8Array.of(3, 0, 0)], [new Uint8Array(70_000).fill(1)],
  ])('ends with a reason for a bad frame', (bytes) => {
    expect(() => readFrame(bytes)).toThrow(ProtocolError);
    const f = new Fixture().join();
    f.peer.binary(bytes);
    expect(f.log.at(-1)).toBe('ended protocol');
  });

  it.each([
    'x', '[]', '1', 'null', '{}', '{"t":7}', '{"t":"joined"}', '{"t":"left","member":0,"gone":true}', '{"t":"left","member":70000,"gone":true}',
    '{"t":"left","member":1,"gone":1}', '{"t":"arrived","member":1,"role":"admin"}', '{"t":"number","number":"12","seconds":600}',
    '{"t":"number","number":"123","seconds":-1}', '{"t":"error","code":7,"message":"x"}', '{"t":"error","code":"x","message":"' + 'x'.repeat(5000) + '"}',
    `{"t":"joined","room":"${room}","member":2,"token":"${token}","window":10,"members":[]}`,
    `{"t":"joined","room":"../etc","member":2,"token":"${token}","window":200000,"members":[]}`,
  ])('ends with a reason for a bad message: %s', (text) => {
    expect(() => readSignal(text)).toThrow(ProtocolError);
    const f = new Fixture().join();
    f.peer.text(0, text);
    expect(f.log.at(-1)).toBe('ended protocol');
  });

  it('ignores messages of a newer server, and ends on one out of turn or somebody else\'s place', () => {
    const f = new Fixture().join();
    f.say({ t: 'weather', sunny: true });
    expect(f.log).toEqual(['connect', 'entered false']);
    f.say({ t: 'opened', room, member: 1, token, number: '517', seconds: 600, window });
    expect(f.log.at(-1)).toBe('ended protocol');
    const g = new Fixture({ t: 'rejoin', room, member: 2, token });
    g.peer.opened(0);
    g.say({ t: 'joined', room, member: 3, token, window, members: [] });
    expect(g.log.at(-1)).toBe('ended protocol');
  });

  it('does not keep members without end', () => {
    const f = new Fixture().join();
    for (let member = 3; member < 3000; member++) f.say({ t: 'arrived', member, role: 'viewer' });
    expect(f.peer.members.size).toBeLessThanOrEqual(1000);
    expect(f.log.at(-1)).toBe('ended protocol');
  });

  it('says what the server gave as the reason', () => {
    let said = '';
    const f = new Fixture();
    f.ended = (_: string, text?: string) => { said = text ?? ''; };
    f.peer.opened(0);
    f.say({ t: 'error', code: 'no-room', message: 'This code is not known.' });
    f.peer.closed(0, 4404);
    expect(said).toBe('This code is not known.');
  });
});
