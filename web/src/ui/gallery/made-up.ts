import type { EndReason, Health, SessionState } from '../../browser/bridge.ts';
import type { SessionSnapshot } from '../../browser/session-client.ts';
import type { Offer } from '../app/server.ts';
import type { SessionActions, SessionPicture, ViewState } from '../session/session-view.ts';

/** Values for the gallery: one believable session, and what differs in each state. */
export const origin = 'https://support.example';

export const offer: Offer = {
  at: 'here',
  offer: { version: '0.1.0', ownCertificate: false, downloads: [{ system: 'linux-x64', url: '/download/alongside-host-linux-x64', bytes: 14_200_000 }] },
};

export const offerWindows: Offer = {
  at: 'here',
  offer: { version: '0.1.0', ownCertificate: false, downloads: [{ system: 'win-x64', url: '/download/alongside-host-win-x64.exe', bytes: 15_800_000 }] },
};

export const endReasons: readonly EndReason[] = [
  'left', 'stopped', 'closed', 'refused', 'host-gone', 'no-room', 'replaced', 'removed',
  'slow-down', 'too-slow', 'protocol', 'version', 'idle', 'unreachable',
];

/** A minute in which somebody typed, read, and typed again; the same each time. */
export function minute(): Health[] {
  let seed = 7;
  const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
  return Array.from({ length: 120 }, (_, at) => {
    const typing = at < 34 || (at > 52 && at < 96) || at > 108;
    const burst = at > 60 && at < 72 ? 14 : 1;
    return {
      path: 'relay',
      roundTrip: 2 + random() * 0.8,
      relayRoundTrip: undefined,
      loss: undefined,
      inputToPicture: typing ? 5 + random() * 3 + (at === 63 ? 11 : 0) : undefined,
      rate: (typing ? 26_000 + random() * 40_000 : random() * 4_000) * burst,
      updates: typing ? 12 : 0,
    };
  });
}

const live: SessionState = { at: 'live', grant: { view: true, control: true, clipboard: true }, checkDigits: '418207' };

export function snapshot(part: Partial<SessionSnapshot> = {}): SessionSnapshot {
  const history = minute();
  return {
    state: live,
    code: undefined,
    desktop: {
      name: 'Front desk PC', width: 1920, height: 1080, shows: 0,
      monitors: [{ id: 1, name: 'DP-1', x: 0, y: 0, width: 1920, height: 1080, primary: true }],
    },
    picture: { width: 1920, height: 1080 },
    cursor: undefined,
    cursorAt: undefined,
    health: history.at(-1),
    pairs: { tried: 6, answered: 0 },
    healthHistory: history,
    notices: [],
    clipboardOffered: undefined,
    ...part,
  };
}

/** The same, after it has moved to a direct path. */
export function direct(): SessionSnapshot {
  const healthHistory = minute().map((health, at) => (at < 30 ? health : { ...health, path: 'direct' as const, roundTrip: 0.9, relayRoundTrip: 24, loss: 0.004 }));
  return snapshot({ health: healthHistory.at(-1), healthHistory, pairs: { tried: 6, answered: 2 } });
}

/** Before the first picture. */
export const early = (state: SessionState): SessionSnapshot =>
  snapshot({ state, desktop: undefined, picture: undefined, health: undefined, pairs: undefined, healthHistory: [] });

const view: ViewState = {
  mode: 'fit', scale: 0.67, fullScreen: false, canFullScreen: true, touch: 'trackpad', hasTouch: false, hasCommand: false, keyboard: false, summons: 0,
};

export function picture(of: SessionSnapshot, part: Partial<Omit<SessionPicture, 'view'>> & { view?: Partial<ViewState> } = {}): SessionPicture {
  return {
    snapshot: of, ask: { name: 'Anna from the helpdesk', view: true, control: true, clipboard: true }, origin,
    together: 724_000, codeLeft: 540, byLink: false, asked: false, ...part, view: { ...view, ...part.view },
  };
}

const nothing = (): void => undefined;

export const actions: SessionActions = {
  leave: nothing, again: nothing, toStart: nothing, newCode: nothing, askFor: nothing, giveBack: nothing, monitor: nothing,
  chord: nothing, sendClipboard: nothing, copyOffered: nothing, dismissNotice: nothing, mode: nothing, zoom: nothing,
  fullScreen: nothing, touch: nothing, keyboard: nothing, focusDesktop: nothing,
};
