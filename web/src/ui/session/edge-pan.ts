import type { Viewport } from '../../browser/view/viewport.ts';

/** Within this many CSS pixels of the window's edge a mouse pulls more of a large desktop into view. */
const zone = 28;
/** CSS pixels a second at the very edge. */
const fastest = 1400;

/** How fast the view moves along one axis, in CSS pixels a second; positive shows more of what lies before the start. */
export function panSpeed(at: number, length: number): number {
  if (at < zone) return fastest * Math.min(1, (zone - at) / zone);
  if (at > length - zone) return -fastest * Math.min(1, (at - (length - zone)) / zone);
  return 0;
}

/**
 * Lets a mouse reach all of a desktop that is larger than the window. While the view moves under a resting mouse, the
 * pointer is told anew where it is, so that the host's pointer stays under the hand.
 */
export function attachEdgePan(element: HTMLElement, viewport: Viewport): () => void {
  let last: PointerEvent | undefined;
  let frame = 0;
  let before = 0;

  function step(now: number): void {
    frame = 0;
    if (last === undefined) return;
    const { view } = viewport.get();
    const speed = { x: panSpeed(last.offsetX, view.width), y: panSpeed(last.offsetY, view.height) };
    const seconds = before === 0 ? 0 : Math.min(0.1, (now - before) / 1000);
    before = now;
    const was = viewport.get();
    viewport.update((current) => current.panBy(Math.round(speed.x * seconds), Math.round(speed.y * seconds)));
    const is = viewport.get();
    if (is.x !== was.x || is.y !== was.y) element.dispatchEvent(new PointerEvent('pointermove', last));
    if (speed.x === 0 && speed.y === 0) before = 0;
    else frame = requestAnimationFrame(step);
  }

  function moved(event: PointerEvent): void {
    if (!event.isTrusted) return;
    const { mode, view, picture, scale } = viewport.get();
    const larger = mode !== 'fit' && (picture.width * scale > view.width + 0.5 || picture.height * scale > view.height + 0.5);
    last = event.pointerType === 'mouse' && larger ? event : undefined;
    if (last !== undefined && frame === 0) frame = requestAnimationFrame(step);
  }

  const gone = (): void => { last = undefined; };
  element.addEventListener('pointermove', moved);
  element.addEventListener('pointerleave', gone);
  return () => {
    cancelAnimationFrame(frame);
    element.removeEventListener('pointermove', moved);
    element.removeEventListener('pointerleave', gone);
  };
}
