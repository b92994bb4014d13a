import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../controls/Button.tsx';
import { useTexts, type Key } from '../texts/texts.ts';
import type { SessionActions } from './session-view.ts';
import './key-row.css';

const keys: readonly { chord: string; say: 'keys.escape' | 'keys.tab' | 'keys.left' | 'keys.up' | 'keys.down' | 'keys.right' & Key; icon?: ReactNode }[] = [
  { chord: 'Escape', say: 'keys.escape' },
  { chord: 'Tab', say: 'keys.tab' },
  { chord: 'Left', say: 'keys.left', icon: <ArrowLeft size={18} /> },
  { chord: 'Up', say: 'keys.up', icon: <ArrowUp size={18} /> },
  { chord: 'Down', say: 'keys.down', icon: <ArrowDown size={18} /> },
  { chord: 'Right', say: 'keys.right', icon: <ArrowRight size={18} /> },
];

/** The keys a phone's keyboard lacks, above it. They must not take the focus, or the keyboard would go. */
export function KeyRow({ actions }: { actions: SessionActions }) {
  const { say } = useTexts();
  return (
    <div className="key-row" role="toolbar" aria-label={say('tools.keys')} dir="ltr" onPointerDown={(event) => event.preventDefault()}>
      {keys.map(({ chord, say: name, icon }) => (
        <Button key={chord} className="key" preventFocusOnPress aria-label={say(name)} onPress={() => actions.chord(chord)} icon={icon}>
          {icon === undefined ? say(name) : undefined}
        </Button>
      ))}
      <Button kind="bare" preventFocusOnPress aria-label={say('keys.hide')} icon={<ChevronDown size={20} />} onPress={() => actions.keyboard(false)} />
    </div>
  );
}
