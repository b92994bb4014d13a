import { X } from 'lucide-react';
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useTexts } from '../texts/texts.ts';
import { Button } from './Button.tsx';
import './sheet.css';

/** A panel beside the desktop, or under it on a phone. Not modal: the desktop stays usable while it is open. */
export function Sheet({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const { say } = useTexts();
  const id = useId();
  const sheet = useRef<HTMLElement>(null);
  useEffect(() => sheet.current?.focus(), []);

  function keys(event: KeyboardEvent) {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  }

  return (
    <aside ref={sheet} className="sheet" role="dialog" aria-labelledby={id} tabIndex={-1} onKeyDown={keys}>
      <header>
        <h2 id={id}>{title}</h2>
        <Button kind="bare" aria-label={say('tools.close')} icon={<X size={20} />} onPress={onClose} />
      </header>
      <div className="sheet-body">{children}</div>
    </aside>
  );
}
