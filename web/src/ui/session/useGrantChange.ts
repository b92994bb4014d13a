import { useEffect, useRef, useState } from 'react';
import type { Grant } from '../../core/session/grant.ts';
import type { Key } from '../texts/texts.ts';

/** Long enough to be read twice; what it says stays visible in the bar. */
const stays = 6000;

export type GrantChange = Extract<Key, `notice.grant${string}` | 'notice.noClipboard'>;

/** What the last change of the grant means for the person, for a while after it happened. */
export function useGrantChange(grant: Grant | undefined): GrantChange | undefined {
  const before = useRef<Grant | undefined>(undefined);
  const [change, setChange] = useState<GrantChange | undefined>(undefined);

  useEffect(() => {
    if (grant === undefined) return;
    const was = before.current;
    before.current = grant;
    const next = was === undefined ? undefined : changeBetween(was, grant);
    if (next === undefined) return;
    setChange(next);
    const timer = setTimeout(() => setChange(undefined), stays);
    return () => clearTimeout(timer);
  }, [grant]);

  return change;
}

/** Control matters more than the clipboard; when both change, control is told. */
export function changeBetween(was: Grant, is: Grant): GrantChange | undefined {
  if (was.control !== is.control) return is.control ? 'notice.grantControl' : 'notice.grantLook';
  if (was.clipboard !== is.clipboard) return is.clipboard ? 'notice.grantClipboard' : 'notice.noClipboard';
  return undefined;
}
