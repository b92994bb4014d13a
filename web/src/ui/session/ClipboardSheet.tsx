import { useState } from 'react';
import { Label } from 'react-aria-components/Label';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import { clipboardLimit } from '../../browser/session-client.ts';
import { Button } from '../controls/Button.tsx';
import { Sheet } from '../controls/Sheet.tsx';
import { sayBytes } from '../texts/quantities.ts';
import { useTexts } from '../texts/texts.ts';
import type { SessionActions, SessionPicture } from './session-view.ts';

/** The clipboard as a place one can see, for browsers that don't share it by themselves. */
export function ClipboardSheet({ picture: { snapshot, asked }, actions, onClose }: {
  picture: SessionPicture;
  actions: SessionActions;
  onClose(): void;
}) {
  const texts = useTexts();
  const { say } = texts;
  const [text, setText] = useState('');
  const [sent, setSent] = useState(false);
  const shared = snapshot.state?.at === 'live' && snapshot.state.grant.clipboard;
  const theirs = snapshot.clipboardOffered;
  const bytes = text.length > clipboardLimit / 3 ? new TextEncoder().encode(text).length : 0;

  if (!shared) {
    return (
      <Sheet title={say('clip.title')} onClose={onClose}>
        <p className="quiet-text">{say('clip.notAllowed')}</p>
        <Button isDisabled={asked} onPress={() => actions.askFor({ clipboard: true })}>{say('clip.ask')}</Button>
        <p className="small quiet-text said" role="status">{asked ? say('tools.asked') : ''}</p>
      </Sheet>
    );
  }
  return (
    <Sheet title={say('clip.title')} onClose={onClose}>
      <p className="small quiet-text">{say('clip.lead')}</p>
      <div className="stacked">
        <h3>{say('clip.theirs')}</h3>
        <div className={`clip-theirs ${theirs === undefined ? 'empty' : ''}`} tabIndex={0}>{theirs ?? say('clip.theirsEmpty')}</div>
        {theirs !== undefined && <Button onPress={actions.copyOffered}>{say('copy.copy')}</Button>}
      </div>
      <TextField className="field" value={text} onChange={(next) => { setText(next); setSent(false); }}>
        <Label>{say('clip.yours')}</Label>
        <TextArea className="input" rows={3} spellCheck={false} />
      </TextField>
      {bytes > clipboardLimit
        ? <p className="field-error" role="alert">{say('clip.tooBig', { size: sayBytes(texts, bytes) })}</p>
        : <Button isDisabled={text === ''} onPress={() => { actions.sendClipboard(text); setSent(true); }}>{say('clip.send')}</Button>}
      <p className="small quiet-text said" role="status">{sent ? say('clip.sent') : ''}</p>
    </Sheet>
  );
}
