import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSignal } from '../../../src/core/relay/signals.ts';
import { ProtocolError } from '../../../src/core/wire/reader.ts';

const vectors = JSON.parse(readFileSync(new URL('../../../../tests/vectors/turn-offers.json', import.meta.url), 'utf8')) as Record<'good' | 'bad', { json: string }[]>;

const opened = (turn: string): string =>
  `{"t":"opened","room":"AAAAAAAAAAAAAAAAAAAAAA","member":1,"token":"BBBBBBBBBBBBBBBBBBBBBB","window":131072,"turn":${turn}}`;

const lent = (turn: string): string => `{"t":"turn","turn":${turn}}`;

describe('TURN servers that the relay names', () => {
  it.each(vectors.good)('are taken: $json', ({ json }) => {
    const signal = readSignal(opened(json));
    const { credential } = JSON.parse(json) as { credential: string };
    expect(signal?.t === 'opened' && signal.turn?.credential).toBe(credential);
    const anew = readSignal(lent(json));
    expect(anew?.t === 'turn' && anew.turn.credential).toBe(credential);
  });

  it.each(vectors.bad)('are refused: $json', ({ json }) => {
    expect(() => readSignal(opened(json))).toThrow(ProtocolError);
    expect(() => readSignal(lent(json))).toThrow(ProtocolError);
  });
});
