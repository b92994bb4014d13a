import { lazy, Suspense, useEffect, useState } from 'react';
import type { Ticket } from '../../browser/bridge.ts';
import { canRun } from '../../browser/can-run.ts';
import type { PageTarget } from '../../browser/target.ts';
import { groupDigits, digitsOf } from '../code/code-text.ts';
import { CheckPage } from '../check/CheckPage.tsx';
import { CustomerPage, type GivenText } from '../customer/CustomerPage.tsx';
import { SessionPage, type Start } from '../session/SessionPage.tsx';
import type { Given } from '../start/GetHelp.tsx';
import { StartPage } from '../start/StartPage.tsx';
import { useTexts } from '../texts/texts.ts';
import { ownStore, rememberAsk, rememberedAsk } from './ask.ts';
import { CannotRun, Fault } from './Problems.tsx';
import { useOffer } from './server.ts';
import { systemOf } from './system.ts';

/** Loaded only when somebody looks at it. */
const Gallery = lazy(() => import('../gallery/Gallery.tsx'));

type Place =
  | { at: 'start' }
  | { at: 'customer'; given: GivenText | undefined }
  | { at: 'session'; start: Start; attempt: number }
  | { at: 'check' }
  | { at: 'cannot' };

/** Where the address leads, and where people go from there. Secrets are never in the address that is shown. */
export function App({ page, ticket }: { page: PageTarget; ticket: Ticket | undefined }) {
  const { say } = useTexts();
  const [place, setPlace] = useState<Place>(() => firstPlace(page, ticket));
  const [ask, setAsk] = useState(() => rememberedAsk(ownStore()));
  const [missing] = useState(() => canRun());

  useEffect(() => {
    const back = (): void => setPlace({ at: 'start' });
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);

  function go(path: string, next: Place) {
    history.pushState(null, '', path);
    setPlace(next);
    scrollTo(0, 0);
  }

  const begin = (start: Start): void => go('/join', { at: 'session', start, attempt: 0 });
  const toStart = (): void => go('/', { at: 'start' });

  switch (place.at) {
    case 'session':
      if (missing.length > 0) return <CannotRun missing={missing} address={new URL(location.href)} />;
      return (
        <Fault>
          <SessionPage
            key={place.attempt}
            start={place.start}
            ask={ask.name.trim() === '' ? { ...ask, name: say('help.someone') } : ask}
            kiosk={page.kiosk}
            onAgain={() => setPlace({ ...place, attempt: place.attempt + 1 })}
            onStart={toStart}
          />
        </Fault>
      );
    case 'customer':
      return <Customer given={place.given} />;
    case 'check':
      return <CheckPage />;
    case 'cannot':
      return <CannotRun missing={missing} address={new URL(location.href)} />;
    case 'start':
      return (
        <Start
          ask={ask}
          onAsk={(next) => { setAsk(next); rememberAsk(ownStore(), next); }}
          onJoin={(target) => begin({ by: 'join', target })}
          onOpen={() => begin({ by: 'open' })}
          onGiven={(given) => go('/help', { at: 'customer', given: givenText(given) })}
          runs={missing.length === 0}
          onWhy={() => setPlace({ at: 'cannot' })}
        />
      );
  }
}

function Start(props: Omit<Parameters<typeof StartPage>[0], 'offer' | 'system' | 'origin'>) {
  return <StartPage offer={useOffer()} system={systemOf(navigator)} origin={location.origin} {...props} />;
}

function Customer({ given }: { given: GivenText | undefined }) {
  return <CustomerPage given={given} offer={useOffer()} system={systemOf(navigator)} origin={location.origin} />;
}

export function GalleryPage() {
  return <Suspense><Gallery /></Suspense>;
}

function firstPlace(page: PageTarget, ticket: Ticket | undefined): Place {
  if (page.page === 'check') return { at: 'check' };
  if (page.page === 'help') return { at: 'customer', given: linkText(page) };
  if (ticket !== undefined && page.page === 'join') return { at: 'session', start: { by: 'ticket', ticket }, attempt: 0 };
  if (page.page === 'join' && page.target !== undefined) return { at: 'session', start: { by: 'join', target: page.target }, attempt: 0 };
  return { at: 'start' };
}

/** The link as it was, for the host program: the address bar no longer has its fragment. */
function linkText({ target }: PageTarget): GivenText | undefined {
  if (target?.place.kind !== 'link') return undefined;
  const parts = [target.place.room, target.secret, ...(target.fingerprint === undefined ? [] : [target.fingerprint])];
  return { kind: 'link', link: `${location.origin}/help#${parts.join('.')}` };
}

function givenText({ target, typed }: Given): GivenText {
  return target.place.kind === 'code' ? { kind: 'code', digits: groupDigits(digitsOf(typed)) } : { kind: 'link', link: typed };
}
