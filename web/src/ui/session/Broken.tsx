import type { SessionState } from '../../browser/bridge.ts';
import { Button } from '../controls/Button.tsx';
import { useTexts } from '../texts/texts.ts';
import './broken.css';

/** The session stands still: over the last picture, dimmed, with whose side it is on. */
export function Broken({ state, onLeave }: { state: Extract<SessionState, { at: 'reconnecting' | 'lost' }>; onLeave(): void }) {
  const { say } = useTexts();
  const lost = state.at === 'lost';
  return (
    <div className="broken">
      <section className="broken-card">
        <h2>{say(lost ? 'lost.title' : 'reconnecting.title')}</h2>
        <p className="quiet-text">{lost ? say('lost.text') : say(`reconnecting.${state.side}`)}</p>
        {lost && state.text !== '' && <p className="small quiet-text">{say('ended.detail', { detail: state.text })}</p>}
        <p className="small quiet-text">{say('reconnecting.note')}</p>
        <Button kind="stop" onPress={onLeave}>{say('pill.leave')}</Button>
      </section>
    </div>
  );
}
