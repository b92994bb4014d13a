import { Page } from '../app/Page.tsx';
import type { Offer } from '../app/server.ts';
import { downloadFor, hostCommand, systemName, type System } from '../app/system.ts';
import { BigCode } from '../code/BigCode.tsx';
import { CopyButton, CopyLine } from '../controls/copy.tsx';
import { JourneyPage } from '../session/Journey.tsx';
import { useTexts } from '../texts/texts.ts';
import './customer.css';

/** What the customer was given: nine digits, grouped, or the whole link. */
export type GivenText = { kind: 'code'; digits: string } | { kind: 'link'; link: string };

/** Someone waits to help: what will happen, the one command, and the warning, once, before anything is started. */
export function CustomerPage({ given, offer, system, origin }: {
  given: GivenText | undefined;
  offer: Offer;
  system: System;
  origin: string;
}) {
  const { say } = useTexts();
  if (given === undefined) {
    return (
      <JourneyPage title={say('customer.badLink')} text={say('customer.badLinkText')}>
        <div className="journey-acts"><a className="button primary" href="/">{say('ended.start')}</a></div>
      </JourneyPage>
    );
  }
  return (
    <Page className="customer">
      <div className="customer-column">
        <h1>{say('customer.title')}</h1>
        <p className="quiet-text customer-lead">{say('customer.lead')}</p>
        <p className="note">{say('customer.scam')}</p>
        <Steps given={given} offer={offer} system={system} origin={origin} />
      </div>
    </Page>
  );
}

function Steps({ given, offer, system, origin }: { given: GivenText; offer: Offer; system: System; origin: string }) {
  const { say } = useTexts();
  if (offer.at === 'asking') return <p className="quiet-text">{say('get.asking')}</p>;
  if (offer.at === 'silent') return <p className="note stop">{say('get.noAnswer')}</p>;
  const download = downloadFor(offer.offer, system);
  const name = say(systemName[system]);
  if (download === undefined) {
    return (
      <p className="customer-none">
        {system === 'android' || system === 'ios' ? say('get.nonePhone') : say('customer.wrongSystem', { system: name })}
      </p>
    );
  }
  const text = given.kind === 'code' ? given.digits.replaceAll(' ', '') : given.link;
  return (
    <ol className="customer-steps">
      {system === 'linux'
        ? (
          <li>
            <h2>{say('customer.step1')}</h2>
            <CopyLine text={hostCommand(origin, offer.offer, text)} label={say('copy.command')} />
          </li>
        )
        : (
          <>
            <li>
              <h2>{say('customer.step1Download')}</h2>
              <a className="button primary" href={download.url} download>{say('get.download', { system: name })}</a>
            </li>
            <li>
              <h2>{say('customer.step2')}</h2>
              {given.kind === 'code' ? <BigCode digits={given.digits} /> : <CopyLine text={given.link} label={say('opened.link')} />}
              {given.kind === 'code' && <CopyButton text={given.digits}>{say('copy.code')}</CopyButton>}
            </li>
          </>
        )}
      <li>
        <h2>{say('customer.step3')}</h2>
        <p className="quiet-text">{say('customer.step3Text')}</p>
      </li>
      <li>
        <h2>{say('customer.step4')}</h2>
        <p className="quiet-text">{say('customer.step4Text')}</p>
      </li>
    </ol>
  );
}
