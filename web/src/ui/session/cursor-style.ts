import type { CursorShape } from '../../browser/bridge.ts';

/** Browsers ignore a cursor above this many CSS pixels. */
const largest = 128;

/**
 * The host's cursor as the CSS cursor of the desktop: the browser then draws it without any delay. `url` holds the image
 * as a data URL; on dense screens it is drawn pixel for pixel.
 */
export function cursorStyle(shape: CursorShape | undefined, url: string | undefined, devicePixelRatio: number): string {
  if (shape === undefined) return 'default';
  if (shape.width === 0 || shape.height === 0) return 'none';
  const dense = Math.max(1, devicePixelRatio);
  if (url === undefined || shape.width / dense > largest || shape.height / dense > largest) return 'default';
  const at = `${Math.round(shape.hotX / dense)} ${Math.round(shape.hotY / dense)}`;
  return dense === 1 ? `url(${url}) ${at}, default` : `image-set(url(${url}) ${dense}x) ${at}, default`;
}

/** A cursor's pixels as a data URL; its size is bounded by the protocol. */
export function cursorUrl(shape: CursorShape | undefined): string | undefined {
  if (shape === undefined || shape.width === 0 || shape.height === 0) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = shape.width;
  canvas.height = shape.height;
  canvas.getContext('2d')?.putImageData(new ImageData(shape.rgba, shape.width, shape.height), 0, 0);
  return canvas.toDataURL();
}
