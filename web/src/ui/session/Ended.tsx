import type { EndReason, SessionState } from '../../browser/bridge.ts';
import { Button } from '../controls/Button.tsx';
import { sayDuration } from '../texts/quantities.ts';
import { useTexts } from '../texts/texts.ts';
import { JourneyPage } from './Journey.tsx';

type Over = Extract<SessionState, { at: 'ended' | 'refused' | 'burnt' }>;

/** After these, the same room may still be there; after the others the person needs a new way in or is done. */
const mayTryAgain: ReadonlySet<EndReason> = new Set(['host-gone', 'slow-down', 'too-slow', 'protocol', 'idle', 'unreachable']);

/** Where our own words leave something out that whoever runs the server will ask for. */
const needsDetail: ReadonlySet<EndReason> = new Set(['protocol', 'version']);

/** What happened, whose side it was on, and the next step. */
export function Ended({ state, origin, together, byLink, onAgain, onStart }: {
  state: Over;
  origin: string;
  together: number;
  /** The person came by a link, not by digits. */
  byLink: boolean;
  onAgain(): void;
  onStart(): void;
}) {
  const texts = useTexts();
  const { say } = texts;
  // Digits that let somebody in are used up; a link leads to its room as long as that lives.
  const again = state.at === 'ended' && mayTryAgain.has(state.reason) && (byLink || together === 0);
  const words = state.at !== 'ended' ? { title: say(`${state.at}.title`), text: say(`${state.at}.text`) } : endWords(texts, state.reason, origin, byLink);
  return (
    <JourneyPage title={words.title} text={words.text}>
      {together >= 1000 && <p className="quiet-text journey-talk">{say('ended.talk', { duration: sayDuration(texts, together) })}</p>}
      {state.at === 'ended' && needsDetail.has(state.reason) && state.text !== undefined && state.text !== '' && (
        <p className="journey-detail small">{say('ended.detail', { detail: state.text })}</p>
      )}
      <div className="journey-acts">
        {again && <Button kind="primary" autoFocus onPress={onAgain}>{say('ended.again')}</Button>}
        <Button kind={again ? 'quiet' : 'primary'} autoFocus={!again} onPress={onStart}>
          {say(state.at === 'ended' && state.reason === 'left' ? 'ended.start' : 'ended.code')}
        </Button>
      </div>
    </JourneyPage>
  );
}

export function endWords({ say }: ReturnType<typeof useTexts>, reason: EndReason, origin: string, byLink: boolean): { title: string; text: string } {
  if (reason === 'no-room' && byLink) return { title: say('ended.link.title'), text: say('ended.link.text') };
  const title = say(`ended.${reason}.title`);
  switch (reason) {
    case 'version':
    case 'unreachable':
      return { title, text: say(`ended.${reason}.text`, { origin: origin.replace(/^https?:\/\//, '') }) };
    default:
      return { title, text: say(`ended.${reason}.text`) };
  }
}
