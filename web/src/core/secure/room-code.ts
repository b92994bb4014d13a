import { ascii } from './length-prefixed.ts';
import { systemRandomness, type Randomness } from './randomness.ts';
import { CredentialKind, type Credential } from './types.ts';

/** A code: `number` is the room's and known to the server, `secret` is six digits that the server never sees. */
export interface CodeInvitation {
  readonly kind: 'code';
  readonly number: string;
  readonly secret: string;
}

export interface LinkInvitation {
  readonly kind: 'link';
  /** The server's origin, such as `https://help.example`. */
  readonly server: string;
  /** `join`: a helper enters a host's room. `help`: a customer's host enters a helper's room. */
  readonly purpose: 'join' | 'help';
  readonly room: string;
  readonly secret: string;
  /** SHA-256 of the server's certificate, 43 base64url characters, when no public authority vouches for it. */
  readonly fingerprint: string | undefined;
}

export type Invitation = CodeInvitation | LinkInvitation;

/** Why what was typed is neither code nor link. */
export type RoomCodeError =
  | 'empty'
  /** Something else than digits, spaces and dashes, and no link. */
  | 'not-a-code'
  | 'too-few-digits'
  | 'too-many-digits'
  /** A link, but not to /join or /help of an http or https server. */
  | 'not-our-link'
  /** The part after # is missing: many programs cut it off. */
  | 'link-without-secret'
  /** The part after # is damaged or cut short. */
  | 'damaged-link';

export type Parsed = { readonly invitation: Invitation } | { readonly error: RoomCodeError };

const secretDigits = 6;
const minNumberDigits = 3;
const maxNumberDigits = 5;
/** Longer than any link we make. */
const maxTyped = 512;

/** 16 and 32 bytes in base64url: the last character carries fewer than six bits, so only some can stand there. */
const token = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const fingerprint = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Server, page, and what follows the #. A query may stand before it: the viewer's page takes options there. */
const link =
  /^([Hh][Tt][Tt][Pp][Ss]?:\/\/(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?)\/(join|help)(?:\?[^#]*)?(?:#([^\n]*))?$/;

/** Spaces of any width, dashes of any length, dots. */
const separators = /[\s\-.\u2010-\u2015\u2212\u200b\u0085]/g;

/** Six digits, each value equally likely: draws that would favour the low ones are drawn again. */
export function makeDigits(randomness: Randomness = systemRandomness): string {
  const limit = 2 ** 32 - 1 - ((2 ** 32 - 1) % 1_000_000);
  const bytes = new Uint8Array(4);
  let drawn: number;
  do {
    randomness.fill(bytes);
    drawn = new DataView(bytes.buffer).getUint32(0);
  } while (drawn >= limit);
  return (drawn % 1_000_000).toString().padStart(secretDigits, '0');
}

/** The secret of a link: 16 random bytes as 22 base64url characters. */
export function makeLinkSecret(randomness: Randomness = systemRandomness): string {
  const bytes = new Uint8Array(16);
  randomness.fill(bytes);
  return toBase64Url(bytes);
}

/** "482 190 573"; a longer number stays whole: "4821 905 731". */
export function formatCode(number: string, secret: string): string {
  return `${number} ${secret.slice(0, 3)} ${secret.slice(3)}`;
}

/** `https://host/join#ROOM.SECRET`, with `.FINGERPRINT` where there is one. The part after # never goes to the server. */
export function makeLink(invitation: LinkInvitation): string {
  const end = invitation.fingerprint === undefined ? '' : `.${invitation.fingerprint}`;
  return `${invitation.server}/${invitation.purpose}#${invitation.room}.${invitation.secret}${end}`;
}

/** A code's or link's secret as the handshake takes it. */
export function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  return ascii(secret);
}

/** What the handshake takes. */
export function credentialOf(invitation: Pick<CodeInvitation, 'kind' | 'number' | 'secret'> | Pick<LinkInvitation, 'kind' | 'room' | 'secret'>): Credential {
  return invitation.kind === 'code'
    ? { kind: CredentialKind.code, place: invitation.number, secret: secretBytes(invitation.secret) }
    : { kind: CredentialKind.link, place: invitation.room, secret: secretBytes(invitation.secret) };
}

/** Reads what a person typed or pasted: a code with any spaces, dashes or dots, or a link. */
export function parseInvitation(typed: string): Parsed {
  const text = typed.trim();
  if (text === '') return { error: 'empty' };
  if (text.length > maxTyped) return { error: 'not-a-code' };
  return text.includes('://') ? parseLink(text) : parseCode(text);
}

function parseCode(text: string): Parsed {
  const digits = text.replace(separators, '');
  if (!/^[0-9]+$/.test(digits)) return { error: 'not-a-code' };
  if (digits.length < minNumberDigits + secretDigits) return { error: 'too-few-digits' };
  if (digits.length > maxNumberDigits + secretDigits) return { error: 'too-many-digits' };
  return { invitation: { kind: 'code', number: digits.slice(0, -secretDigits), secret: digits.slice(-secretDigits) } };
}

function parseLink(text: string): Parsed {
  const match = link.exec(text);
  if (!match) return { error: 'not-our-link' };
  if (!match[3]) return { error: 'link-without-secret' };
  const [room, secret, print, ...more] = match[3].split('.');
  if (!room || !secret || more.length > 0 || !token.test(room) || !token.test(secret) || (print !== undefined && !fingerprint.test(print))) {
    return { error: 'damaged-link' };
  }
  const purpose = match[2] === 'join' ? 'join' : 'help';
  return { invitation: { kind: 'link', server: match[1]!.toLowerCase(), purpose, room, secret, fingerprint: print } };
}

function toBase64Url(bytes: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let i = 0; i < Math.min(4, left + 1); i++) text += alphabet[(bits >> (18 - 6 * i)) & 63];
  }
  return text;
}
