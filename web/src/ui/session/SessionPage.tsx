import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Ask, Ticket } from '../../browser/bridge.ts';
import type { TouchMode } from '../../browser/input/attach-input.ts';
import { SessionClient } from '../../browser/session-client.ts';
import type { JoinTarget } from '../../browser/target.ts';
import { Viewport } from '../../browser/view/viewport.ts';
import { systemOf } from '../app/system.ts';
import { useTexts } from '../texts/texts.ts';
import { SessionView } from './SessionView.tsx';
import type { SessionActions } from './session-view.ts';
import { useCodeLeft, useTogether } from './useTime.ts';
import { useDesktop } from './useDesktop.ts';

/** How this session comes about. */
export type Start =
  | { readonly by: 'join'; readonly target: JoinTarget }
  | { readonly by: 'open' }
  | { readonly by: 'ticket'; readonly ticket: Ticket };

/** One session with its worker: made on mount, ended on unmount. Everything visible is SessionView's. */
export function SessionPage({ start, ask, kiosk, onAgain, onStart }: {
  start: Start;
  ask: Ask;
  kiosk: boolean;
  onAgain(): void;
  onStart(): void;
}) {
  const { say } = useTexts();
  const [client] = useState(() => new SessionClient());
  const [viewport] = useState(() => new Viewport());
  const snapshot = useSyncExternalStore(client.subscribe, client.getSnapshot);
  const transform = useSyncExternalStore(viewport.subscribe, viewport.get);
  const [touch, setTouch] = useState<TouchMode>('trackpad');
  const [keyboard, setKeyboard] = useState(false);
  const [summons, setSummons] = useState(0);
  const fullScreen = useFullScreen();
  const state = snapshot.state;
  const [askedAt, setAskedAt] = useState<typeof state>(undefined);

  useEffect(() => {
    if (start.by === 'join') client.join(start.target, ask);
    else if (start.by === 'open') client.open(ask);
    else client.resume(start.ticket);
    return () => client.dispose();
    // What was asked for at the start is what this session was started with; later changes go through client.ask.
  }, [client]);

  const { stage, input } = useDesktop({
    client, viewport, kiosk, touch, picture: snapshot.picture,
    holds: state?.at === 'live' || state?.at === 'reconnecting' || state?.at === 'lost',
    live: state?.at === 'live',
    label: say('desktop.label'),
    onKeyboard: setKeyboard,
    onLetGo: () => setSummons((count) => count + 1),
  });

  // People with forty calls find the right tab by its name.
  const name = state?.at === 'ended' ? undefined : snapshot.desktop?.name;
  useEffect(() => {
    document.title = name === undefined ? say('app.name') : `${name} · ${say('app.name')}`;
    return () => { document.title = say('app.name'); };
  }, [name, say]);

  const zoom = useCallback((factor: number) => viewport.update((now) => now.zoomAt(now.view.width / 2, now.view.height / 2, factor)), [viewport]);

  const actions: SessionActions = {
    leave: () => client.leave(),
    again: onAgain,
    toStart: () => {
      client.leave();
      onStart();
    },
    newCode: () => client.newCode(),
    askFor: (more) => {
      const has = state?.at === 'live' ? state.grant : ask;
      client.ask({ name: ask.name, view: true, control: has.control, clipboard: has.clipboard, ...more });
      setAskedAt(state);
    },
    giveBack: () => client.narrow({ control: false }),
    monitor: (id) => client.monitor(id),
    chord: (chord) => input.current?.sendChord(chord),
    sendClipboard: (text) => client.sendClipboard(text),
    copyOffered: () => void client.copyOffered(),
    dismissNotice: (id) => client.dismissNotice(id),
    mode: (mode) => viewport.update((now) => now.withMode(mode)),
    zoom,
    fullScreen: (on) => void fullScreen.set(on),
    touch: (mode) => {
      setTouch(mode);
      input.current?.setTouch(mode);
    },
    keyboard: (shown) => input.current?.showKeyboard(shown),
    focusDesktop: () => input.current?.focus(),
  };

  return (
    <SessionView
      picture={{
        snapshot, ask, origin: location.origin,
        byLink: start.by === 'join' && start.target.place.kind === 'link',
        together: useTogether(state?.at === 'live', state?.at === 'ended'),
        codeLeft: useCodeLeft(snapshot.code),
        asked: askedAt !== undefined && askedAt === state,
        view: {
          mode: transform.mode, scale: transform.scale * transform.devicePixelRatio, fullScreen: fullScreen.on, canFullScreen: document.fullscreenEnabled,
          touch, hasTouch: navigator.maxTouchPoints > 0, hasCommand: systemOf(navigator) === 'mac', keyboard, summons,
        },
      }}
      actions={actions}
      desktop={<div ref={stage} className="desktop" />}
      opened={start.by === 'open' || (start.by === 'ticket' && start.ticket.opened !== undefined)}
      bare={kiosk}
    />
  );
}

/** Full screen; the attached input takes the system's keys while it lasts, where the browser can. */
function useFullScreen(): { on: boolean; set(on: boolean): Promise<void> } {
  const [on, setOn] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const changed = (): void => setOn(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, []);
  return { on, set };
}

const set = (on: boolean): Promise<void> =>
  on ? document.documentElement.requestFullscreen({ navigationUI: 'hide' }) : document.exitFullscreen();
