/** An address of this browser for a direct path: its own (browsers hide it behind a name), or as the world sees it. */
export interface OwnAddress {
  readonly kind: 'own' | 'seen';
  readonly address: string;
  readonly port: number;
}

/** What a check has found so far; what is missing is still being tried. */
export interface Findings {
  /** Whether this browser has WebRTC. */
  readonly webRtc: boolean;
  /** Milliseconds until it answered; false: it did not. */
  readonly serverMs?: number | false;
  readonly relayMs?: number | false;
  /** What a session over the relay gets from here: milliseconds there and back, bits a second; absent: not measured, or not yet. */
  readonly relayIs?: { readonly roundTrip: number; readonly rate: number };
  readonly addresses?: readonly OwnAddress[];
  readonly askedStun?: boolean;
  /** Questions of STUN that got no answer. */
  readonly stunUnanswered?: number;
}

/** What lies between this browser and the world. */
export type Nat = 'none' | 'same' | 'symmetric' | 'blocked' | 'unknown';

/** Who can be met without the server in between. */
export type Reach = 'most' | 'few' | 'nobody' | 'unknown';

/** Undefined while it is not known. */
export function natOf({ addresses, askedStun, stunUnanswered = 0 }: Findings): Nat | undefined {
  if (addresses === undefined) return undefined;
  if (askedStun !== true) return 'unknown';
  const seen = addresses.filter(({ kind }) => kind === 'seen');
  if (seen.length === 0) return stunUnanswered > 0 ? 'blocked' : 'none';
  // Both ports of one server were asked from each own address: more ports than those at one place outside are made anew for each.
  const own = addresses.length - seen.length;
  const portsAt = (place: string): number => new Set(seen.filter(({ address }) => address === place).map(({ port }) => port)).size;
  return seen.some(({ address }) => portsAt(address) > Math.max(1, own)) ? 'symmetric' : 'same';
}

export function reachOf(found: Findings): Reach | undefined {
  if (!found.webRtc) return 'nobody';
  const nat = natOf(found);
  return nat === undefined ? undefined : nat === 'symmetric' ? 'few' : nat === 'blocked' ? 'nobody' : nat === 'unknown' ? 'unknown' : 'most';
}

/** `stun` of `GET /api/server`, without trusting its shape. */
export function readStunPorts(facts: unknown): readonly number[] {
  const listed: unknown = typeof facts === 'object' && facts !== null && 'stun' in facts ? facts.stun : undefined;
  return Array.isArray(listed) ? listed.filter((port): port is number => Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536).slice(0, 4) : [];
}
