import { X } from 'lucide-react';
import type { Notice } from '../../browser/session-client.ts';
import { Button } from '../controls/Button.tsx';
import { useTexts, type Key } from '../texts/texts.ts';
import type { GrantChange } from './useGrantChange.ts';
import './notices.css';

/** Notices we have words of our own for, in the person's language; others are shown as the host wrote them. */
const ours: Readonly<Record<string, 'notice.clipboardTooBig' & Key>> = { 'clipboard-too-big': 'notice.clipboardTooBig' };

/** Something to know that stops nothing. It stays until it is closed: nobody has to read fast. */
export function Notices({ notices, change, onDismiss }: {
  notices: readonly Notice[];
  /** What one may do has just changed. */
  change: GrantChange | undefined;
  onDismiss(id: number): void;
}) {
  const { say } = useTexts();
  return (
    <div className="notices" role="log" aria-live="polite">
      {change !== undefined && <div className="notice" key={change}><p>{say(change)}</p></div>}
      {notices.slice(-3).map((notice) => {
        const key = ours[notice.code];
        return (
          <div key={notice.id} className="notice">
            <p>{key === undefined ? notice.text : say(key)}</p>
            <Button kind="bare" aria-label={say('notice.close')} icon={<X size={18} />} onPress={() => onDismiss(notice.id)} />
          </div>
        );
      })}
    </div>
  );
}
