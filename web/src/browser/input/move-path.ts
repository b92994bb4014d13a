export interface Move {
  readonly x: number;
  readonly y: number;
}

/** Moves sent a frame while a button is held. */
const longest = 4;

/**
 * What waits for a frame and what comes to it. Nobody misses a move of a pointer that only hovers. While a button is held the way counts: a window
 * manager takes the first moves for the beginning of a drag and needs more to move anything, and a drawing is all its points.
 */
export function joinMoves(earlier: readonly Move[], later: readonly Move[], held: boolean): readonly Move[] {
  return held ? [...earlier.slice(0, longest - later.length), ...later] : later;
}
