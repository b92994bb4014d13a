import type { Entrance } from '../relay/relay-peer.ts';
import { makeDigits, makeLinkSecret, secretBytes } from '../secure/room-code.ts';
import { CredentialKind, RefuseReason, type Credential } from '../secure/types.ts';
import { OpenedRoom } from './opened-room.ts';
import type { Start } from './session-output.ts';
import type { OpenCode, Place, Ticket } from './ticket.ts';

/** What follows when a handshake came to nothing. A credential: it is tried with that. */
export type Consequence =
  | Credential
  /** The same again, a moment later. */
  | 'again'
  /** The host has forgotten the session that we had. */
  | 'forgotten'
  /** The code was used and did not lead to a session: it is worthless from now on. */
  | 'burnt'
  /** Somebody is in our room with neither link nor code. */
  | 'stranger'
  | 'unknown-link' | 'unproven-link' | 'version';

/** How we got our place, and how we get it again. */
export function entranceOf(start: Start): Entrance {
  if (start.t === 'open') return { t: 'open' };
  if (start.t === 'join') return start.place.kind === 'code' ? { t: 'join', number: start.place.number } : { t: 'join', room: start.place.room };
  const { room, member, token } = start.ticket;
  return { t: 'rejoin', room, member, token };
}

/**
 * What admits us to the host: the code or link that we were given, what we gave out ourselves for the room we opened, or the session that we had. Knows which of them is
 * being tried, and what follows from its failure.
 */
export class Admission {
  private readonly joined: { readonly place: Place; readonly secret: string } | undefined;
  private readonly opened: OpenedRoom | undefined;
  private resume: Credential | undefined;
  /** The credential of the handshake underway; undefined: none is. */
  private trying: Credential | undefined;
  /** Our confirmation left: whatever happens now, the code is used. */
  private confirmed = false;

  constructor(start: Start) {
    const kept = start.t === 'resume' ? start.ticket : undefined;
    this.joined = start.t === 'join' ? { place: start.place, secret: start.secret } : kept?.joined;
    if (this.joined === undefined) this.opened = new OpenedRoom(kept?.opened, makeDigits, makeLinkSecret);
    if (kept?.resume !== undefined) this.resume = { kind: CredentialKind.resume, place: kept.resume.session, secret: kept.resume.secret };
  }

  /** The room is ours: who comes has what we gave out. */
  get isOpener(): boolean {
    return this.opened !== undefined;
  }

  /** There has been a session. */
  get isKnown(): boolean {
    return this.resume !== undefined;
  }

  get isTrying(): boolean {
    return this.trying !== undefined;
  }

  /** A code is being tried, beyond recall. */
  get isSpending(): boolean {
    return this.trying?.kind === CredentialKind.code && this.confirmed;
  }

  /** The part of a ticket that is ours. */
  get kept(): Pick<Ticket, 'joined' | 'opened' | 'resume'> {
    return {
      ...(this.joined === undefined ? {} : { joined: this.joined }),
      ...(this.opened === undefined ? {} : { opened: this.opened.secrets }),
      ...(this.resume === undefined ? {} : { resume: { session: this.resume.place, secret: this.resume.secret } }),
    };
  }

  // ---- What the opener gives out.

  /** A number from the server; undefined: the last one has lapsed. */
  numbered(now: number, number: string | undefined, seconds: number): void {
    this.opened?.take(now, number, seconds);
  }

  hasCode(now: number): boolean {
    return this.opened?.current(now) !== undefined;
  }

  shown(now: number, room: string): OpenCode | undefined {
    return this.opened?.shown(now, room);
  }

  /** The code that is out becomes worthless. */
  spend(): void {
    this.opened?.spend();
  }

  // ---- Handshakes.

  /** What a host is met with first. */
  first(room: string): Credential {
    // Whether the customer clicked the link or typed the code is not known: a host refuses the one it does not have.
    return this.resume ?? this.given ?? { kind: CredentialKind.link, place: room, secret: secretBytes(this.opened?.linkSecret ?? '') };
  }

  begin(credential: Credential): void {
    this.trying = credential;
    this.confirmed = false;
  }

  confirm(): void {
    this.confirmed = true;
  }

  /** The handshake is over, or given up. Returns what was tried. */
  over(): Credential | undefined {
    const tried = this.trying;
    this.trying = undefined;
    return tried;
  }

  secured(resume: Credential): void {
    this.trying = undefined;
    this.resume = resume;
  }

  /** The host has forgotten the session. A link that we were given leads in again, a code does not. */
  forget(): Credential | undefined {
    this.resume = undefined;
    return this.joined?.place.kind === 'link' ? this.given : undefined;
  }

  refused(now: number, tried: Credential | undefined, reason: RefuseReason): Consequence {
    if (reason === RefuseReason.version) return 'version';
    if (reason === RefuseReason.busy) return 'again';
    if (tried?.kind === CredentialKind.resume) return 'forgotten';
    if (this.opened === undefined) return tried?.kind === CredentialKind.link ? 'unknown-link' : 'burnt';
    if (tried?.kind === CredentialKind.code && (this.confirmed || reason === RefuseReason.confirmation)) return 'burnt';
    const code = this.opened.current(now);
    if (tried?.kind === CredentialKind.link && reason === RefuseReason.credential && code !== undefined) {
      return { kind: CredentialKind.code, place: code.number, secret: secretBytes(code.secret) };
    }
    return 'stranger';
  }

  /** The first handshake with a host got no answer, or nonsense. */
  failed(tried: Credential): Consequence {
    if (tried.kind === CredentialKind.code && this.confirmed) return 'burnt';
    if (tried.kind === CredentialKind.link && this.confirmed && this.joined !== undefined) return 'unproven-link';
    return this.opened === undefined ? 'again' : 'stranger';
  }

  private get given(): Credential | undefined {
    if (this.joined === undefined) return undefined;
    const { place, secret } = this.joined;
    return place.kind === 'code'
      ? { kind: CredentialKind.code, place: place.number, secret: secretBytes(secret) }
      : { kind: CredentialKind.link, place: place.room, secret: secretBytes(secret) };
  }
}
