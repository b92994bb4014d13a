import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTexts } from '../texts/texts.ts';
import { Button } from './Button.tsx';
import './field.css';

type Outcome = 'idle' | 'copied' | 'failed';

/** A button that copies in one touch and says so in its place, without changing its width. */
export function CopyButton({ text, children, kind = 'quiet', onFailed }: {
  text: string;
  children?: ReactNode;
  kind?: 'quiet' | 'primary';
  onFailed?(): void;
}) {
  const { say } = useTexts();
  const [outcome, setOutcome] = useState<Outcome>('idle');
  useEffect(() => {
    if (outcome === 'idle') return;
    const timer = setTimeout(() => setOutcome('idle'), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      // Plain http or a denied permission: leave the text selected so that the keys do it.
      setOutcome('failed');
      onFailed?.();
    }
  }

  return (
    <>
      <Button kind={kind} className="copy-button" icon={outcome === 'copied' ? <Check size={18} /> : <Copy size={18} />} onPress={() => void copy()}>
        <span className="stack">
          <span className={outcome === 'copied' ? 'hidden' : ''}>{children ?? say('copy.copy')}</span>
          <span className={outcome === 'copied' ? '' : 'hidden'} aria-hidden={outcome !== 'copied'}>{say('copy.copied')}</span>
        </span>
      </Button>
      <span className="unseen" role="status">
        {outcome === 'copied' ? say('copy.copied') : outcome === 'failed' ? say('copy.failed') : ''}
      </span>
    </>
  );
}

/** A line of text with its copy button: a command or a link. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  const line = useRef<HTMLElement>(null);
  function select() {
    if (line.current !== null) getSelection()?.selectAllChildren(line.current);
  }
  return (
    <div className="copy-line" role="group" aria-label={label} dir="ltr">
      <code ref={line} tabIndex={0}>{text}</code>
      <CopyButton text={text} onFailed={select} />
    </div>
  );
}
