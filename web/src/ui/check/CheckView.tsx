import { Check, CircleHelp, LoaderCircle, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { natOf, reachOf, type Findings, type Nat, type Reach } from '../../core/check/findings.ts';
import { Page } from '../app/Page.tsx';
import { Button } from '../controls/Button.tsx';
import { sayMilliseconds, sayRate } from '../texts/quantities.ts';
import { useTexts, type Key } from '../texts/texts.ts';
import './check.css';

type Mark = 'waits' | 'well' | 'wrong' | 'unknown';

const icons: Record<Mark, ReactNode> = {
  waits: <LoaderCircle size={20} />, well: <Check size={20} />, wrong: <X size={20} />, unknown: <CircleHelp size={20} />,
};

const markWords = { waits: 'check.waits', well: 'check.well', wrong: 'check.wrong', unknown: 'check.unknown' } as const satisfies Record<Mark, Key>;

const natWords = {
  none: 'check.natNone', same: 'check.natSame', symmetric: 'check.natSymmetric', blocked: 'check.natBlocked', unknown: 'check.natUnknown',
} as const satisfies Record<Nat, Key>;

const natMarks: Record<Nat, Mark> = { none: 'well', same: 'well', symmetric: 'wrong', blocked: 'wrong', unknown: 'unknown' };

const reachWords = { most: 'check.most', few: 'check.few', nobody: 'check.nobody', unknown: 'check.noIdea' } as const satisfies Record<Reach, Key>;

/** What a check of the connection has found: each thing that was tried, what it means for sessions, and what would help. */
export function CheckView({ found, done, onAgain }: { found: Findings; done: boolean; onAgain(): void }) {
  const texts = useTexts();
  const { say } = texts;
  const nat = natOf(found);
  const broken = found.serverMs === false || found.relayMs === false;
  const reach = broken ? undefined : reachOf(found);
  const help = helpFor(found, nat);
  const seen = found.addresses?.find(({ kind }) => kind === 'seen');
  return (
    <Page className="check">
      <div className="check-column">
        <h1>{say('check.title')}</h1>
        <p className="quiet-text">{say('check.lead')}</p>
        <ul className="checks" aria-busy={!done}>
          <Tried mark={markOf(found.serverMs)} name={say('check.server')}>
            {found.serverMs === undefined ? '' : found.serverMs === false ? say('check.serverWrong') : say('check.serverWell', { time: sayMilliseconds(texts, found.serverMs) })}
          </Tried>
          <Tried mark={found.serverMs === false ? 'unknown' : markOf(found.relayMs)} name={say('check.relay')}>
            {found.serverMs === false ? say('check.notTried') : found.relayMs === undefined ? '' : say(found.relayMs === false ? 'check.relayWrong' : 'check.relayWell')}
            {found.relayIs !== undefined && (
              <span className="small quiet-text">
                {say('check.relayIs', { time: sayMilliseconds(texts, found.relayIs.roundTrip), rate: sayRate(texts, found.relayIs.rate) })}
              </span>
            )}
          </Tried>
          <Tried mark={broken ? 'unknown' : !found.webRtc ? 'wrong' : nat === undefined ? 'waits' : natMarks[nat]} name={say('check.network')}>
            {broken ? say('check.notTried') : !found.webRtc ? say('check.noWebRtc') : nat === undefined ? '' : say(natWords[nat])}
            {seen !== undefined && <span className="small quiet-text">{say('check.seenAs', { address: seen.address })}</span>}
          </Tried>
        </ul>
        {(done || broken) && (
          <div className="check-sum" role="status">
            <h2>{say('check.means')}</h2>
            <p className={broken ? 'note stop' : 'check-says'}>{broken ? say('check.noSession') : say(reachWords[reach ?? 'unknown'])}</p>
            {help !== undefined && <p>{say(help)}</p>}
            <p className="small quiet-text">{say('check.other')}</p>
          </div>
        )}
        <div className="check-acts">
          <Button kind="primary" onPress={onAgain} isDisabled={!done}>{say('check.again')}</Button>
          <a className="button quiet" href="/">{say('ended.start')}</a>
        </div>
      </div>
    </Page>
  );
}

function Tried({ mark, name, children }: { mark: Mark; name: string; children: ReactNode }) {
  const { say } = useTexts();
  return (
    <li className={`tried ${mark}`}>
      <span className="tried-mark">{icons[mark]}<span className="unseen">{say(markWords[mark])}</span></span>
      <b>{name}</b>
      <span className="tried-words">{children}</span>
    </li>
  );
}

const markOf = (took: number | false | undefined): Mark => (took === undefined ? 'waits' : took === false ? 'wrong' : 'well');

function helpFor(found: Findings, nat: Nat | undefined): Key & `check.help${string}` | undefined {
  if (found.serverMs === false) return 'check.helpServer';
  if (found.relayMs === false) return 'check.helpRelay';
  if (!found.webRtc) return 'check.helpBrowser';
  return nat === 'blocked' ? 'check.helpUdp' : nat === 'symmetric' ? 'check.helpNat' : nat === 'unknown' ? 'check.helpStun' : undefined;
}
