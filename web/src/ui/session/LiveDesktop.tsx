import { useEffect, useRef, useState } from 'react';
import type { SessionState } from '../../browser/bridge.ts';
import { Broken } from './Broken.tsx';
import { ClipboardSheet } from './ClipboardSheet.tsx';
import { ConnectionSheet } from './ConnectionSheet.tsx';
import { KeyRow } from './KeyRow.tsx';
import { Notices } from './Notices.tsx';
import { Pill } from './Pill.tsx';
import type { SessionActions, SessionPicture } from './session-view.ts';
import { Tools } from './Tools.tsx';
import { useGrantChange } from './useGrantChange.ts';
import { useTucked } from './useTucked.ts';

export type Panel = 'none' | 'tools' | 'connection' | 'clipboard';

/** What floats over the desktop. The desktop itself lies underneath and is not React's. */
export function LiveDesktop({ picture, actions, state, first = 'none' }: {
  picture: SessionPicture;
  actions: SessionActions;
  state: Extract<SessionState, { at: 'live' | 'reconnecting' | 'lost' }>;
  /** The panel that is open at first; the gallery shows each. */
  first?: Panel;
}) {
  const [panel, setPanel] = useState<Panel>(first);
  const over = useRef<HTMLDivElement>(null);
  const tools = useRef<HTMLDivElement>(null);
  const broken = state.at !== 'live';
  const { tucked, show } = useTucked(over, panel !== 'none' || broken);

  const change = useGrantChange(state.at === 'live' ? state.grant : undefined);
  const { summons } = picture.view;
  useEffect(() => {
    if (summons === 0) return;
    show();
    const frame = requestAnimationFrame(() => tools.current?.querySelector('button')?.focus());
    return () => cancelAnimationFrame(frame);
  }, [summons, show]);

  /** Leaves a panel for the desktop; a panel that opened from this one stays. */
  function close(which: Panel = panel) {
    setPanel((now) => (now === which ? 'none' : now));
    // A popover gives the focus back to its button a frame after it closed; the desktop has it last.
    requestAnimationFrame(() => requestAnimationFrame(() => actions.focusDesktop()));
  }

  return (
    <div className="over" onKeyDown={(event) => { if (event.key === 'Escape') close(); }}>
      {broken && <Broken state={state} onLeave={actions.leave} />}
      <div ref={over}>
        <Pill
          picture={picture} actions={actions} tucked={tucked} tools={tools} onShow={show}
          onTools={() => setPanel(panel === 'tools' ? 'none' : 'tools')}
          onConnection={() => setPanel(panel === 'connection' ? 'none' : 'connection')}
        />
      </div>
      <Tools picture={picture} actions={actions} anchor={tools} open={panel === 'tools'} onOpen={(open) => { if (!open) close(); }} onSheet={setPanel} />
      {panel === 'connection' && <ConnectionSheet picture={picture} onClose={() => close()} />}
      {panel === 'clipboard' && <ClipboardSheet picture={picture} actions={actions} onClose={() => close()} />}
      <Notices notices={picture.snapshot.notices} change={change} onDismiss={actions.dismissNotice} />
      {picture.view.keyboard && !broken && <KeyRow actions={actions} />}
    </div>
  );
}
