/** What two people or two programs share before the handshake. The numbers are the wire's (docs/protocol/secure.md). */
export const CredentialKind = { code: 1, link: 2, resume: 3 } as const;
export type CredentialKind = (typeof CredentialKind)[keyof typeof CredentialKind];

export interface Credential {
  readonly kind: CredentialKind;
  /** Public, printable ASCII of at most 64 characters: a room's number (code), a room's id (link), a session's id (resume). */
  readonly place: string;
  readonly secret: Uint8Array;
}

/** The credentials a host accepts. */
export interface CredentialBook {
  /** The credential that may be tried now; undefined: unknown, lapsed, spent. */
  find(kind: CredentialKind, place: string): Credential | undefined;
  /** The answer is going out: a code is spent from now. */
  attempted(kind: CredentialKind, place: string): void;
  /** The attempt is over. A resume is good only when the first record under the new keys has opened. */
  finished(kind: CredentialKind, place: string, good: boolean): void;
}

/** Why a handshake was refused. The numbers are the wire's. */
export const RefuseReason = { version: 1, credential: 2, confirmation: 3, busy: 4 } as const;
export type RefuseReason = (typeof RefuseReason)[keyof typeof RefuseReason];

/** What a finished handshake has established. */
export interface SecuredDetails {
  /** Six digits, the same on both sides, shown as "418 207". */
  readonly checkDigits: string;
  /** What the other side understands, ascending, without repeats. */
  readonly peerCapabilities: readonly number[];
  readonly credentialKind: CredentialKind;
  /** The credential's place; of a resume, the id of the session that goes on. */
  readonly place: string;
  readonly resumed: boolean;
  /** For coming back after a break; secret. */
  readonly resumeCredential: Credential;
}

/** What a SecurePeer tells, in order. A call that throws is the listener's own mistake and rejects the peer's promise. */
export interface SecureListener {
  /** A payload for the other side. The listener may keep it. */
  payload(bytes: Uint8Array<ArrayBuffer>): void;
  secured(details: SecuredDetails): void;
  /** A whole message. The listener may keep it. */
  message(channel: number, bytes: Uint8Array<ArrayBuffer>): void;
  /** A handshake was refused, by the other side or by us. */
  refused(reason: RefuseReason): void;
  /** The session, or a handshake that got no answer or nonsense, is over. `isSecured` says whether an older session still runs. */
  ended(reason: string): void;
}
