import { LogOut, SlidersHorizontal } from 'lucide-react';
import type { RefObject } from 'react';
import { Button } from '../controls/Button.tsx';
import { clock } from '../texts/quantities.ts';
import { useTexts } from '../texts/texts.ts';
import { Presence } from './Presence.tsx';
import type { SessionActions, SessionPicture } from './session-view.ts';
import './pill.css';

/** The one thing that floats over the desktop: who, how the connection is, tools, and the way out. It tucks away upwards. */
export function Pill({ picture, actions, tucked, tools, onShow, onTools, onConnection }: {
  picture: SessionPicture;
  actions: SessionActions;
  tucked: boolean;
  tools: RefObject<HTMLDivElement | null>;
  onShow(): void;
  onTools(): void;
  onConnection(): void;
}) {
  const { say, number } = useTexts();
  const { snapshot, together } = picture;
  const { health, desktop, state } = snapshot;
  const controls = state?.at === 'live' && state.grant.control;
  const delay = health?.inputToPicture ?? health?.roundTrip;
  return (
    <>
      <div className={`pill ${tucked ? 'tucked' : ''}`} role="toolbar" aria-label={say('pill.bar')} inert={tucked}>
        <span className="pill-who" title={say(controls ? 'pill.controlling' : 'pill.looking')}>
          <Presence strong={controls} />
          <b>{desktop?.name ?? say('pill.someone')}</b>
          <span className="unseen">{say(controls ? 'pill.controlling' : 'pill.looking')}</span>
        </span>
        {state?.at === 'live' && <Button kind="bare" className="pill-facts" onPress={onConnection} aria-label={say('tools.connection')}>
          {!controls && <span>{say('pill.lookOnly')}</span>}
          {desktop?.gateway !== undefined && <span>{say('pill.gateway', { protocol: desktop.gateway.protocol })}</span>}
          <span className="pill-path">{health === undefined ? '' : say(health.path === 'relay' ? 'pill.relayed' : 'pill.direct')}</span>
          <span className="pill-delay">{delay === undefined ? '' : say('pill.delay', { ms: number(delay) })}</span>
          <span className="pill-clock">{clock(together)}</span>
        </Button>}
        <div ref={tools} className="pill-acts">
          <Button icon={<SlidersHorizontal size={17} />} onPress={onTools} isDisabled={state?.at !== 'live'} aria-label={say('pill.tools')} aria-haspopup="dialog">
            <span className="wide">{say('pill.tools')}</span>
          </Button>
          <Button kind="stop" icon={<LogOut size={17} className="turns narrow" />} onPress={actions.leave} aria-label={say('pill.leave')}>
            <span className="wide">{say('pill.leave')}</span>
          </Button>
        </div>
      </div>
      <button type="button" className={`handle ${tucked ? '' : 'away'}`} aria-label={say('pill.show')} onClick={onShow} onPointerEnter={(e) => e.pointerType === 'mouse' && onShow()}>
        <i />
      </button>
    </>
  );
}
