import { JsonMessage } from '../wire/json.ts';
import { ProtocolError } from '../wire/reader.ts';

export type Role = 'host' | 'viewer';

export interface Member {
  readonly member: number;
  readonly role: Role;
  readonly here: boolean;
}

/** Client to server; relay.md, "Signalling, text". */
export type SignalOut =
  | { t: 'open'; v: 1; role: Role; number: boolean }
  | { t: 'join'; v: 1; role: Role; number: string }
  | { t: 'join'; v: 1; role: Role; room: string }
  | { t: 'rejoin'; v: 1; room: string; member: number; token: string }
  | { t: 'number' }
  | { t: 'unnumber' }
  | { t: 'remove'; member: number }
  | { t: 'close' };

/** TURN servers that may be used, and what opens them for so many seconds. */
export interface TurnOffer {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
  readonly seconds: number;
}

/** Server to client. */
export type SignalIn =
  | { t: 'opened'; room: string; member: number; token: string; number: string | undefined; seconds: number; window: number; stun: number | undefined; turn: TurnOffer | undefined }
  | { t: 'joined'; room: string; member: number; token: string | undefined; members: readonly Member[]; window: number; stun: number | undefined; turn: TurnOffer | undefined }
  | { t: 'number'; number: string; seconds: number }
  | { t: 'expired' }
  | { t: 'arrived'; member: number; role: Role }
  | { t: 'left'; member: number; gone: boolean }
  | { t: 'turn'; turn: TurnOffer }
  | { t: 'error'; code: string; message: string };

const maxText = 4096;
const maxMembers = 1000;

/** Undefined for messages that a newer server may send and we do not know. */
export function readSignal(text: string): SignalIn | undefined {
  if (text.length > maxText) throw new ProtocolError('The server sent a message that is too long.');
  const message = JsonMessage.parse(text);
  switch (message.string('t')) {
    case 'opened':
      return {
        t: 'opened', ...place(message), token: token(message),
        number: message.has('number') ? number(message) : undefined,
        stun: stun(message), turn: turn(message),
        seconds: message.has('seconds') ? message.integer('seconds', 0, 86_400) : 0,
      };
    case 'joined':
      return {
        t: 'joined', ...place(message), token: message.has('token') ? token(message) : undefined, stun: stun(message), turn: turn(message),
        members: message.list('members', maxMembers).map((entry) => ({
          member: memberId(entry), role: role(entry), here: entry.boolean('here'),
        })),
      };
    case 'number':
      return { t: 'number', number: number(message), seconds: message.integer('seconds', 0, 86_400) };
    case 'expired':
      return { t: 'expired' };
    case 'arrived':
      return { t: 'arrived', member: memberId(message), role: role(message) };
    case 'left':
      return { t: 'left', member: memberId(message), gone: message.boolean('gone') };
    case 'turn':
      return { t: 'turn', turn: offer(message) };
    case 'error':
      return { t: 'error', code: message.label('code', 32), message: message.label('message', 300) };
    default:
      return undefined;
  }
}

function place(message: JsonMessage): { room: string; member: number; window: number } {
  const room = message.string('room');
  if (!/^[A-Za-z0-9_-]{22}$/.test(room)) throw new ProtocolError('The server named a room in a wrong form.');
  // A window under two records could never be filled sensibly.
  return { room, member: memberId(message), window: message.integer('window', 131_072, 0x7fff_ffff) };
}

/** The server's UDP port for STUN. */
function stun(message: JsonMessage): number | undefined {
  return message.has('stun') ? message.integer('stun', 1, 0xffff) : undefined;
}

function turn(message: JsonMessage): TurnOffer | undefined {
  return message.has('turn') ? offer(message) : undefined;
}

function offer(message: JsonMessage): TurnOffer {
  const offered = message.object('turn');
  const urls = offered.texts('urls', 8);
  const [username, credential] = [offered.string('username'), offered.string('credential')];
  if (urls.length === 0 || !urls.every((url) => /^turns?:[!-~]{1,250}$/.test(url)) || ![username, credential].every((text) => /^[!-~]{1,256}$/.test(text))) {
    throw new ProtocolError('The server named a TURN server in a wrong form.');
  }
  return { urls, username, credential, seconds: offered.integer('seconds', 1, 604_800) };
}

function token(message: JsonMessage): string {
  const value = message.string('token');
  if (!/^[A-Za-z0-9_-]{22}$/.test(value)) throw new ProtocolError('The server gave a token in a wrong form.');
  return value;
}

function number(message: JsonMessage): string {
  const value = message.string('number');
  if (!/^[0-9]{3,5}$/.test(value)) throw new ProtocolError('The server gave a number in a wrong form.');
  return value;
}

function memberId(message: JsonMessage): number {
  return message.integer('member', 1, 0xffff);
}

function role(message: JsonMessage): Role {
  const value = message.string('role');
  if (value !== 'host' && value !== 'viewer') throw new ProtocolError('The server named a role that does not exist.');
  return value;
}
