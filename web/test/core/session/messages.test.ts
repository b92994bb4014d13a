import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  readClipboard, readControl, readCursor, writeClipboard, writeControl, writeKey, writePainted, writePointer, writeRelease, writeTexts,
  writeWheel, type ControlOut,
} from '../../../src/core/session/messages.ts';
import { inflateExactly } from '../../../src/browser/cursor-inflate.ts';
import { ProtocolError } from '../../../src/core/wire/reader.ts';

interface Vector {
  readonly hex: string;
  readonly json: string;
  readonly is: Record<string, string & number & boolean & (0 | 1)> | null;
  readonly why?: string;
  readonly write?: boolean;
}

const vectors = JSON.parse(readFileSync(new URL('../../../../tests/vectors/session-messages.json', import.meta.url), 'utf8')) as Record<string, Vector[]>;

function group(name: string): [string, Vector][] {
  const found = vectors[name];
  if (found === undefined) throw new Error(`The vectors have no group ${name}.`);
  return found.map((vector) => [vector.why ?? vector.json ?? vector.hex, vector]);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function readWholeCursor(message: Uint8Array): Promise<unknown> {
  const cursor = readCursor(message);
  if (cursor.t === 'position') return { type: 'position', x: cursor.x, y: cursor.y };
  const { width, height, hotX, hotY, packed } = cursor;
  const rgba = width === 0 ? '' : hex(new Uint8Array(await inflateExactly(packed, width * height * 4)));
  return { type: 'shape', width, height, hotX, hotY, rgba };
}

describe('session messages', () => {
  it.each(group('input').filter(([, v]) => v.write !== false && v.is?.['text'] !== ''))('writes input %s', (_, { hex: wire, is }) => {
    const m = is ?? {};
    const written = m['type'] === 'pointer' ? writePointer(m['x'] ?? 0, m['y'] ?? 0, m['buttons'] ?? 0)
      : m['type'] === 'wheel' ? writeWheel(m['dx'] ?? 0, m['dy'] ?? 0)
      : m['type'] === 'key' ? writeKey(m['down'] === true, m['keysym'] ?? 0, m['usage'] ?? 0)
      : m['type'] === 'release' ? writeRelease()
      : writeTexts(m['text'] ?? '')[0] ?? new Uint8Array();
    expect(hex(written)).toBe(wire);
  });

  it.each(group('feedback'))('writes feedback %s', (_, { hex: wire, is }) => {
    expect(hex(writePainted(is?.['sequence'] ?? 0, is?.['micros'] ?? 0))).toBe(wire);
  });

  it.each(group('cursor'))('reads cursor %s', async (_, { hex: wire, is }) => {
    expect(await readWholeCursor(bytes(wire))).toEqual(is);
  });

  it.each(group('badCursor'))('refuses a cursor: %s', async (_, { hex: wire }) => {
    await expect(readWholeCursor(bytes(wire))).rejects.toThrow(ProtocolError);
  });

  it.each(group('clipboard'))('reads and writes clipboard %s', (_, { hex: wire, is }) => {
    expect(readClipboard(bytes(wire))).toEqual({ selection: is?.['selection'], text: is?.['text'] });
    expect(hex(writeClipboard(is?.['selection'] ?? 0, is?.['text'] ?? '') ?? new Uint8Array())).toBe(wire);
  });

  it.each(group('badClipboard'))('refuses a clipboard: %s', (_, { hex: wire }) => {
    expect(() => readClipboard(bytes(wire))).toThrow(ProtocolError);
  });

  const ours = new Set(['asking', 'grant', 'desktop', 'stream', 'notice', 'lost', 'sized', 'ping', 'pong', 'bye', 'direct', 'candidate', 'line']);
  const theirs = new Set(['ask', 'narrow', 'monitor', 'size']);

  it.each(group('control'))('reads or writes control %s', (_, { json, is }) => {
    const t = String(is?.['t'] ?? '');
    if (theirs.has(t)) {
      expect(JSON.parse(new TextDecoder().decode(writeControl(is as unknown as ControlOut)))).toEqual(is);
      return;
    }
    const read = readControl(utf8(json));
    if (!ours.has(t)) expect(read).toBeUndefined();
    else if (read?.t === 'grant') expect({ t: 'grant', ...read.grant }).toEqual(is);
    else if (read?.t === 'desktop') expect({ t: 'desktop', ...read.desktop }).toEqual(is);
    else if (read?.t === 'stream') expect({ ...read, secret: Buffer.from(read.secret).toString('base64url') }).toEqual(is);
    else if (read?.t === 'direct') expect({ t: 'direct', ...read.description }).toEqual(is);
    else if (read?.t === 'candidate') expect({ t: 'candidate', ...read.candidate }).toEqual(is);
    else if (read?.t === 'line') expect({ t: 'line', ...read.line }).toEqual(is);
    else expect(read).toEqual(is);
  });

  const oursToRefuse = group('badControl').filter(([, v]) => !/"t":"(ask|narrow|monitor|size)"/.test(v.json));
  it.each(oursToRefuse)('refuses control: %s', (_, { json }) => {
    expect(() => readControl(utf8(json))).toThrow(ProtocolError);
  });

  it('cuts long text between characters', () => {
    const parts = writeTexts('€'.repeat(5000));
    expect(parts.length).toBe(2);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(8192);
    const decoder = new TextDecoder('utf-8', { fatal: true });
    expect(parts.map((part) => decoder.decode(part.subarray(1))).join('')).toBe('€'.repeat(5000));
  });

  it('does not write a clipboard over 4 MiB, counted in bytes', () => {
    expect(writeClipboard(0, 'a'.repeat(4 * 1024 * 1024))?.length).toBe(4 * 1024 * 1024 + 2);
    expect(writeClipboard(0, 'a'.repeat(4 * 1024 * 1024 + 1))).toBeUndefined();
    expect(writeClipboard(0, '€'.repeat(2 * 1024 * 1024))).toBeUndefined();
  });

  it('survives mutations of good messages with an error in words or a message', () => {
    let seed = 7;
    const random = (n: number): number => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed % n; };
    const good = [...group('control').map(([, v]) => utf8(v.json)), ...group('clipboard').map(([, v]) => bytes(v.hex)), ...group('cursor').map(([, v]) => bytes(v.hex))];
    for (let i = 0; i < 4_000; i++) {
      const message = good[random(good.length)]?.slice() ?? new Uint8Array();
      for (let j = random(4); j >= 0 && message.length > 0; j--) message[random(message.length)] = random(256);
      for (const read of [readControl, readClipboard, readCursor]) {
        try {
          read(message.subarray(0, random(8) === 0 ? random(message.length + 1) : message.length));
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      }
    }
  });

  it('stops unpacking a cursor that goes on and on', async () => {
    const stream = new Blob([new Uint8Array(8 << 20)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const bomb = new Uint8Array(await new Response(stream).arrayBuffer());
    await expect(inflateExactly(bomb, 16)).rejects.toThrow('more than its size');
  });
});
