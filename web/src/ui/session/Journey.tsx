import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SessionState } from '../../browser/bridge.ts';
import { groupDigits } from '../code/code-text.ts';
import { Page } from '../app/Page.tsx';
import { Button } from '../controls/Button.tsx';
import { useTexts, type Key } from '../texts/texts.ts';
import { Presence } from './Presence.tsx';
import './journey.css';

const steps = ['step.reach', 'step.secure', 'step.ask'] as const satisfies readonly Key[];

/** The way in: what is being waited for, how long that takes, and where it is among the three steps. */
export function Journey({ state, opening, onCancel }: {
  state: Extract<SessionState, { at: 'connecting' | 'waiting' | 'securing' | 'asking' }>;
  /** A room is being made: there is nobody to reach yet. */
  opening: boolean;
  onCancel(): void;
}) {
  const { say } = useTexts();
  if (opening) {
    return (
      <JourneyPage title={say('opened.making')} text={say('opened.makingText')}>
        <div className="journey-acts"><Button onPress={onCancel}>{say('connecting.cancel')}</Button></div>
      </JourneyPage>
    );
  }
  const now = state.at === 'asking' ? 2 : state.at === 'securing' ? 1 : 0;
  return (
    <JourneyPage title={say(`${state.at}.title`)} text={say(`${state.at}.text`)}>
      <ol className="steps">
        {steps.map((step, at) => (
          <li key={step} className={at < now ? 'done' : at === now ? 'now' : 'later'} aria-current={at === now ? 'step' : undefined}>
            <span className="step-mark">{at < now ? <Check size={18} strokeWidth={2.5} /> : at === now ? <Presence strong /> : <i />}</span>
            {say(step)}
          </li>
        ))}
      </ol>
      <div className="journey-check">
        {state.at === 'asking' && <CheckDigits digits={state.checkDigits} text={say('asking.check')} />}
      </div>
      <div className="journey-acts">
        <Button onPress={onCancel}>{say(state.at === 'asking' ? 'asking.cancel' : 'connecting.cancel')}</Button>
      </div>
    </JourneyPage>
  );
}

export function CheckDigits({ digits, text }: { digits: string; text: string }) {
  return (
    <p className="check-digits">
      <span className="quiet-text">{text}</span>
      <b dir="ltr"><span className="unseen">{[...digits].join(' ')}</span><span aria-hidden="true">{groupSix(digits)}</span></b>
    </p>
  );
}

/** `418207` as `418 207`. */
export const groupSix = (digits: string): string => groupDigits(digits.replaceAll(' ', ''));

/** A page with one message, used on the way in and at the end. */
export function JourneyPage({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <Page className="journey">
      <section className="journey-card">
        <h1>{title}</h1>
        <p className="quiet-text journey-text">{text}</p>
        {children}
      </section>
    </Page>
  );
}
