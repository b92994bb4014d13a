import { describe, expect, it } from 'vitest';
import { Arrivals } from '../../../src/core/session/arrivals.ts';
import { HealthMeter } from '../../../src/core/session/health-meter.ts';
import { InputGate, writeInput, type Input } from '../../../src/core/session/input.ts';
import { OpenedRoom } from '../../../src/core/session/opened-room.ts';

const drain = (gate: InputGate): Input[] => {
  const all: Input[] = [];
  for (let input = gate.take(); input !== undefined; input = gate.take()) all.push(input);
  return all;
};

describe('input that waits', () => {
  it('keeps the last move, the sum of turns, and every key', () => {
    const gate = new InputGate();
    gate.hold({ t: 'pointer', x: 1, y: 1, buttons: 0 });
    gate.hold({ t: 'pointer', x: 2, y: 2, buttons: 0 });
    gate.hold({ t: 'pointer', x: 2, y: 2, buttons: 1 });
    gate.hold({ t: 'wheel', dx: 0, dy: 120 });
    gate.hold({ t: 'wheel', dx: 5, dy: 120 });
    gate.hold({ t: 'key', down: true, keysym: 97, usage: 4 });
    gate.hold({ t: 'key', down: false, keysym: 97, usage: 4 });
    expect(drain(gate)).toEqual([
      { t: 'pointer', x: 2, y: 2, buttons: 0 }, { t: 'pointer', x: 2, y: 2, buttons: 1 }, { t: 'wheel', dx: 5, dy: 240 },
      { t: 'key', down: true, keysym: 97, usage: 4 }, { t: 'key', down: false, keysym: 97, usage: 4 },
    ]);
  });

  it('gives up into a release rather than grow', () => {
    const gate = new InputGate();
    for (let i = 0; i < 100_000; i++) gate.hold({ t: 'key', down: i % 2 === 0, keysym: 97, usage: 4 });
    const held = drain(gate);
    expect(held.length).toBeLessThanOrEqual(256);
    expect(held[0]).toEqual({ t: 'release' });
  });

  it('presses modifiers again that are still held when it has given up', () => {
    const gate = new InputGate();
    const shift = (down: boolean): Input => ({ t: 'key', down, keysym: 0xffe1, usage: 0xe1 });
    const control: Input = { t: 'key', down: true, keysym: 0xffe3, usage: 0xe0 };
    gate.pass(shift(true));
    gate.pass(control);
    gate.hold(shift(false));
    let count = 0;
    for (; count < 1000 && !(gate.take()?.t === 'release'); count++) {
      for (let i = 0; i < 300; i++) gate.hold({ t: 'key', down: i % 2 === 0, keysym: 97, usage: 4 });
    }
    expect(count).toBe(1);
    expect(gate.take()).toEqual(control);
    gate.hold({ t: 'release' });
    for (let i = 0; i < 300; i++) gate.hold({ t: 'key', down: i % 2 === 0, keysym: 97, usage: 4 });
    expect(drain(gate).slice(0, 2)).toEqual([{ t: 'release' }, { t: 'key', down: true, keysym: 97, usage: 4 }]);
  });

  it('types text as keys for a host that takes no text', () => {
    const [down] = writeInput({ t: 'text', text: 'ж' }, [1]);
    expect(Buffer.from(down ?? []).toString('hex')).toBe('0301010004360000');
    expect(writeInput({ t: 'text', text: 'ж' }, [1, 3])).toHaveLength(1);
  });
});

describe('the order of arrival', () => {
  function fixture(budget = 100_000): { log: string[]; arrivals: Arrivals; finish: (name: number) => Promise<void> } {
    const log: string[] = [];
    const open = new Map<number, () => void>();
    const arrivals = new Arrivals((kind, payload) => {
      const name = payload[0] ?? 0;
      log.push(`${kind} ${name}`);
      return new Promise((resolve) => open.set(name, resolve));
    }, budget);
    const finish = async (name: number): Promise<void> => {
      open.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { log, arrivals, finish };
  }

  it('runs one kind together, and the other only when that is done', async () => {
    const { log, arrivals, finish } = fixture();
    arrivals.add('pair', Uint8Array.of(1));
    arrivals.add('pair', Uint8Array.of(2));
    arrivals.add('stream', Uint8Array.of(3));
    arrivals.add('stream', Uint8Array.of(4));
    arrivals.add('pair', Uint8Array.of(5));
    expect(log).toEqual(['pair 1', 'pair 2']);
    await finish(2);
    expect(log).toHaveLength(2);
    await finish(1);
    expect(log).toEqual(['pair 1', 'pair 2', 'stream 3', 'stream 4']);
    await finish(3);
    await finish(4);
    expect(log.at(-1)).toBe('pair 5');
  });

  it('does not take in without bound, whether it waits or runs', async () => {
    for (const second of ['pair', 'stream'] as const) {
      const { arrivals, finish } = fixture(10_000);
      expect(arrivals.add('pair', Uint8Array.from({ length: 3000 }, () => 1))).toBe(true);
      expect(arrivals.add(second, Uint8Array.from({ length: 3000 }, () => 2))).toBe(true);
      expect(arrivals.add(second, new Uint8Array(3000))).toBe(false);
      await finish(1);
      await finish(2);
      expect(arrivals.add(second, new Uint8Array(8000))).toBe(true);
    }
  });

  it('does not take in records without end because they are small', () => {
    const { arrivals } = fixture();
    let taken = 0;
    while (taken < 10_000 && arrivals.add('pair', new Uint8Array(1))) taken++;
    expect(taken).toBeLessThan(100);
  });
});

describe('health', () => {
  it('measures from the first input to the next picture, and rates over a second', () => {
    const meter = new HealthMeter();
    meter.input(1_000_000);
    meter.input(1_004_000);
    meter.received(1000);
    meter.painted(1_010_000);
    meter.pong(3_000);
    expect(meter.take(1_500_000, 'relay')).toEqual({ path: 'relay', roundTrip: 3, relayRoundTrip: undefined, loss: undefined, inputToPicture: 10, rate: 8000, updates: 1 });
    meter.received(500);
    expect(meter.take(2_000_000, 'relay')).toMatchObject({ rate: 12_000, inputToPicture: 10 });
    expect(meter.take(2_500_000, 'relay')).toMatchObject({ rate: 4000, updates: 0, inputToPicture: undefined });
  });

  it('says of a direct path what the host has said of it, and of none what was said of another', () => {
    const meter = new HealthMeter();
    meter.line({ loss: 40, relay: 24_100 });
    expect(meter.take(1_000_000, 'direct')).toMatchObject({ loss: 0.004, relayRoundTrip: 24.1 });
    meter.line({ loss: 0, relay: undefined });
    expect(meter.take(1_500_000, 'direct')).toMatchObject({ loss: 0, relayRoundTrip: undefined });
    expect(meter.take(2_000_000, 'relay')).toMatchObject({ loss: undefined });
    expect(meter.take(2_500_000, 'direct')).toMatchObject({ loss: undefined });
  });
});

describe('a room that was opened', () => {
  it('has one code at a time, each with new digits, until it lapses', () => {
    let n = 0;
    const opened = new OpenedRoom(undefined, () => `00000${++n}`, () => 'L'.repeat(22));
    opened.take(0, '482', 600);
    expect(opened.shown(1_000_000, 'R')).toEqual({ number: '482', secret: '000001', link: `/help#R.${'L'.repeat(22)}`, seconds: 599 });
    opened.take(0, '517', 600);
    expect(opened.current(1)).toMatchObject({ number: '517', secret: '000002' });
    expect(opened.current(600_000_000)).toBeUndefined();
    opened.spend();
    expect(opened.shown(1, 'R')).toBeUndefined();
  });
});
