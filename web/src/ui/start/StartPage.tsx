import { Page } from '../app/Page.tsx';
import type { Offer } from '../app/server.ts';
import type { System } from '../app/system.ts';
import { useTexts } from '../texts/texts.ts';
import { GetHelp, type Given } from './GetHelp.tsx';
import { HelpSomeone, type HelpSomeoneProps } from './HelpSomeone.tsx';
import './start.css';

interface Props extends HelpSomeoneProps {
  offer: Offer;
  system: System;
  origin: string;
  onGiven(given: Given): void;
}

/** Two doors: one for each of the two people. */
export function StartPage({ offer, system, origin, onGiven, ...helper }: Props) {
  const { say } = useTexts();
  // A phone can't share its screen here, so whoever holds one is most likely to help.
  const phone = system === 'android' || system === 'ios';
  return (
    <Page className="start">
      <h1 className="unseen">{say('start.title')}</h1>
      <div className="doors">
        {phone && <HelpSomeone {...helper} />}
        <GetHelp offer={offer} system={system} origin={origin} onGiven={onGiven} />
        {!phone && <HelpSomeone {...helper} />}
      </div>
      <p className="foot"><a href="/check">{say('check.link')}</a></p>
    </Page>
  );
}
