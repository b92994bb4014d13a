import type { Ask } from '../../browser/bridge.ts';

const place = 'alongside.ask';
export const longestName = 64;

/** Who asks and for what, as this browser was last told. Looking is always part of it. */
export function rememberedAsk(store: Pick<Storage, 'getItem'> | undefined): Ask {
  const fresh: Ask = { name: '', view: true, control: true, clipboard: true };
  try {
    const kept = JSON.parse(store?.getItem(place) ?? '{}') as Record<string, unknown>;
    return {
      name: typeof kept['name'] === 'string' ? kept['name'].slice(0, longestName) : fresh.name,
      view: true,
      control: kept['control'] !== false,
      clipboard: kept['clipboard'] !== false,
    };
  } catch {
    // Storage that is switched off or was damaged: ask anew.
    return fresh;
  }
}

export function rememberAsk(store: Pick<Storage, 'setItem'> | undefined, ask: Ask): void {
  try {
    store?.setItem(place, JSON.stringify({ name: ask.name, control: ask.control, clipboard: ask.clipboard }));
  } catch {
    // A private window may refuse to store; the name is then typed again next time.
    return;
  }
}

/** Reading `localStorage` itself throws where cookies are blocked. */
export function ownStore(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
