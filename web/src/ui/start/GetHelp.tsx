import { ArrowRight, Download as DownloadIcon } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { readCodeOrLink, type JoinTarget } from '../../browser/target.ts';
import type { Offer } from '../app/server.ts';
import { downloadFor, hostCommand, systemName, type System } from '../app/system.ts';
import { digitsOf, groupDigits } from '../code/code-text.ts';
import { Button } from '../controls/Button.tsx';
import { CopyLine } from '../controls/copy.tsx';
import { TextField } from '../controls/fields.tsx';
import { sayBytes } from '../texts/quantities.ts';
import { useTexts } from '../texts/texts.ts';

/** What somebody pasted into "I was given a code or a link". */
export interface Given {
  readonly target: JoinTarget;
  readonly typed: string;
}

export function GetHelp({ offer, system, origin, onGiven }: {
  offer: Offer;
  system: System;
  origin: string;
  onGiven(given: Given): void;
}) {
  const { say } = useTexts();
  return (
    <section className="door" aria-labelledby="get-title">
      <div className="door-head">
        <h2 id="get-title">{say('get.title')}</h2>
        <p className="quiet-text">{say('get.lead')}</p>
      </div>
      <HostProgram offer={offer} system={system} origin={origin} />
      <GivenForm origin={origin} onGiven={onGiven} />
    </section>
  );
}

/** How to start the host on this system; says so where there is no program for it. */
function HostProgram({ offer, system, origin }: { offer: Offer; system: System; origin: string }) {
  const texts = useTexts();
  const { say } = texts;
  if (offer.at === 'asking') return <p className="quiet-text door-body">{say('get.asking')}</p>;
  if (offer.at === 'silent') return <p className="note stop door-body">{say('get.noAnswer')}</p>;
  if (system === 'android' || system === 'ios') return <p className="note door-body">{say('get.nonePhone')}</p>;
  const download = downloadFor(offer.offer, system);
  const name = say(systemName[system]);
  if (download === undefined) return <p className="note door-body">{say('get.none', { system: name })}</p>;
  if (system !== 'linux') {
    return (
      <div className="door-body">
        <a className="button primary" href={download.url} download><DownloadIcon size={18} />{say('get.download', { system: name })}</a>
        <p className="quiet-text small">{say('get.downloadNote', { size: sayBytes(texts, download.bytes) })}</p>
        <WhatThen />
      </div>
    );
  }
  return (
    <div className="door-body">
      <p className="label">{say('get.command')}</p>
      <CopyLine text={hostCommand(origin, offer.offer)} label={say('copy.command')} />
      <p className="small"><a className="quiet-text" href={download.url} download>{say('get.downloadFile', { size: sayBytes(texts, download.bytes) })}</a></p>
      <WhatThen />
    </div>
  );
}

/** The rest of the way, so that nobody starts a program without knowing what it leads to. */
function WhatThen() {
  const { say } = useTexts();
  return (
    <>
      <p className="label then-title">{say('get.thenTitle')}</p>
      <ol className="then">
        <li>{say('get.then1')}</li>
        <li>{say('get.then2')}</li>
        <li>{say('get.then3')}</li>
      </ol>
    </>
  );
}

function GivenForm({ origin, onGiven }: { origin: string; onGiven(given: Given): void }) {
  const { say } = useTexts();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    const target = readCodeOrLink(typed.trim());
    if (target === undefined) setWrong(true);
    else onGiven({ target, typed: typed.trim() });
  }

  function change(value: string) {
    setWrong(false);
    setTyped(/^[\d\s]+$/.test(value) && value.length >= typed.length ? groupDigits(digitsOf(value)) : value);
  }

  return (
    <form className="given" onSubmit={submit} noValidate>
      <TextField
        label={say('get.given')}
        value={typed}
        onChange={change}
        placeholder={say('get.givenHint')}
        error={wrong ? say('get.givenWrong', { origin }) : undefined}
      />
      <Button type="submit" aria-label={say('get.continue')} icon={<ArrowRight size={20} className="turns" />} />
    </form>
  );
}
