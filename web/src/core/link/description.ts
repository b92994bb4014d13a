import { JsonMessage } from '../wire/json.ts';
import { ProtocolError } from '../wire/reader.ts';

export type Setup = 'actpass' | 'active' | 'passive';

/** How one side of a way can be found; all that an SDP of one data channel is made of (direct.md, "Finding a way"). */
export interface WayDescription {
  readonly way: number;
  readonly ufrag: string;
  readonly pwd: string;
  /** SHA-256 of the certificate: 32 bytes in base64url without padding. */
  readonly fingerprint: string;
  readonly setup: Setup;
  /** Milliseconds between checks. */
  readonly pacing?: number;
}

export interface WayCandidate {
  readonly way: number;
  readonly candidate: string;
}

const maxCandidate = 512;

export function readDescription(message: JsonMessage): WayDescription {
  const setup = message.string('setup');
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') throw new ProtocolError('A way was described with an unknown setup.');
  return {
    way: message.integer('way', 1, 0xffff), ufrag: iceText(message.string('ufrag'), 4), pwd: iceText(message.string('pwd'), 22),
    fingerprint: matching(message.string('fingerprint'), /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/), setup,
    ...(message.has('pacing') ? { pacing: message.integer('pacing', 0, 10_000) } : {}),
  };
}

export function readCandidate(message: JsonMessage): WayCandidate {
  const candidate = message.string('candidate');
  if (candidate.length > maxCandidate) throw new ProtocolError('A candidate was longer than any is.');
  return { way: message.integer('way', 1, 0xffff), candidate: matching(candidate, /^[ -~]+$/) };
}

/** As a browser takes it. Nothing of it is the peer's but what `readDescription` has let through. */
export function writeSdp(description: WayDescription): string {
  return [
    'v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 0', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=mid:0',
    `a=ice-ufrag:${description.ufrag}`, `a=ice-pwd:${description.pwd}`, 'a=ice-options:trickle renomination',
    ...(description.pacing === undefined ? [] : [`a=ice-pacing:${description.pacing}`]),
    `a=fingerprint:sha-256 ${colons(description.fingerprint)}`, `a=setup:${description.setup}`, 'a=sctp-port:5000', 'a=max-message-size:262144', '',
  ].join('\r\n');
}

/** What a browser says of itself; undefined: something is missing without which there is no way. */
export function readSdp(way: number, sdp: string): WayDescription | undefined {
  const value = (name: string): string | undefined => sdp.match(new RegExp(`^a=${name}:(.*?)\\s*$`, 'm'))?.[1];
  const [ufrag, pwd, setup] = [value('ice-ufrag'), value('ice-pwd'), value('setup')];
  const print = sdp.match(/^a=fingerprint:sha-256 ((?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2})\s*$/im)?.[1];
  if (ufrag === undefined || pwd === undefined || print === undefined || (setup !== 'actpass' && setup !== 'active' && setup !== 'passive')) return undefined;
  const pacing = Number(value('ice-pacing') ?? NaN);
  return { way, ufrag, pwd, fingerprint: base64Url(print), setup, ...(Number.isInteger(pacing) && pacing >= 0 && pacing <= 10_000 ? { pacing } : {}) };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function colons(fingerprint: string): string {
  let bits = '';
  for (const character of fingerprint) bits += alphabet.indexOf(character).toString(2).padStart(6, '0');
  return Array.from({ length: 32 }, (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8), 2).toString(16).padStart(2, '0').toUpperCase()).join(':');
}

function base64Url(print: string): string {
  let bits = print.split(':').map((byte) => parseInt(byte, 16).toString(2).padStart(8, '0')).join('');
  bits += '0'.repeat((6 - (bits.length % 6)) % 6);
  return Array.from({ length: bits.length / 6 }, (_, i) => alphabet.charAt(parseInt(bits.slice(6 * i, 6 * i + 6), 2))).join('');
}

function iceText(text: string, least: number): string {
  if (text.length < least || text.length > 256) throw new ProtocolError('A way was described by a name or password of a wrong length.');
  return matching(text, /^[A-Za-z0-9+/]+$/);
}

function matching(text: string, form: RegExp): string {
  if (!form.test(text)) throw new ProtocolError('A way was described in a wrong form.');
  return text;
}
