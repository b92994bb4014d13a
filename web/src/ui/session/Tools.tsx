import { Activity, ClipboardList, Expand, Keyboard, Minus, MousePointerClick, MousePointer2Off, Plus, Shrink } from 'lucide-react';
import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import type { RefObject } from 'react';
import { Button } from '../controls/Button.tsx';
import { Segments } from '../controls/fields.tsx';
import { useTexts, type Key } from '../texts/texts.ts';
import type { SessionActions, SessionPicture } from './session-view.ts';
import './tools.css';

const chords = [
  ['Ctrl+Alt+Delete', 'keys.ctrlAltDelete'], ['Alt+Tab', 'keys.altTab'], ['Meta', 'keys.super'],
  ['Alt+F4', 'keys.altF4'], ['Ctrl+Escape', 'keys.ctrlEsc'], ['PrintScreen', 'keys.print'],
] as const satisfies readonly (readonly [string, Key])[];

interface Props {
  picture: SessionPicture;
  actions: SessionActions;
  anchor: RefObject<HTMLElement | null>;
  open: boolean;
  onOpen(open: boolean): void;
  onSheet(sheet: 'connection' | 'clipboard'): void;
}

/** Everything one does now and then, on one panel; on a phone it comes from below. */
export function Tools({ picture, actions, anchor, open, onOpen, onSheet }: Props) {
  const { say } = useTexts();
  return (
    <Popover className="tools" triggerRef={anchor} isOpen={open} onOpenChange={onOpen} placement="bottom" offset={14} containerPadding={12}>
      <Dialog aria-label={say('tools.title')}>
        <PictureTools picture={picture} actions={actions} />
        <MonitorTools picture={picture} actions={actions} />
        <section>
          <h3>{say('tools.keys')}</h3>
          <div className="tool-keys">
            {chords.map(([chord, key]) => <Button key={chord} className="key" onPress={() => actions.chord(chord)}>{say(key)}</Button>)}
          </div>
          {picture.view.hasCommand && <p className="small tool-hint">{say('tools.command')}</p>}
        </section>
        {picture.view.hasTouch && <TouchTools picture={picture} actions={actions} onOpen={onOpen} />}
        <section className="tool-rows">
          <ControlTool picture={picture} actions={actions} />
          <Button kind="bare" icon={<ClipboardList size={18} />} onPress={() => onSheet('clipboard')}>{say('tools.clipboard')}</Button>
          <Button kind="bare" icon={<Activity size={18} />} onPress={() => onSheet('connection')}>{say('tools.connection')}</Button>
        </section>
        <p className="small tool-hint">{say('tools.shortcut')}</p>
      </Dialog>
    </Popover>
  );
}

type Part = Pick<Props, 'picture' | 'actions'>;

function PictureTools({ picture: { view }, actions }: Part) {
  const { say } = useTexts();
  const mode = view.mode === 'fit' || view.mode === 'actual' ? view.mode : undefined;
  return (
    <section>
      <h3>{say('tools.picture')}</h3>
      <div className="tool-line">
        <Segments
          label={say('tools.picture')} value={mode} onChange={actions.mode}
          options={[{ value: 'fit', text: say('tools.fit') }, { value: 'actual', text: say('tools.actual') }]}
        />
        <div className="zoom">
          <Button kind="bare" aria-label={say('tools.zoomOut')} icon={<Minus size={18} />} onPress={() => actions.zoom(1 / 1.25)} />
          <span className="zoom-now">{say('tools.zoom', { percent: Math.round(view.scale * 100) })}</span>
          <Button kind="bare" aria-label={say('tools.zoomIn')} icon={<Plus size={18} />} onPress={() => actions.zoom(1.25)} />
        </div>
      </div>
      {view.canFullScreen && (
        <>
          <Button kind="bare" className="tool-row" icon={view.fullScreen ? <Shrink size={18} /> : <Expand size={18} />} onPress={() => actions.fullScreen(!view.fullScreen)}>
            {say(view.fullScreen ? 'tools.fullLeave' : 'tools.full')}
          </Button>
          {view.fullScreen && <p className="small quiet-text tool-note">{say('tools.fullNote')}</p>}
        </>
      )}
    </section>
  );
}

function MonitorTools({ picture: { snapshot: { desktop } }, actions }: Part) {
  const { say } = useTexts();
  if (desktop === undefined || desktop.monitors.length < 2) return null;
  return (
    <section>
      <h3>{say('tools.monitors')}</h3>
      <Segments
        label={say('tools.monitors')} value={String(desktop.shows)} onChange={(id) => actions.monitor(Number(id))}
        options={[{ value: '0', text: say('tools.monitorAll') }, ...desktop.monitors.map((m) => ({ value: String(m.id), text: m.name }))]}
      />
    </section>
  );
}

function TouchTools({ picture: { view }, actions, onOpen }: Part & Pick<Props, 'onOpen'>) {
  const { say } = useTexts();
  return (
    <section>
      <h3>{say('tools.touch')}</h3>
      <Segments
        label={say('tools.touch')} value={view.touch} onChange={actions.touch}
        options={[{ value: 'trackpad', text: say('tools.trackpad') }, { value: 'direct', text: say('tools.direct') }]}
      />
      <Button kind="bare" className="tool-row" icon={<Keyboard size={18} />} onPress={() => { onOpen(false); actions.keyboard(true); }}>{say('tools.keyboard')}</Button>
    </section>
  );
}

function ControlTool({ picture: { snapshot, asked }, actions }: Part) {
  const { say } = useTexts();
  const controls = snapshot.state?.at === 'live' && snapshot.state.grant.control;
  if (controls) return <Button kind="bare" icon={<MousePointer2Off size={18} />} onPress={actions.giveBack}>{say('tools.giveBack')}</Button>;
  return (
    <>
      <Button kind="bare" icon={<MousePointerClick size={18} />} isDisabled={asked} onPress={() => actions.askFor({ control: true })}>{say('tools.askControl')}</Button>
      {asked && <p className="small quiet-text tool-note" role="status">{say('tools.asked')}</p>}
    </>
  );
}
