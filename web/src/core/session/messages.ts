import { readCandidate, readDescription, type WayCandidate, type WayDescription } from '../link/description.ts';
import { JsonMessage } from '../wire/json.ts';
import { ProtocolError, WireReader } from '../wire/reader.ts';
import { WireWriter } from '../wire/writer.ts';
import type { Desktop } from './desktop.ts';
import type { Grant } from './grant.ts';

/** Channels of pair records; session.md, the first table. */
export const Channel = { control: 0, input: 1, feedback: 2, cursor: 3, clipboard: 4, desktop: 5 } as const;

export const Capability = {
  tiles: 1, clipboardText: 2, textInput: 3, monitors: 4, shortHeaders: 5, direct: 6, sizes: 7, answersOnRelay: 8, marks: 9, motion: 16, cache: 17, glyphs: 18, pictures: 19, h264: 20, av1: 21,
} as const;

export const clipboardBudget = 4 * 1024 * 1024;
const textInputBudget = 8 * 1024 - 1;
const cursorSide = 256;

/** Viewer to host, on channel 0. */
export type ControlOut =
  | ({ t: 'ask'; name: string } & Grant)
  | ({ t: 'narrow' } & Partial<Grant>)
  | { t: 'monitor'; id: number }
  | { t: 'size'; width: number; height: number; wish?: number }
  | { t: 'ping'; n: number }
  | { t: 'pong'; n: number }
  | ({ t: 'direct' } & WayDescription)
  | ({ t: 'candidate' } & WayCandidate)
  | { t: 'bye'; reason: string };

/** Host to viewer, on channel 0. */
export type ControlIn =
  | { t: 'asking' }
  | { t: 'grant'; grant: Grant }
  | { t: 'desktop'; desktop: Desktop }
  | { t: 'stream'; stream: number; epoch: number; secret: Uint8Array<ArrayBuffer>; counter: number }
  | { t: 'notice'; code: string; text: string }
  | { t: 'lost'; text: string }
  | { t: 'sized'; answer: SizeAnswer; wish?: number }
  | { t: 'ping'; n: number }
  | { t: 'pong'; n: number }
  | { t: 'direct'; description: WayDescription }
  | { t: 'candidate'; candidate: WayCandidate }
  | { t: 'line'; line: Line }
  | { t: 'bye'; reason: string };

/** What the host knows of a direct path: of 10,000 packets how many were lost lately, and what the relay takes, in microseconds. */
export interface Line {
  readonly loss: number | undefined;
  readonly relay: number | undefined;
}

/** What became of a wish for a size of the desktop. */
export type SizeAnswer = 'done' | 'prohibited' | 'no-means' | 'invalid';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function writeControl(message: ControlOut): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(message));
}

/** Undefined for messages that a newer host may send and we do not know. */
export function readControl(bytes: Uint8Array): ControlIn | undefined {
  const message = JsonMessage.parse(readUtf8(bytes));
  switch (message.string('t')) {
    case 'asking': return { t: 'asking' };
    case 'grant':
      return { t: 'grant', grant: { view: message.boolean('view'), control: message.boolean('control'), clipboard: message.boolean('clipboard') } };
    case 'desktop': return { t: 'desktop', desktop: readDesktop(message) };
    case 'stream':
      return {
        t: 'stream', stream: message.integer('stream', 0, 255), epoch: message.integer('epoch', 0, 0xffff),
        secret: readSecret(message.string('secret')), counter: message.integer('counter', 0, 0xffff_ffff),
      };
    case 'notice': return { t: 'notice', code: message.label('code', 64), text: message.label('text', 500) };
    case 'sized':
      return {
        t: 'sized', answer: readSizeAnswer(message.string('answer')),
        ...(message.has('wish') ? { wish: message.integer('wish', 0, 0x7fff_ffff) } : {}),
      };
    case 'lost': return { t: 'lost', text: message.label('text', 500) };
    case 'ping': return { t: 'ping', n: message.integer('n', 0, Number.MAX_SAFE_INTEGER) };
    case 'pong': return { t: 'pong', n: message.integer('n', 0, Number.MAX_SAFE_INTEGER) };
    case 'direct': return { t: 'direct', description: readDescription(message) };
    case 'candidate': return { t: 'candidate', candidate: readCandidate(message) };
    case 'line':
      return {
        t: 'line',
        line: {
          loss: message.has('loss') ? message.integer('loss', 0, 10_000) : undefined,
          relay: message.has('relay') ? message.integer('relay', 0, Number.MAX_SAFE_INTEGER) : undefined,
        },
      };
    case 'bye': return { t: 'bye', reason: message.label('reason', 32) };
    default: return undefined;
  }
}

function readSizeAnswer(answer: string): SizeAnswer {
  if (answer === 'done' || answer === 'prohibited' || answer === 'no-means' || answer === 'invalid') return answer;
  throw new ProtocolError('A wish for a size was answered with an unknown word.');
}

/** The bounds of a codec's picture. */
const maxSide = 16_384;
const maxPixels = 8192 * 4320;

function readDesktop(message: JsonMessage): Desktop {
  const width = message.integer('width', 1, maxSide);
  const height = message.integer('height', 1, maxSide);
  if (width * height > maxPixels) throw new ProtocolError('A desktop had too many pixels.');
  const monitors = message.list('monitors', 64).map((entry) => {
    const monitor = {
      id: entry.integer('id', 1, 65_535),
      name: entry.label('name', 64),
      x: entry.integer('x', 0, maxSide),
      y: entry.integer('y', 0, maxSide),
      width: entry.integer('width', 1, maxSide),
      height: entry.integer('height', 1, maxSide),
      primary: entry.boolean('primary'),
    };
    if (monitor.x + monitor.width > width || monitor.y + monitor.height > height) throw new ProtocolError('A monitor lay outside its desktop.');
    return monitor;
  });
  const gateway = message.has('gateway') ? message.object('gateway') : undefined;
  return {
    name: message.label('name', 64), width, height, monitors, shows: message.integer('shows', 0, 65_535),
    ...(gateway === undefined ? {} : { gateway: { protocol: gateway.label('protocol', 64), encrypted: gateway.boolean('encrypted') } }),
  };
}

/** 32 bytes in base64url without padding. */
function readSecret(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) throw new ProtocolError('The key of a stream was not 32 bytes.');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const secret = new Uint8Array(32);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of text) {
    bits = ((bits << 6) | alphabet.indexOf(character)) & 0xffff;
    held += 6;
    if (held < 8 || at === 32) continue;
    held -= 8;
    secret[at++] = (bits >> held) & 0xff;
  }
  return secret;
}

/** `u8 1 | u16 x | u16 y | u16 buttons` */
export function writePointer(x: number, y: number, buttons: number): Uint8Array<ArrayBuffer> {
  return new WireWriter().u8(1).u16(bound(x, 0, 0xffff)).u16(bound(y, 0, 0xffff)).u16(buttons & 0x1f).done();
}

/** `u8 2 | i16 dx | i16 dy` */
export function writeWheel(dx: number, dy: number): Uint8Array<ArrayBuffer> {
  return new WireWriter().u8(2).i16(bound(dx, -0x8000, 0x7fff)).i16(bound(dy, -0x8000, 0x7fff)).done();
}

/** `u8 3 | u8 down | u32 keysym | u16 usage` */
export function writeKey(down: boolean, keysym: number, usage: number): Uint8Array<ArrayBuffer> {
  return new WireWriter().u8(3).u8(down ? 1 : 0).u32(keysym >>> 0).u16(usage & 0xffff).done();
}

/** `u8 4` */
export function writeRelease(): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(4);
}

/** `u8 5 | utf-8`, cut into messages of the channel's budget between characters. */
export function writeTexts(text: string): readonly Uint8Array<ArrayBuffer>[] {
  const bytes = encoder.encode(text);
  const messages: Uint8Array<ArrayBuffer>[] = [];
  for (let from = 0; from < bytes.length;) {
    let to = Math.min(bytes.length, from + textInputBudget);
    while (to < bytes.length && ((bytes[to] ?? 0) & 0xc0) === 0x80) to--;
    messages.push(new WireWriter().u8(5).put(bytes.subarray(from, to)).done());
    from = to;
  }
  return messages;
}

/** `u8 1 | u32 sequence | u32 micros` */
export function writePainted(sequence: number, micros: number): Uint8Array<ArrayBuffer> {
  return new WireWriter().u8(1).u32(sequence >>> 0).u32(bound(micros, 0, 0xffff_ffff)).done();
}

/** `u8 1 | u8 selection | utf-8`; undefined when the text is over its limit. */
export function writeClipboard(selection: 0 | 1, text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length > clipboardBudget) return undefined;
  const bytes = encoder.encode(text.replaceAll('\r\n', '\n'));
  if (bytes.length > clipboardBudget) return undefined;
  const message = new Uint8Array(2 + bytes.length);
  message[0] = 1;
  message[1] = selection;
  message.set(bytes, 2);
  return message;
}

export function readClipboard(bytes: Uint8Array): { selection: 0 | 1; text: string } {
  const reader = new WireReader(bytes);
  if (reader.u8() !== 1) throw new ProtocolError('A clipboard message was of an unknown type.');
  const selection = reader.u8();
  if (selection !== 0 && selection !== 1) throw new ProtocolError('A clipboard message named an unknown selection.');
  if (reader.remaining > clipboardBudget) throw new ProtocolError('The clipboard of the other computer was over 4 MiB.');
  return { selection, text: readUtf8(reader.rest()) };
}

export type CursorIn =
  /** `packed` is deflate-raw of width * height * 4 bytes; 0 x 0 is hidden. */
  | { t: 'shape'; width: number; height: number; hotX: number; hotY: number; packed: Uint8Array }
  | { t: 'position'; x: number; y: number };

export function readCursor(bytes: Uint8Array): CursorIn {
  const reader = new WireReader(bytes);
  const type = reader.u8();
  if (type === 1) {
    const width = reader.u16();
    const height = reader.u16();
    const hotX = reader.u16();
    const hotY = reader.u16();
    if (width > cursorSide || height > cursorSide || (width === 0) !== (height === 0)) throw new ProtocolError('A cursor had an impossible size.');
    if (width > 0 && (hotX >= width || hotY >= height)) throw new ProtocolError('A cursor pointed outside itself.');
    if (width === 0) reader.end();
    return { t: 'shape', width, height, hotX, hotY, packed: reader.rest() };
  }
  if (type === 2) {
    const position: CursorIn = { t: 'position', x: reader.u16(), y: reader.u16() };
    reader.end();
    return position;
  }
  throw new ProtocolError(`A cursor message was of unknown type ${type}.`);
}

function readUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new ProtocolError('A message was not UTF-8.');
    throw error;
  }
}

function bound(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.round(value)));
}
