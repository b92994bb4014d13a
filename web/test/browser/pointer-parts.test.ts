import { beforeEach, describe, expect, it } from 'vitest';
import { FrameGate } from '../../src/browser/input/frame-gate.ts';
import { joinMoves, type Move } from '../../src/browser/input/move-path.ts';
import { wireButtons } from '../../src/browser/input/pointer-input.ts';
import { textDifference } from '../../src/browser/input/text-entry.ts';
import { TouchGestures, type TouchMode } from '../../src/browser/input/touch-gestures.ts';
import { WheelMeter } from '../../src/browser/input/wheel.ts';

describe('moves', () => {
  it('go at once, then the latest once a frame', () => {
    const sent: number[] = [];
    let frame: (() => void) | undefined;
    const gate = new FrameGate<number>((v) => sent.push(v), (_, later) => later, (work) => { frame = work; });
    const next = (): void => { const f = frame; frame = undefined; f?.(); };
    gate.push(1);
    gate.push(2);
    gate.push(3);
    expect(sent).toEqual([1]);
    next();
    expect(sent).toEqual([1, 3]);
    gate.push(4);
    gate.flush();
    expect(sent).toEqual([1, 3, 4]);
    next();
    gate.push(5);
    expect(sent).toEqual([1, 3, 4, 5]);
  });
});

describe('buttons and wheel', () => {
  it('puts middle before right, as the wire has it', () => {
    expect([1, 2, 4, 8, 16, 3].map(wireButtons)).toEqual([1, 4, 2, 8, 16, 5]);
  });

  it('counts notches, pixels, lines and pages', () => {
    const meter = new WheelMeter();
    expect(meter.take({ deltaX: 0, deltaY: 100, deltaMode: 0, wheelDeltaX: 0, wheelDeltaY: -120 })).toEqual({ dx: 0, dy: 120 });
    expect(meter.take({ deltaX: 0, deltaY: 53, deltaMode: 0, wheelDeltaX: 0, wheelDeltaY: -120 })).toEqual({ dx: 0, dy: 120 });
    expect(meter.take({ deltaX: 0, deltaY: 3, deltaMode: 1 })).toEqual({ dx: 0, dy: 120 });
    expect(meter.take({ deltaX: 0, deltaY: -1, deltaMode: 2 })).toEqual({ dx: 0, dy: -360 });
    let sum = 0;
    for (let i = 0; i < 100; i++) sum += meter.take({ deltaX: 0, deltaY: 0.5, deltaMode: 0 }).dy;
    expect(sum).toBeGreaterThanOrEqual(59);
    expect(sum).toBeLessThanOrEqual(60);
  });
});

describe('a phone\'s keyboard', () => {
  it.each([
    ['  ', '  a', 0, 'a'], ['  helo', '  hello', 1, 'lo'], ['  ', ' ', 1, ''], ['  a', '  a', 0, ''], [' 😀', ' ', 1, ''], [' teh', ' the ', 2, 'he '],
  ])('from %j to %j', (before, after, removed, added) => {
    expect(textDifference(before, after)).toEqual({ removed, added });
  });
});

describe('fingers', () => {
  let log: string[] = [];
  beforeEach(() => { log = []; });
  const round = (...values: number[]): string => values.map((v) => Math.round(v)).join(',');
  const fingers = (mode: TouchMode): TouchGestures => new TouchGestures({
    pushPointer: (dx, dy) => log.push(`push ${round(dx, dy)}`),
    putPointer: (x, y) => log.push(`put ${round(x, y)}`),
    buttons: (buttons) => log.push(`buttons ${buttons}`),
    wheel: (dx, dy) => log.push(`wheel ${round(dx, dy)}`),
    zoom: (x, y, factor) => log.push(`zoom ${factor > 1 ? 'in' : 'out'}`),
    pan: () => log.push('pan'),
    keyboard: () => log.push('keyboard'),
  }, mode);

  it('push the pointer, which clicks where it is', () => {
    const t = fingers('trackpad');
    t.touch(1, 100, 100, 0);
    t.move(1, 105, 100, 10);
    expect(log).toEqual([]);
    t.move(1, 120, 100, 60);
    t.lift(1, 70);
    expect(log).toEqual(['push 17,0']);
    t.touch(1, 300, 300, 1000);
    t.lift(1, 1100);
    expect(log.slice(1)).toEqual(['buttons 1']);
    expect(t.deadline).toBe(1280);
    t.tick(1280);
    expect(log.slice(1)).toEqual(['buttons 1', 'buttons 0']);
  });

  it('tap and then drag with the button held; tap twice for two clicks', () => {
    const t = fingers('trackpad');
    t.touch(1, 100, 100, 0);
    t.lift(1, 80);
    t.touch(1, 100, 100, 150);
    t.move(1, 150, 100, 200);
    t.tick(400);
    t.lift(1, 500);
    expect(log).toEqual(['buttons 1', 'push 85,0', 'buttons 0']);
    log = [];
    t.touch(1, 100, 100, 1000);
    t.lift(1, 1080);
    t.touch(1, 100, 100, 1150);
    t.lift(1, 1200);
    t.tick(1400);
    expect(log).toEqual(['buttons 1', 'buttons 0', 'buttons 1', 'buttons 0']);
  });

  it('two tap for the right button, three for the keyboard', () => {
    const t = fingers('trackpad');
    t.touch(1, 100, 100, 0);
    t.touch(2, 200, 100, 10);
    t.lift(1, 90);
    t.lift(2, 100);
    expect(log).toEqual(['buttons 4', 'buttons 0']);
    log = [];
    for (const id of [1, 2, 3]) t.touch(id, 100 * id, 100, 1000);
    for (const id of [1, 2, 3]) t.lift(id, 1100);
    expect(log).toEqual(['keyboard']);
  });

  it('two scroll what is under them, or pinch', () => {
    const t = fingers('trackpad');
    t.touch(1, 100, 200, 0);
    t.touch(2, 140, 200, 0);
    for (let y = 200; y >= 160; y -= 4) {
      t.move(1, 100, y, 10);
      t.move(2, 140, y, 10);
    }
    t.lift(1, 500);
    t.lift(2, 500);
    const scrolled = log.map((entry) => Number(entry.split(',')[1])).reduce((a, b) => a + b, 0);
    expect(log.every((entry) => entry.startsWith('wheel 0'))).toBe(true);
    expect(scrolled).toBeGreaterThan(90);
    log = [];
    t.touch(1, 100, 200, 1000);
    t.touch(2, 140, 200, 1000);
    t.move(2, 200, 200, 1010);
    t.move(2, 220, 200, 1020);
    t.lift(1, 1030);
    t.lift(2, 1040);
    expect(log).toEqual(['zoom in', 'pan', 'zoom in', 'pan']);
  });

  it('touch directly: tap clicks there, drag drags, a long press is the right button', () => {
    const t = fingers('direct');
    t.touch(1, 50, 60, 0);
    t.lift(1, 100);
    expect(log).toEqual(['put 50,60', 'buttons 1', 'buttons 0']);
    log = [];
    t.touch(1, 50, 60, 1000);
    t.move(1, 90, 60, 1100);
    t.lift(1, 1200);
    expect(log).toEqual(['put 50,60', 'buttons 1', 'put 90,60', 'buttons 0']);
    log = [];
    t.touch(1, 50, 60, 2000);
    t.lift(1, 2700);
    expect(log).toEqual(['put 50,60', 'buttons 4', 'buttons 0']);
  });

  it('leave no button down when the system takes them away', () => {
    const t = fingers('direct');
    t.touch(1, 50, 60, 0);
    t.move(1, 90, 60, 50);
    t.cancel();
    expect(log.at(-1)).toBe('buttons 0');
    log = [];
    t.lift(1, 60);
    expect(log).toEqual([]);
  });
});

describe('moves that wait for a frame', () => {
  const way = (...xs: number[]): Move[] => xs.map((x) => ({ x, y: 0 }));
  const joined = (held: boolean): readonly Move[] => way(2, 3, 4, 5, 6).reduce<readonly Move[]>((path, move) => joinMoves(path, [move], held), way(1));

  it('of a pointer that hovers, the last', () => expect(joined(false)).toEqual(way(6)));

  it('of one that drags, the first three and the last', () => expect(joined(true)).toEqual(way(1, 2, 3, 6)));
});
