import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts.ts';
import './brand.css';

/** Two people beside each other; where they overlap is what they do together. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="11" cy="16" r="10" fill="var(--ink)" />
      <circle cx="21" cy="16" r="10" fill="var(--accent)" />
      <path className="lens" d="M16 7.34a10 10 0 0 1 0 17.32 10 10 0 0 1 0-17.32z" />
    </svg>
  );
}

/** The frame of every page outside a session: the name at the top, the content below. */
export function Page({ children, className }: { children: ReactNode; className?: string }) {
  const { say } = useTexts();
  return (
    <div className={`page ${className ?? ''}`}>
      <a className="skip" href="#content" onClick={skipToContent}>{say('app.skip')}</a>
      <header>
        <a className="brand" href="/" aria-label={say('app.start')}><Mark />{say('app.name')}</a>
      </header>
      <main id="content" tabIndex={-1}>{children}</main>
    </div>
  );
}

/** Moves the focus without touching the address: its fragment may carry a secret. */
function skipToContent(event: { preventDefault(): void }) {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
