/** Something a session needs that this browser or this address does not offer. */
export type Missing =
  /** The page came over plain http from another machine; browsers then withhold cryptography. */
  | 'secure-context'
  | 'crypto'
  | 'offscreen-canvas'
  | 'module-workers'
  | 'websocket';

/** Where `canRun` looks; the page's own globals unless a test says otherwise. */
export interface Surroundings {
  readonly isSecureContext?: boolean;
  readonly crypto?: { readonly subtle?: unknown };
  readonly OffscreenCanvas?: unknown;
  readonly HTMLCanvasElement?: { readonly prototype: object };
  readonly Worker?: unknown;
  readonly Array?: { readonly prototype: object };
  readonly WebSocket?: unknown;
}

/**
 * What is missing for a session, most telling first; empty when all is there. Without a secure context `crypto.subtle`
 * is hidden on purpose: the address is to blame, not the browser, so only that is reported.
 */
export function canRun(where: Surroundings = globalThis as Surroundings): readonly Missing[] {
  const missing: Missing[] = [];
  if (where.isSecureContext === false) missing.push('secure-context');
  else if (where.crypto?.subtle === undefined) missing.push('crypto');
  if (where.OffscreenCanvas === undefined || !hasTransfer(where)) missing.push('offscreen-canvas');
  if (!hasModuleWorkers(where)) missing.push('module-workers');
  if (where.WebSocket === undefined) missing.push('websocket');
  return missing;
}

function hasTransfer(where: Surroundings): boolean {
  const prototype = where.HTMLCanvasElement?.prototype;
  return prototype !== undefined && 'transferControlToOffscreen' in prototype;
}

/**
 * Asking directly means starting a worker, which the pages' content policy refuses with noise in the console. The last engine to learn
 * module workers was Firefox 114; one version later it learnt `toReversed`, which is used here anyway, as all others had before.
 */
function hasModuleWorkers(where: Surroundings): boolean {
  return typeof where.Worker === 'function' && 'toReversed' in (where.Array?.prototype ?? {});
}
