import type { Place, Ticket } from './bridge.ts';

/** A host's room and the secret that opens it, from a link or from typed digits. */
export interface JoinTarget {
  readonly place: Place;
  readonly secret: string;
  /** SHA-256 of the server's certificate, base64url, in links of servers that no authority vouches for. Hosts pin it; a browser cannot. */
  readonly fingerprint?: string;
}

/** What the address of the page asks for. */
export interface PageTarget {
  /** `/join`: join as the helper. `/help`: the customer's page for a room that a helper opened. `/check`: what this network allows. */
  readonly page: 'start' | 'join' | 'help' | 'check';
  readonly target: JoinTarget | undefined;
  /** Nothing but the desktop, 1:1 from the top-left corner. */
  readonly kiosk: boolean;
}

const fragmentForm = /^#?([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})(?:\.([A-Za-z0-9_-]{43}))?$/;

/** Reads `ROOM.SECRET[.FINGERPRINT]`; undefined when it is anything else. */
export function readFragment(fragment: string): JoinTarget | undefined {
  const found = fragmentForm.exec(fragment);
  const room = found?.[1];
  const secret = found?.[2];
  if (room === undefined || secret === undefined) return undefined;
  const fingerprint = found?.[3];
  return { place: { kind: 'link', room }, secret, ...(fingerprint === undefined ? {} : { fingerprint }) };
}

/** Nine digits, or ten or eleven on a busy server: the last six are the secret. Spaces, dots and dashes between them are fine. */
export function readCode(typed: string): JoinTarget | undefined {
  const digits = typed.replace(/[\s.\-\u2010-\u2015\u00a0\u202f]/g, '');
  if (!/^[0-9]{9,11}$/.test(digits)) return undefined;
  return { place: { kind: 'code', number: digits.slice(0, -6) }, secret: digits.slice(-6) };
}

/** A code or a whole link, as people paste either into the same field. */
export function readCodeOrLink(typed: string): JoinTarget | undefined {
  const hash = typed.indexOf('#');
  return hash < 0 ? readCode(typed) : readFragment(typed.slice(hash).trim());
}

export function readPage(path: string, query: string, fragment: string): PageTarget {
  const page = /^\/join\/?$/.test(path) ? 'join' : /^\/help\/?$/.test(path) ? 'help' : /^\/check\/?$/.test(path) ? 'check' : 'start';
  return { page, target: readFragment(fragment), kiosk: new URLSearchParams(query).get('kiosk') === '1' };
}

/** The relay of the server that gave us the page. */
export function relayUrl(location: { readonly protocol: string; readonly host: string }): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/relay`;
}

const targetKey = 'alongside.target';
const ticketKey = 'alongside.ticket';

/** What of a window is used here. */
export interface TargetWindow {
  readonly location: Pick<Location, 'pathname' | 'search' | 'hash'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/**
 * Reads the page's address and takes the secret out of the address bar and the history at once: it must not be seen over
 * a shoulder, synced, or sent on in a screenshot. sessionStorage keeps it for a reload of this tab; a new address replaces it.
 */
export function takePageTarget(window: TargetWindow): PageTarget {
  const { pathname, search, hash } = window.location;
  const page = readPage(pathname, search, hash);
  if (hash !== '') window.history.replaceState(window.history.state, '', pathname + search);
  if (page.target !== undefined) {
    window.sessionStorage.setItem(targetKey, JSON.stringify({ path: pathname, hash }));
    window.sessionStorage.removeItem(ticketKey);
    return page;
  }
  const kept = readKept(window.sessionStorage.getItem(targetKey));
  if (kept === undefined || kept.path !== pathname) return page;
  return readPage(pathname, search, kept.hash);
}

function readKept(json: string | null): { path: string; hash: string } | undefined {
  if (json === null) return undefined;
  try {
    const kept: unknown = JSON.parse(json);
    if (typeof kept === 'object' && kept !== null && 'path' in kept && 'hash' in kept
      && typeof kept.path === 'string' && typeof kept.hash === 'string') return { path: kept.path, hash: kept.hash };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}

export function forgetTarget(window: TargetWindow): void {
  window.sessionStorage.removeItem(targetKey);
  window.sessionStorage.removeItem(ticketKey);
}

/**
 * Writes the ticket on the page's way out (hidden or unloading). It is taken away again as soon as the page is seen:
 * a duplicated tab copies sessionStorage, and two tabs with one ticket would throw each other out.
 */
export function keepTicket(window: TargetWindow, ticket: Ticket): void {
  const { resume, ...rest } = ticket;
  window.sessionStorage.setItem(ticketKey, JSON.stringify({
    kept: Date.now(),
    ticket: rest,
    ...(resume === undefined ? {} : { session: resume.session, secret: [...resume.secret] }),
  }));
}

export function dropTicket(window: TargetWindow): void {
  window.sessionStorage.removeItem(ticketKey);
}

/** Places are kept for two minutes by server and host; an older ticket opens nothing. */
const ticketLife = 120_000;

/** The ticket of a reload, once. What a page wrote for itself is trusted in form; its age is not. */
export function takeTicket(window: TargetWindow): Ticket | undefined {
  const json = window.sessionStorage.getItem(ticketKey);
  window.sessionStorage.removeItem(ticketKey);
  if (json === null) return undefined;
  const kept = JSON.parse(json) as { kept: number; ticket: Ticket; session?: string; secret?: number[] };
  if (Date.now() - kept.kept > ticketLife) return undefined;
  if (kept.session === undefined || kept.secret === undefined) return kept.ticket;
  return { ...kept.ticket, resume: { session: kept.session, secret: new Uint8Array(kept.secret) } };
}
