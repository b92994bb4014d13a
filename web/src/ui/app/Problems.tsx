import { Component, type ReactNode } from 'react';
import type { Missing } from '../../browser/can-run.ts';
import { Button } from '../controls/Button.tsx';
import { CopyLine } from '../controls/copy.tsx';
import { JourneyPage } from '../session/Journey.tsx';
import { useTexts } from '../texts/texts.ts';

/** This browser, or the address it was sent to, can't hold a session. Says which of the two, and what to do. */
export function CannotRun({ missing, address }: { missing: readonly Missing[]; address: URL }) {
  const { say } = useTexts();
  if (!missing.includes('secure-context')) {
    return (
      <JourneyPage title={say('old.title')} text={say('old.text', { missing: missing.join(', ') })}>
        <div className="journey-acts"><a className="button primary" href="/">{say('ended.start')}</a></div>
      </JourneyPage>
    );
  }
  const secure = new URL('/', address);
  secure.protocol = 'https:';
  const local = new URL('/', address);
  local.hostname = 'localhost';
  return (
    <JourneyPage title={say('insecure.title')} text={say('insecure.text')}>
      <ul className="fixes">
        <li>
          <p>{say('insecure.fix1')}</p>
          <CopyLine text={secure.href} label={say('copy.link')} />
        </li>
        <li><p>{say('insecure.fix2', { command: './alongside up --tls' })}</p></li>
        <li><p>{say('insecure.fix3', { address: local.href })}</p></li>
      </ul>
    </JourneyPage>
  );
}

/** A fault in our own page: says so instead of going blank. React wants a class for this. */
export class Fault extends Component<{ children: ReactNode }, { broke: boolean }> {
  override state = { broke: false };

  static getDerivedStateFromError() {
    return { broke: true };
  }

  override render() {
    return this.state.broke ? <FaultPage /> : this.props.children;
  }
}

export function FaultPage() {
  const { say } = useTexts();
  return (
    <JourneyPage title={say('broken.title')} text={say('broken.text')}>
      <div className="journey-acts"><Button kind="primary" onPress={() => location.reload()}>{say('broken.reload')}</Button></div>
    </JourneyPage>
  );
}
