import type { Key } from '../texts/texts.ts';
import type { ServerOffer, Download } from './server.ts';

export type System = 'linux' | 'windows' | 'mac' | 'android' | 'ios' | 'other';

interface Agent {
  readonly userAgent: string;
  readonly maxTouchPoints: number;
}

/** The visitor's system from what the browser says; iPads call themselves Macs but have fingers. */
export function systemOf({ userAgent, maxTouchPoints }: Agent): System {
  if (/android/i.test(userAgent)) return 'android';
  if (/iphone|ipad|ipod/i.test(userAgent)) return 'ios';
  if (/macintosh|mac os x/i.test(userAgent)) return maxTouchPoints > 1 ? 'ios' : 'mac';
  if (/windows/i.test(userAgent)) return 'windows';
  if (/linux|x11|cros/i.test(userAgent)) return 'linux';
  return 'other';
}

export const systemName = {
  linux: 'system.linux', windows: 'system.windows', mac: 'system.mac',
  android: 'system.android', ios: 'system.ios', other: 'system.other',
} as const satisfies Record<System, Key>;

const prefixes: Partial<Record<System, string>> = { linux: 'linux-', windows: 'win-', mac: 'osx-' };

/** The host program for this system, if the server has one. */
export function downloadFor(offer: ServerOffer, system: System): Download | undefined {
  const prefix = prefixes[system];
  return prefix === undefined ? undefined : offer.downloads.find((d) => d.system.startsWith(prefix));
}

/** The one line that fetches the host and starts it; `what` is a code, a link, or nothing to show a code of one's own. */
export function hostCommand(origin: string, { ownCertificate }: ServerOffer, what?: string): string {
  const fetchIt = `curl -fsSL${ownCertificate ? 'k' : ''} ${origin}/get | sh`;
  return what === undefined ? fetchIt : `${fetchIt} -s -- ${/^[\w-]+$/.test(what) ? what : `'${what.replaceAll("'", '')}'`}`;
}
