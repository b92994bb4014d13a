import type { OpenCode, OpenedSecrets } from './ticket.ts';

/** What an opener gives out: one code at a time, each with a secret of its own, and one link for the room's life. */
export class OpenedRoom {
  private code: { readonly number: string; readonly secret: string; readonly expires: number } | undefined;
  readonly linkSecret: string;

  constructor(kept: OpenedSecrets | undefined, private readonly makeDigits: () => string, makeLinkSecret: () => string) {
    this.linkSecret = kept?.linkSecret ?? makeLinkSecret();
    this.code = kept?.code;
  }

  get secrets(): OpenedSecrets {
    return this.code === undefined ? { linkSecret: this.linkSecret } : { linkSecret: this.linkSecret, code: this.code };
  }

  /** A number from the server gets digits that the server never sees; none means the last one has lapsed. */
  take(now: number, number: string | undefined, seconds: number): void {
    this.code = number === undefined ? undefined : { number, secret: this.makeDigits(), expires: now + seconds * 1_000_000 };
  }

  /** The number and digits that may be tried now. */
  current(now: number): { readonly number: string; readonly secret: string } | undefined {
    return this.code !== undefined && now < this.code.expires ? this.code : undefined;
  }

  /** Used, well or wrongly: it is never tried again. */
  spend(): void {
    this.code = undefined;
  }

  shown(now: number, room: string): OpenCode | undefined {
    if (this.code === undefined || now >= this.code.expires) return undefined;
    return {
      number: this.code.number, secret: this.code.secret, link: `/help#${room}.${this.linkSecret}`,
      seconds: Math.floor((this.code.expires - now) / 1_000_000),
    };
  }
}
