import { useState, type ReactNode } from 'react';
import type { Ask, SessionState } from '../../browser/bridge.ts';
import type { Offer } from '../app/server.ts';
import type { Findings } from '../../core/check/findings.ts';
import { CannotRun, FaultPage } from '../app/Problems.tsx';
import type { System } from '../app/system.ts';
import { CheckView } from '../check/CheckView.tsx';
import { CustomerPage, type GivenText } from '../customer/CustomerPage.tsx';
import type { Panel } from '../session/LiveDesktop.tsx';
import type { SessionPicture } from '../session/session-view.ts';
import { SessionView } from '../session/SessionView.tsx';
import { StartPage } from '../start/StartPage.tsx';
import { Components } from './Components.tsx';
import { actions, direct, early, endReasons, offer, offerWindows, origin, picture, snapshot } from './made-up.ts';
import { MadeUpDesktop } from './MadeUpDesktop.tsx';

export interface Specimen {
  readonly group: string;
  readonly name: string;
  show(): ReactNode;
}

const link = `${origin}/help#R2dXc1ZtUXhLb3BhN1dlcg.bm9ib2R5IGd1ZXNzZXMgdA`;
const code = { number: '482', secret: '190573', link: '/help#R2dXc1ZtUXhLb3BhN1dlcg.bm9ib2R5IGd1ZXNzZXMgdA', seconds: 600 };
const monitors = [
  { id: 1, name: 'DP-1', x: 0, y: 0, width: 1920, height: 1080, primary: true },
  { id: 2, name: 'HDMI-2', x: 1920, y: 0, width: 1280, height: 1024, primary: false },
];

function Start({ of = offer, system = 'linux', name = 'Anna from the helpdesk', runs = true }: { of?: Offer; system?: System; name?: string; runs?: boolean }) {
  const [ask, setAsk] = useState<Ask>({ name, view: true, control: true, clipboard: true });
  const nothing = (): void => undefined;
  return <StartPage offer={of} system={system} origin={origin} onGiven={nothing} ask={ask} onAsk={setAsk} onJoin={nothing} onOpen={nothing} runs={runs} onWhy={nothing} />;
}

function session(of: SessionPicture, opened = false, panel: Panel = 'none'): ReactNode {
  return <SessionView picture={of} actions={actions} desktop={<MadeUpDesktop />} opened={opened} panel={panel} />;
}

const before = (state: SessionState, opened = false): ReactNode => session(picture(early(state), { together: 0 }), opened);

const customer = (given: GivenText | undefined, system: System = 'linux', of: Offer = offer): ReactNode =>
  <CustomerPage given={given} offer={of} system={system} origin={origin} />;

const checked = (found: Findings, done = true): ReactNode => <CheckView found={found} done={done} onAgain={() => undefined} />;
const answered: Findings = { webRtc: true, serverMs: 23, relayMs: 41, relayIs: { roundTrip: 18, rate: 34_000_000 } };
const own = { kind: 'own', address: '', port: 40_000 } as const;
const seen = (port: number) => ({ kind: 'seen', address: '203.0.113.57', port }) as const;

const checks: Record<string, () => ReactNode> = {
  'check-begins': () => checked({ webRtc: true }, false),
  'check-halfway': () => checked(answered, false),
  'check-well': () => checked({ ...answered, askedStun: true, addresses: [own, seen(40_000)] }),
  'check-symmetric': () => checked({ ...answered, askedStun: true, addresses: [own, seen(1025), seen(1026)] }),
  'check-blocked': () => checked({ ...answered, askedStun: true, stunUnanswered: 2, addresses: [own] }),
  'check-no-stun': () => checked({ ...answered, askedStun: false, addresses: [own] }),
  'check-no-webrtc': () => checked({ ...answered, webRtc: false }),
  'check-no-relay': () => checked({ webRtc: true, serverMs: 23, relayMs: false }),
  'check-no-server': () => checked({ webRtc: true, serverMs: false }),
};

const lookOnly: SessionState = { at: 'live', grant: { view: true, control: false, clipboard: false }, checkDigits: '418207' };

const live: Record<string, () => ReactNode> = {
  live: () => session(picture(snapshot())),
  'live-looking': () => session(picture(snapshot({ state: lookOnly, healthHistory: [] }))),
  'live-unmeasured': () => session(picture(snapshot({ health: undefined, healthHistory: [] }), { together: 0 })),
  'live-long-name': () => session(picture(snapshot({ desktop: { name: 'Rechtsanwaltskanzlei Empfangsrechner im Erdgeschoss', width: 1920, height: 1080, monitors: [], shows: 0 } }))),
  tools: () => session(picture(snapshot({ desktop: { name: 'Front desk PC', width: 3200, height: 1080, monitors, shows: 1 } })), false, 'tools'),
  'tools-looking': () => session(picture(snapshot({ state: lookOnly }), { asked: true, view: { fullScreen: true } }), false, 'tools'),
  'tools-mac': () => session(picture(snapshot(), { view: { hasCommand: true } }), false, 'tools'),
  'tools-touch': () => session(picture(snapshot(), { view: { hasTouch: true, canFullScreen: false } }), false, 'tools'),
  connection: () => session(picture(snapshot()), false, 'connection'),
  'connection-gateway': () => session(picture(snapshot({ desktop: { name: 'Press line 3', width: 1920, height: 1080, monitors: [], shows: 0, gateway: { protocol: 'VNC', encrypted: false } } })), false, 'connection'),
  'connection-direct': () => session(picture(direct()), false, 'connection'),
  'connection-quiet': () => session(picture(snapshot({ state: lookOnly, health: undefined, pairs: undefined, healthHistory: [] })), false, 'connection'),
  clipboard: () => session(picture(snapshot({ clipboardOffered: 'ipp://office-2.local:631/printers/front-desk\nQueue: 3 documents' })), false, 'clipboard'),
  'clipboard-empty': () => session(picture(snapshot()), false, 'clipboard'),
  'clipboard-not-shared': () => session(picture(snapshot({ state: lookOnly })), false, 'clipboard'),
  notice: () => session(picture(snapshot({ notices: [{ id: 1, code: 'clipboard-too-big', text: '' }] }))),
  'phone-keyboard': () => session(picture(snapshot(), { view: { hasTouch: true, keyboard: true } })),
  reconnecting: () => session(picture(snapshot({ state: { at: 'reconnecting', side: 'ours' } }))),
  'reconnecting-theirs': () => session(picture(snapshot({ state: { at: 'reconnecting', side: 'theirs' } }))),
  'reconnecting-server': () => session(picture(snapshot({ state: { at: 'reconnecting', side: 'server' } }))),
  lost: () => session(picture(snapshot({ state: { at: 'lost', text: 'The X display :0 does not answer.' } }))),
};

const pages: Record<string, () => ReactNode> = {
  start: () => <Start />,
  'start-new': () => <Start name="" />,
  'start-windows': () => <Start system="windows" />,
  'start-windows-download': () => <Start system="windows" of={offerWindows} />,
  'start-phone': () => <Start system="ios" />,
  'start-asking': () => <Start of={{ at: 'asking' }} />,
  'start-silent': () => <Start of={{ at: 'silent' }} />,
  'start-insecure': () => <Start runs={false} />,
  customer: () => customer({ kind: 'link', link }),
  'customer-code': () => customer({ kind: 'code', digits: '482 190 573' }),
  'customer-download': () => customer({ kind: 'code', digits: '482 190 573' }, 'windows', offerWindows),
  'customer-windows': () => customer({ kind: 'link', link }, 'windows'),
  'customer-phone': () => customer({ kind: 'link', link }, 'android'),
  'customer-bad-link': () => customer(undefined),
  insecure: () => <CannotRun missing={['secure-context']} address={new URL('http://192.168.1.20:8080/join')} />,
  old: () => <CannotRun missing={['offscreen-canvas', 'module-workers']} address={new URL(origin)} />,
  fault: () => <FaultPage />,
  components: () => <Components />,
};

const wayIn: Record<string, () => ReactNode> = {
  opening: () => before({ at: 'connecting' }, true),
  opened: () => session(picture({ ...early({ at: 'waiting' }), code }), true),
  'opened-last-minute': () => session(picture({ ...early({ at: 'waiting' }), code }, { codeLeft: 41 }), true),
  'opened-lapsed': () => session(picture({ ...early({ at: 'waiting' }), code }, { codeLeft: 0 }), true),
  'opened-burnt': () => session(picture({ ...early({ at: 'burnt', opener: true }), code }), true),
  'opened-long-code': () => session(picture({ ...early({ at: 'waiting' }), code: { ...code, number: '48213' } }), true),
  connecting: () => before({ at: 'connecting' }),
  waiting: () => before({ at: 'waiting' }),
  securing: () => before({ at: 'securing' }),
  asking: () => before({ at: 'asking', checkDigits: '418207' }),
  refused: () => before({ at: 'refused' }),
  burnt: () => before({ at: 'burnt', opener: false }),
};

const ends = Object.fromEntries(endReasons.map((reason) => [
  `ended-${reason}`,
  () => session(picture({
    ...snapshot(), state: { at: 'ended', reason, ...(reason === 'protocol' ? { text: 'update 41: rectangle leaves the picture' } : {}) },
  }, reason === 'no-room' || reason === 'unreachable' || reason === 'slow-down' ? { together: 0 } : { byLink: reason !== 'replaced' })),
]));

const endedLink = (): ReactNode => session(picture({ ...snapshot(), state: { at: 'ended', reason: 'no-room' } }, { together: 0, byLink: true }));

const group = (name: string, of: Record<string, () => ReactNode>): Specimen[] =>
  Object.entries(of).map(([state, show]) => ({ group: name, name: state, show }));

export const specimens: readonly Specimen[] = [
  ...group('Pages', pages), ...group('The check', checks), ...group('The way in', wayIn), ...group('The session', live), ...group('The end', { ...ends, 'ended-link': endedLink }),
];
