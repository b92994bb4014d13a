import { useCallback, useEffect, useState, type RefObject } from 'react';

/** The pill goes after this long without a pointer on it or a key in it; long enough to read it once. */
const stays = 4000;

/**
 * Whether the pill is tucked away. It stays while `pinned`, while the pointer or the focus is on it, and comes back when
 * a mouse touches the middle of the top edge, or `show` is called.
 */
export function useTucked(pill: RefObject<HTMLElement | null>, pinned: boolean): { tucked: boolean; show(): void } {
  const [tucked, setTucked] = useState(false);
  const [shown, setShown] = useState(0);
  const show = useCallback(() => {
    setTucked(false);
    setShown((count) => count + 1);
  }, []);

  useEffect(() => {
    if (pinned) {
      setTucked(false);
      return;
    }
    if (tucked) return;
    const look = setInterval(() => {
      if (pill.current?.matches(':hover, :focus-within') !== true) setTucked(true);
    }, stays);
    return () => clearInterval(look);
  }, [pill, pinned, tucked, shown]);

  return { tucked: tucked && !pinned, show };
}
