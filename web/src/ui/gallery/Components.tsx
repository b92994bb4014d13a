import { Copy } from 'lucide-react';
import { useState } from 'react';
import { Page } from '../app/Page.tsx';
import { BigCode } from '../code/BigCode.tsx';
import { CodeField } from '../code/CodeField.tsx';
import { Button } from '../controls/Button.tsx';
import { CopyLine } from '../controls/copy.tsx';
import { Segments, Switch, TextField } from '../controls/fields.tsx';
import { Presence } from '../session/Presence.tsx';

/** The parts by themselves, each in its states. The words are the parts' own names. */
export function Components() {
  const [digits, setDigits] = useState('4821905');
  const [on, setOn] = useState(true);
  const [one, setOne] = useState('first');
  return (
    <Page>
      <div className="board">
        <h1>Components</h1>
        <div className="row">
          <Button kind="primary">primary</Button><Button>quiet</Button><Button kind="stop">stop</Button><Button kind="bare">bare</Button>
          <Button aria-label="icon" icon={<Copy size={18} />} />
        </div>
        <div className="row">
          <Button kind="primary" isDisabled>primary off</Button><Button isDisabled>quiet off</Button><Button icon={<Copy size={18} />}>with an icon</Button>
        </div>
        <CodeField label="code, partial" digits={digits} onDigits={setDigits} />
        <CodeField label="code, wrong" digits="482190" onDigits={() => undefined} error="A code has nine digits. This has 6." />
        <TextField label="text" value="" onChange={() => undefined} placeholder="placeholder" />
        <TextField label="text, wrong" value="Anna" onChange={() => undefined} error="What is wrong and what to do." />
        <div><Switch label="switch" on={on} onChange={setOn} /><Switch label="switch, fixed" on disabled /></div>
        <Segments label="segments" value={one} onChange={setOne} options={[{ value: 'first', text: 'first' }, { value: 'second', text: 'second' }]} />
        <CopyLine text="curl -fsSL https://support.example/get | sh -s -- 482190573" label="command" />
        <BigCode digits="482 190 573" />
        <BigCode digits="482 190 573" faded />
        <div className="row"><Presence /> looking <Presence strong /> touching</div>
        <p className="note">note</p>
        <p className="note stop">note, loss</p>
      </div>
    </Page>
  );
}
