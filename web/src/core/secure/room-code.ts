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
  | 'empty' | 'not-a-code' | 'too-few-digits' | 'too-many-digits' | 'not-our-link' | 'link-without-secret' | 'damaged-link';

export declare function makeDigits(): string;
export declare function makeLinkSecret(): string;
/** "482 190 573" */
export declare function formatCode(number: string, secret: string): string;
export declare function makeLink(link: LinkInvitation): string;
/** The secret as the handshake takes it. */
export declare function secretBytes(secret: string): Uint8Array;
export declare function parseInvitation(typed: string): { readonly invitation: Invitation } | { readonly error: RoomCodeError };
