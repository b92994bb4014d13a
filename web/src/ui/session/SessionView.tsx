import type { ReactNode } from 'react';
import type { SessionState } from '../../browser/bridge.ts';
import { OpenedRoom } from '../room/OpenedRoom.tsx';
import { useTexts, type Texts } from '../texts/texts.ts';
import { Ended, endWords } from './Ended.tsx';
import { Journey } from './Journey.tsx';
import { LiveDesktop, type Panel } from './LiveDesktop.tsx';
import type { SessionActions, SessionPicture } from './session-view.ts';
import './session.css';

/**
 * A session from the first wait to the last word. `desktop` is the stage with the picture: always mounted, so that the
 * worker has canvases to paint on before it is seen; covered while there is nothing to see.
 */
export function SessionView({ picture, actions, desktop, opened, panel = 'none', bare = false }: {
  picture: SessionPicture;
  actions: SessionActions;
  desktop: ReactNode;
  /** This side opened the room. */
  opened: boolean;
  panel?: Panel;
  /** Nothing over the desktop: a kiosk. */
  bare?: boolean;
}) {
  const texts = useTexts();
  const state: SessionState = picture.snapshot.state ?? { at: 'connecting' };
  const seen = picture.snapshot.picture !== undefined;
  const live = state.at === 'live' || ((state.at === 'reconnecting' || state.at === 'lost') && seen) ? state : undefined;
  return (
    <div className={`session ${bare ? 'kiosk' : ''}`}>
      <div className={`stage ${live !== undefined && live.at !== 'live' ? 'dimmed' : ''}`} hidden={live === undefined}>{desktop}</div>
      {live !== undefined
        ? !bare && <LiveDesktop picture={picture} actions={actions} state={live} first={panel} />
        : <Around picture={picture} actions={actions} state={state} opened={opened} />}
      <div className="unseen" role="status" aria-live="polite">{spoken(texts, state, picture)}</div>
    </div>
  );
}

/** Before and after the desktop. */
function Around({ picture: { snapshot, origin, codeLeft, together, byLink }, actions, state, opened }: {
  picture: SessionPicture;
  actions: SessionActions;
  state: SessionState;
  opened: boolean;
}) {
  const { code } = snapshot;
  const burntHere = state.at === 'burnt' && state.opener;
  if (opened && code !== undefined && (state.at === 'waiting' || burntHere)) {
    return <OpenedRoom code={code} origin={origin} left={codeLeft} burnt={burntHere} onNew={actions.newCode} onCancel={actions.toStart} />;
  }
  switch (state.at) {
    case 'connecting':
    case 'waiting':
    case 'securing':
    case 'asking':
      return <Journey state={state} opening={opened && state.at === 'connecting' && code === undefined} onCancel={actions.toStart} />;
    case 'burnt':
    case 'refused':
    case 'ended':
      return <Ended state={state} origin={origin} together={together} byLink={byLink} onAgain={actions.again} onStart={actions.toStart} />;
    default:
      return <Journey state={{ at: 'connecting' }} opening={false} onCancel={actions.toStart} />;
  }
}

/** What a screen reader hears when the state changes: arrivals, consent and endings. */
function spoken(texts: Texts, state: SessionState, picture: SessionPicture): string {
  const { say } = texts;
  switch (state.at) {
    case 'ended': {
      const { title, text } = endWords(texts, state.reason, picture.origin, picture.byLink);
      return `${title}. ${text}`;
    }
    case 'live': {
      const name = picture.snapshot.desktop?.name ?? say('pill.someone');
      return `${say('notice.live', { name })} ${say(state.grant.control ? 'pill.controlling' : 'pill.looking')}.`;
    }
    case 'reconnecting': return `${say('reconnecting.title')}. ${say(`reconnecting.${state.side}`)}`;
    case 'waiting': return picture.snapshot.code === undefined ? say('waiting.title') : '';
    default: return `${say(`${state.at}.title`)}. ${say(`${state.at}.text`)}`;
  }
}
