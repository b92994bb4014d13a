import { RefreshCw } from 'lucide-react';
import type { OpenCode } from '../../browser/bridge.ts';
import { Page } from '../app/Page.tsx';
import { BigCode } from '../code/BigCode.tsx';
import { groupDigits } from '../code/code-text.ts';
import { Button } from '../controls/Button.tsx';
import { CopyButton, CopyLine } from '../controls/copy.tsx';
import { Presence } from '../session/Presence.tsx';
import { useTexts } from '../texts/texts.ts';
import './room.css';

/** The helper opened a room: the digits, the link, and the wait for the other side. */
export function OpenedRoom({ code, origin, left, burnt, onNew, onCancel }: {
  code: OpenCode;
  origin: string;
  left: number;
  burnt: boolean;
  onNew(): void;
  onCancel(): void;
}) {
  const { say } = useTexts();
  const digits = groupDigits(code.number + code.secret);
  const lapsed = left <= 0;
  return (
    <Page className="room">
      <div className="room-column">
        {burnt && <p className="note" role="alert">{say('opened.burnt')}</p>}
        <h1 className="room-title">{say('opened.title')}</h1>
        <BigCode digits={digits} faded={lapsed} />
        <p className="quiet-text room-life">{sayLeft(say, left)}</p>
        <div className="room-acts">
          {lapsed
            ? <Button kind="primary" icon={<RefreshCw size={18} />} onPress={onNew}>{say('opened.new')}</Button>
            : <CopyButton text={digits} kind="primary">{say('copy.code')}</CopyButton>}
          <Button onPress={onCancel}>{say('connecting.cancel')}</Button>
        </div>
        <div className="room-link">
          <p className="quiet-text">{say('opened.hint', { page: origin.replace(/^https?:\/\//, '') })}</p>
          <CopyLine text={origin + code.link} label={say('opened.link')} />
        </div>
        <p className="wait"><Presence />{say('opened.wait')}</p>
      </div>
    </Page>
  );
}

function sayLeft(say: ReturnType<typeof useTexts>['say'], left: number): string {
  if (left <= 0) return say('opened.lapsed');
  return left < 60 ? say('opened.leftSeconds', { count: Math.ceil(left) }) : say('opened.left', { count: Math.round(left / 60) });
}
