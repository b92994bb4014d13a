import { useState, type FormEvent } from 'react';
import type { Ask } from '../../browser/bridge.ts';
import { readCode, type JoinTarget } from '../../browser/target.ts';
import { longestName } from '../app/ask.ts';
import { CodeField } from '../code/CodeField.tsx';
import { Button } from '../controls/Button.tsx';
import { Switch, TextField } from '../controls/fields.tsx';
import { useTexts } from '../texts/texts.ts';

export interface HelpSomeoneProps {
  ask: Ask;
  onAsk(ask: Ask): void;
  onJoin(target: JoinTarget): void;
  onOpen(): void;
  /** False where this browser or address can't hold a session; `onWhy` explains. */
  runs: boolean;
  onWhy(): void;
}

export function HelpSomeone({ ask, onAsk, onJoin, onOpen, runs, onWhy }: HelpSomeoneProps) {
  const { say } = useTexts();
  const [digits, setDigits] = useState('');
  const [tried, setTried] = useState<'nothing' | 'code' | 'name'>('nothing');
  const named = ask.name.trim() !== '';

  function join(event: FormEvent) {
    event.preventDefault();
    const target = readCode(digits);
    if (target === undefined) setTried('code');
    else if (!named) setTried('name');
    else onJoin(target);
  }

  return (
    <section className="door" aria-labelledby="help-title">
      <div className="door-head">
        <h2 id="help-title">{say('help.title')}</h2>
        <p className="quiet-text">{say('help.lead')}</p>
      </div>
      {!runs && (
        <div className="door-body">
          <p className="note">{say('help.cannot')}</p>
          <Button onPress={onWhy}>{say('help.why')}</Button>
        </div>
      )}
      {runs && <form className="door-body" onSubmit={join} noValidate>
        <CodeField
          label={say('help.code')}
          digits={digits}
          onDigits={(next) => { setDigits(next); setTried('nothing'); }}
          error={tried === 'code' ? say('help.codeShort', { count: digits.length }) : undefined}
        />
        <TextField
          label={say('help.name')}
          value={ask.name}
          onChange={(name) => { onAsk({ ...ask, name }); setTried('nothing'); }}
          placeholder={say('help.namePlaceholder')}
          autoComplete="name"
          maxLength={longestName}
          error={tried === 'name' ? say('help.nameMissing') : undefined}
        />
        <fieldset className="asks">
          <legend className="label">{say('help.for')}</legend>
          <Switch label={say('help.view')} on disabled />
          <Switch label={say('help.control')} on={ask.control} onChange={(control) => onAsk({ ...ask, control })} />
          <Switch label={say('help.clipboard')} on={ask.clipboard} onChange={(clipboard) => onAsk({ ...ask, clipboard })} />
        </fieldset>
        <div className="door-acts">
          <Button type="submit" kind="primary">{say('help.join')}</Button>
          <Button onPress={() => (named ? onOpen() : setTried('name'))}>{say('help.open')}</Button>
        </div>
      </form>}
    </section>
  );
}
