/**
 * Tells when the window comes to a screen of another density, or is zoomed: its size in CSS pixels need not change with that. Returns what
 * ends it.
 */
export function watchPixelRatio(changed: () => void): () => void {
  const ends = new AbortController();
  // A query is about one ratio: each change asks for the next.
  const watch = (): void => {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
      watch();
      changed();
    }, { once: true, signal: ends.signal });
  };
  watch();
  return () => ends.abort();
}
