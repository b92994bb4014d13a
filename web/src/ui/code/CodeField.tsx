import { useLayoutEffect, useRef, type ChangeEvent } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField } from 'react-aria-components/TextField';
import { caretAfter, digitsOf, groupDigits, longestCode } from './code-text.ts';
import './code.css';

interface Props {
  label: string;
  digits: string;
  onDigits(digits: string): void;
  error?: string | undefined;
  autoFocus?: boolean;
}

/** One input for nine digits: shows them in groups, takes any paste, keeps the caret beside the digit it was beside. */
export function CodeField({ label, digits, onDigits, error, autoFocus = false }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | undefined>(undefined);
  const shown = groupDigits(digits);

  function change(event: ChangeEvent<HTMLInputElement>) {
    const { value, selectionStart } = event.target;
    const next = digitsOf(value).slice(0, longestCode);
    caret.current = digitsOf(value.slice(0, selectionStart ?? value.length)).length;
    onDigits(next);
  }

  useLayoutEffect(() => {
    if (caret.current === undefined || input.current === null) return;
    const at = caretAfter(shown, caret.current);
    input.current.setSelectionRange(at, at);
    caret.current = undefined;
  });

  return (
    <TextField className="field" isInvalid={error !== undefined}>
      <Label>{label}</Label>
      <Input
        ref={input}
        className="input code-input"
        value={shown}
        onChange={change}
        inputMode="numeric"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="go"
        dir="ltr"
        placeholder="123 456 789"
        autoFocus={autoFocus}
      />
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
}
