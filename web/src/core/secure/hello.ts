import { ProtocolError, WireReader } from '../wire/reader.ts';
import { WireWriter } from '../wire/writer.ts';
import { shareLength } from './cpace.ts';
import { ascii, equalBytes } from './length-prefixed.ts';

/** The first byte of every payload. */
export const PayloadKind = {
  viewerHello: 0x10, hostHello: 0x11, viewerFinish: 0x12, hostFinish: 0x13, refuse: 0x14, pairRecord: 0x20, streamRecord: 0x21,
} as const;

/** From this version on what a host says in a handshake names the Hello it answers. */
export const boundVersion = 2;
/** What both sides of this build know, ascending. */
export const knownVersions: readonly number[] = [1, boundVersion];
export const nonceLength = 16;
export const confirmLength = 32;
const maxPlace = 64;

export interface ViewerHello {
  readonly versions: readonly number[];
  readonly nonce: Uint8Array;
  readonly credential: number;
  readonly place: string;
  readonly capabilities: readonly number[];
}

/** u8 0x10 | u8 n, u16 version[n] | nonce 16 | u8 credential | u8 placeLength, place | u8 m, u16 capability[m] */
export function writeViewerHello(hello: ViewerHello): Uint8Array<ArrayBuffer> {
  const out = new WireWriter().u8(PayloadKind.viewerHello);
  writeList(out, hello.versions);
  out.put(hello.nonce).u8(hello.credential).u8(hello.place.length).put(ascii(hello.place));
  writeList(out, hello.capabilities);
  return out.done();
}

export function readViewerHello(payload: Uint8Array): ViewerHello {
  const reader = new WireReader(payload.subarray(1));
  const versions = readList(reader);
  const nonce = reader.take(nonceLength).slice();
  const credential = reader.u8();
  const place = reader.take(reader.u8());
  const capabilities = readList(reader);
  reader.end();
  if (versions.length === 0) throw new ProtocolError('A Hello named no version.');
  if (place.length === 0 || place.length > maxPlace || place.some((b) => b < 0x21 || b > 0x7e)) {
    throw new ProtocolError('A Hello named no proper place.');
  }
  return { versions, nonce, credential, place: String.fromCharCode(...place), capabilities };
}

export interface HostHello {
  readonly version: number;
  /** The viewer's nonce; empty in version 1. */
  readonly answered: Uint8Array;
  readonly nonce: Uint8Array;
  readonly capabilities: readonly number[];
}

/** u8 0x11 | u16 version | [from version 2: nonce 16 of the Hello that is answered] | nonce 16 | u8 m, u16 capability[m] | share 65; here without the share. */
export function writeHostHelloHead(hello: HostHello): Uint8Array<ArrayBuffer> {
  const out = new WireWriter().u8(PayloadKind.hostHello).u16(hello.version).put(hello.answered).put(hello.nonce);
  writeList(out, hello.capabilities);
  return out.done();
}

export function readHostHello(payload: Uint8Array): { hello: HostHello; head: Uint8Array; share: Uint8Array } {
  const reader = new WireReader(payload.subarray(1));
  const chosen = reader.u16();
  const answered = reader.take(chosen >= boundVersion ? nonceLength : 0).slice();
  const nonce = reader.take(nonceLength).slice();
  const capabilities = readList(reader);
  const share = reader.take(shareLength).slice();
  reader.end();
  return { hello: { version: chosen, answered, nonce, capabilities }, head: payload.slice(0, payload.length - shareLength), share };
}

/** u8 0x12 | share 65 | confirm 32 */
export function readViewerFinish(payload: Uint8Array): { share: Uint8Array; confirm: Uint8Array } {
  const reader = new WireReader(payload.subarray(1));
  const share = reader.take(shareLength).slice();
  const confirm = reader.take(confirmLength).slice();
  reader.end();
  return { share, confirm };
}

/** u8 0x13 | [from version 2: nonce 16 of the Hello that is answered] | confirm 32 */
export function readHostFinish(payload: Uint8Array, version: number): Uint8Array {
  const reader = new WireReader(payload.subarray(1));
  reader.take(version >= boundVersion ? nonceLength : 0);
  const confirm = reader.take(confirmLength).slice();
  reader.end();
  return confirm;
}

/** u8 0x14 | u8 reason | [to a Hello that named version 2: its nonce 16] */
export function readRefuse(payload: Uint8Array): number {
  const reader = new WireReader(payload.subarray(1));
  const reason = reader.u8();
  reader.take(reader.remaining === nonceLength ? nonceLength : 0);
  reader.end();
  if (reason < 1 || reason > 4) throw new ProtocolError('A Refuse gave no known reason.');
  return reason;
}

/** Whether what a host said answers another Hello than the one with this nonce: an earlier one, and it came late. Of version 1 nobody can tell. */
export function answersAnother(payload: Uint8Array, nonce: Uint8Array): boolean {
  const bound = payload[0] === PayloadKind.hostHello ? payload.length >= 3 + nonceLength && (payload[1]! << 8 | payload[2]!) >= boundVersion && 3
    : payload[0] === PayloadKind.hostFinish ? payload.length === 1 + nonceLength + confirmLength && 1
    : payload[0] === PayloadKind.refuse && payload.length === 2 + nonceLength && 2;
  return bound !== false && !equalBytes(payload.subarray(bound, bound + nonceLength), nonce);
}

/** Ascending, without repeats: a list has one form. */
export function sortedNumbers(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function writeList(out: WireWriter, numbers: readonly number[]): void {
  if (numbers.length > 255) throw new RangeError('At most 255 numbers.');
  out.u8(numbers.length);
  for (const number of numbers) out.u16(number);
}

function readList(reader: WireReader): number[] {
  const numbers: number[] = [];
  for (let rest = reader.u8(); rest > 0; rest--) {
    const number = reader.u16();
    if (numbers.length > 0 && number <= numbers.at(-1)!) throw new ProtocolError('A list in a Hello was not in ascending order.');
    numbers.push(number);
  }
  return numbers;
}
