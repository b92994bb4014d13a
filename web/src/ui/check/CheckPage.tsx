import { useEffect, useState } from 'react';
import { checkConnection } from '../../browser/connection-check.ts';
import type { Findings } from '../../core/check/findings.ts';
import { CheckView } from './CheckView.tsx';

/** Looks at the connection from this browser, once, and again when asked. */
export function CheckPage() {
  const [found, setFound] = useState<Findings>({ webRtc: true });
  const [round, setRound] = useState(0);
  const [done, setDone] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    setDone(false);
    void checkConnection(setFound, stop.signal).finally(() => {
      if (!stop.signal.aborted) setDone(true);
    });
    return () => stop.abort();
  }, [round]);
  return <CheckView found={found} done={done} onAgain={() => setRound(round + 1)} />;
}
