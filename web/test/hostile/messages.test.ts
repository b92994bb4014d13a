import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFrame } from '../../src/core/relay/frames.ts';
import { readSignal } from '../../src/core/relay/signals.ts';
import { MessageAssembler } from '../../src/core/secure/assembler.ts';
import { readHostFinish, readHostHello, readRefuse, readViewerFinish, readViewerHello, writeHostHelloHead, writeViewerHello } from '../../src/core/secure/hello.ts';
import { parseInvitation } from '../../src/core/secure/room-code.ts';
import { readClipboard, readControl, readCursor } from '../../src/core/session/messages.ts';
import type { Bytes } from './attacker.ts';
import { countArrays, joined, survives, variants } from './attacker.ts';

// Whatever a message says, its parser reads it or throws a ProtocolError, with memory bounded by its length.

let stop: () => void;
beforeAll(() => (stop = countArrays()));
afterAll(() => stop());

const vectors = JSON.parse(readFileSync(new URL('../../../tests/vectors/session-messages.json', import.meta.url), 'utf8')) as Record<string, { hex?: string; json?: string }[]>;
const text = (value: string): Bytes => new TextEncoder().encode(value);
const seedsOf = (group: string): Bytes[] => vectors[group]!.map(({ hex, json }) => (hex === undefined ? text(json!) : new Uint8Array(Buffer.from(hex, 'hex'))));
const utf8 = new TextDecoder();

const id = 'AAECAwQFBgcICQoLDA0ODw';
const signals = [
  { t: 'opened', room: id, member: 1, token: id, window: 1 << 20, number: '482', seconds: 600 },
  { t: 'joined', room: id, member: 2, token: id, window: 1 << 20, members: [{ member: 1, role: 'host', here: true }] },
  { t: 'arrived', member: 3, role: 'viewer' }, { t: 'left', member: 3, gone: true }, { t: 'number', number: '4821', seconds: 9 }, { t: 'error', code: 'gone', message: 'No.' },
].map((signal) => text(JSON.stringify(signal)));

const nonce = new Uint8Array(16);
const handshake = [
  writeViewerHello({ versions: [1, 2], nonce, credential: 1, place: '482', capabilities: [1, 2, 3] }),
  joined(writeHostHelloHead({ version: 2, answered: nonce, nonce, capabilities: [1, 2] }), new Uint8Array(65)),
  new Uint8Array(98), new Uint8Array(49), Uint8Array.of(0x14, 2),
];

const parsers: [string, readonly Bytes[], (bytes: Bytes) => unknown][] = [
  ['control', [...seedsOf('control'), ...seedsOf('badControl')], readControl],
  ['cursor', [...seedsOf('cursor'), ...seedsOf('badCursor')], readCursor],
  ['clipboard', [...seedsOf('clipboard'), ...seedsOf('badClipboard')], readClipboard],
  ['a relay frame', [Uint8Array.of(1, 0, 2, 9, 9), Uint8Array.of(2, 0, 2, 0, 0, 1, 0)], readFrame],
  ['a signal', signals, (bytes) => readSignal(utf8.decode(bytes))],
  ['a Hello of a viewer', handshake, readViewerHello],
  ['a Hello of a host', handshake, readHostHello],
  ['a Finish of a viewer', handshake, readViewerFinish],
  ['a Finish of a host', handshake, (bytes) => readHostFinish(bytes, 2)],
  ['a Refuse', handshake, readRefuse],
  ['a code or a link', [text('482 190 573'), text(`https://host:7700/join#${id}.${id}`)], (bytes) => parseInvitation(utf8.decode(bytes))],
];

test.each(parsers)('%s, cut and changed', (_, seeds, parse) => {
  for (const bytes of variants(seeds, 3000)) survives(() => parse(bytes), 1024 + 4 * bytes.length);
});

describe('JSON that is no message', () => {
  test.each<[string, string]>([
    ['empty', ''], ['null', 'null'], ['a list', '[]'], ['a number', '7'], ['no kind', '{}'], ['a kind that is a number', '{"t":1}'],
    ['a prototype', '{"__proto__":{"t":"bye","reason":"x"}}'],
    ['deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`], ['deep within a message', `{"t":"bye","reason":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`],
    ['a long number', `{"t":"ping","n":${'9'.repeat(60_000)}}`], ['half a character', '{"t":"bye","reason":"\\ud83d'],
  ])('%s', (_, wrong) => {
    expect(survives(() => readControl(text(wrong)))).toBe(false);
    expect(survives(() => readSignal(wrong))).toBe(false);
  });

  test.each(['{"t":"ping","n":1.5}', '{"t":"ping","n":-1}', '{"t":"ping","n":1e300}', '{"t":"grant","view":1,"control":false,"clipboard":false}'])('%s', (wrong) => {
    expect(survives(() => readControl(text(wrong)))).toBe(false);
  });

  test('a kind that every object has a member of is one that is not known', () => {
    expect(readControl(text('{"t":"constructor"}'))).toBeUndefined();
    expect(readSignal('{"t":"__proto__"}')).toBeUndefined();
  });
});

describe('sizes of a cursor', () => {
  const cursor = (...sizes: number[]): Bytes => Uint8Array.from([1, ...sizes.flatMap((size) => [size >> 8, size & 255])]);
  test.each([[0, 1, 0, 0], [1, 0, 0, 0], [257, 1, 0, 0], [1, 65535, 0, 0], [65535, 65535, 0, 0], [4, 4, 4, 0], [4, 4, 0, 65535]])('%i x %i at %i, %i is refused', (...sizes) => {
    expect(survives(() => readCursor(cursor(...sizes)), 1024)).toBe(false);
  });

  test('nothing is taken for pixels before they have come', () => {
    expect(survives(() => readCursor(cursor(256, 256, 0, 0)), 1024)).toBe(true);
  });
});

describe('messages in parts', () => {
  const part = (length: number): Bytes => new Uint8Array(length);

  test('may have their budget and not a byte more', () => {
    const assembler = new MessageAssembler(100);
    expect(assembler.add(part(60), false)).toBeUndefined();
    expect(assembler.add(part(40), true)).toHaveLength(100);
    assembler.add(part(60), false);
    expect(survives(() => assembler.add(part(41), true))).toBe(false);
    expect(survives(() => new MessageAssembler(100).add(part(0), false))).toBe(false);
  });

  test('of one byte each take memory for what they hold, not for each of them', () => {
    const assembler = new MessageAssembler(1 << 20);
    expect(survives(() => {
      for (let i = 0; i < 100_000; i++) assembler.add(Uint8Array.of(i), false);
    }, 3 * 100_000)).toBe(true);
    expect(assembler.pieces).toBeLessThan(100);
    const whole = assembler.add(Uint8Array.of(7), true)!;
    expect(whole).toHaveLength(100_001);
    expect(whole.every((byte, at) => byte === (at === 100_000 ? 7 : at & 255))).toBe(true);
  });
});
