import { digitsOf, groupDigits, spokenCode } from './code-text.ts';
import './code.css';

/** The digits as the largest thing on the page, in groups for the eye and digit by digit for the ear. */
export function BigCode({ digits, faded = false }: { digits: string; faded?: boolean }) {
  return (
    <p className={`big-code ${faded ? 'faded' : ''}`} dir="ltr">
      <span className="unseen">{spokenCode(digits)}</span>
      {groupDigits(digitsOf(digits)).split(' ').map((group, at) => (
        <span key={at} aria-hidden="true">{group}</span>
      ))}
    </p>
  );
}
