import { useEffect, useRef, useState } from 'react';
import type { OpenCode } from '../../browser/bridge.ts';

/** The time now, told again each second while `runs`. */
function useNow(runs: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
}

/** Milliseconds since the first picture, until the end; a break in between counts. */
export function useTogether(live: boolean, ended: boolean): number {
  const since = useRef<number | undefined>(undefined);
  const until = useRef<number | undefined>(undefined);
  if (live && since.current === undefined) since.current = performance.now();
  if (ended && until.current === undefined) until.current = performance.now();
  const now = useNow(since.current !== undefined && !ended);
  return since.current === undefined ? 0 : Math.max(0, (until.current ?? now) - since.current);
}

/** Seconds that a code still works, counted from when it arrived. */
export function useCodeLeft(code: OpenCode | undefined): number {
  const arrived = useRef<{ code: OpenCode; at: number } | undefined>(undefined);
  if (code !== undefined && arrived.current?.code !== code) arrived.current = { code, at: performance.now() };
  const now = useNow(code !== undefined);
  if (code === undefined || arrived.current === undefined) return 0;
  return Math.max(0, code.seconds - Math.max(0, now - arrived.current.at) / 1000);
}
