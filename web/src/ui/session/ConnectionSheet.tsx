import { Monitor } from 'lucide-react';
import type { Desktop } from '../../core/session/desktop.ts';
import { Sheet } from '../controls/Sheet.tsx';
import { sayMilliseconds, sayRate, sayShare } from '../texts/quantities.ts';
import { useTexts } from '../texts/texts.ts';
import { Graph } from './Graph.tsx';
import { groupSix } from './Journey.tsx';
import { Presence } from './Presence.tsx';
import type { SessionPicture } from './session-view.ts';

/** Twice a second, for a minute. */
const slots = 120;

/** How far end-to-end encryption reaches. */
const secret = (desktop: Desktop | undefined, direct: boolean): 'conn.secret' | 'conn.secretDirect' | 'conn.secretGateway' | 'conn.secretGatewayPlain' =>
  desktop?.gateway === undefined ? (direct ? 'conn.secretDirect' : 'conn.secret') : desktop.gateway.encrypted ? 'conn.secretGateway' : 'conn.secretGatewayPlain';

/** How good the connection is and who is on it, in words and as a graph of the last minute. */
export function ConnectionSheet({ picture: { snapshot, ask }, onClose }: { picture: SessionPicture; onClose(): void }) {
  const texts = useTexts();
  const { say } = texts;
  const { health, healthHistory, state, desktop } = snapshot;
  const live = state?.at === 'live' ? state : undefined;
  const delays = healthHistory.map((h) => h.inputToPicture);
  const measured = delays.filter((d) => d !== undefined);
  // The last one there was: nobody types all the time.
  const delay = measured.at(-1);
  const unknown = say('conn.unknown');
  return (
    <Sheet title={say('conn.title')} onClose={onClose}>
      <div className="stacked">
        <Graph
          label={measured.length === 0 ? say('conn.noKeys') : say('conn.graphDelay')}
          values={delays} slots={slots} least={20} top={(ms) => sayMilliseconds(texts, ms)}
        />
        <Graph label={say('conn.graphRate')} values={healthHistory.map((h) => h.rate)} slots={slots} least={100_000} top={(bits) => sayRate(texts, bits)} filled />
        {health !== undefined && measured.length > 0 && (
          <p className="unseen">
            {say('conn.graphSpoken', {
              low: texts.number(Math.min(...measured)), high: texts.number(Math.max(...measured)), rate: sayRate(texts, health.rate),
            })}
          </p>
        )}
      </div>
      <dl className="kv">
        <dt>{say('conn.path')}</dt>
        <dd>{health === undefined ? unknown : say(health.path === 'relay' ? 'conn.relayed' : 'conn.direct')}</dd>
        <dt>{say('conn.tried')}</dt>
        <dd>{snapshot.pairs === undefined ? say('conn.triedNone') : say('conn.triedSome', { answered: snapshot.pairs.answered, count: snapshot.pairs.tried })}</dd>
        <dt>{say('conn.roundTrip')}</dt>
        <dd>{health?.roundTrip === undefined ? unknown : sayMilliseconds(texts, health.roundTrip)}</dd>
        {health?.path === 'direct' && (
          <>
            <dt>{say('conn.byServer')}</dt>
            <dd>{health.relayRoundTrip === undefined ? unknown : sayMilliseconds(texts, health.relayRoundTrip)}</dd>
            <dt>{say('conn.loss')}</dt>
            <dd>{health.loss === undefined ? unknown : sayShare(texts, health.loss)}</dd>
          </>
        )}
        <dt>{say('conn.keyToPicture')}</dt>
        <dd>{delay === undefined ? unknown : sayMilliseconds(texts, delay)}</dd>
        <dt>{say('conn.rate')}</dt>
        <dd>{health === undefined ? unknown : sayRate(texts, health.rate)}</dd>
        <dt>{say('conn.picture')}</dt>
        <dd>{snapshot.picture === undefined ? unknown : say('conn.exact', { width: String(snapshot.picture.width), height: String(snapshot.picture.height) })}</dd>
      </dl>
      <a className="small" href="/check" target="_blank" rel="noreferrer">{say('conn.checkLink')}</a>
      <hr className="divide" />
      <div className="people">
        <div className="person">
          <Monitor size={18} />
          <b>{desktop?.name ?? say('pill.someone')}</b>
          <span className="small">{say('conn.shares')}</span>
        </div>
        <div className="person">
          <Presence strong={live?.grant.control === true} />
          <b>{ask.name === '' ? say('conn.youPlain') : say('conn.you', { name: ask.name })}</b>
          <span className="small">{say(live?.grant.control === true ? 'conn.mayControl' : 'conn.mayView')}</span>
        </div>
      </div>
      <p className="small quiet-text">{say(secret(desktop, health?.path === 'direct'), { protocol: desktop?.gateway?.protocol ?? '' })}</p>
      {live !== undefined && (
        <div className="stacked">
          <dl className="kv"><dt>{say('conn.check')}</dt><dd dir="ltr">{groupSix(live.checkDigits)}</dd></dl>
          <p className="small quiet-text">{say('conn.checkText')}</p>
        </div>
      )}
    </Sheet>
  );
}
