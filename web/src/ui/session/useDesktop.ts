import { useEffect, useRef, type RefObject } from 'react';
import { attachInput, type AttachedInput, type TouchMode } from '../../browser/input/attach-input.ts';
import type { SessionClient } from '../../browser/session-client.ts';
import { PaneCanvases } from '../../browser/view/pane-canvases.ts';
import { watchPixelRatio } from '../../browser/view/pixel-ratio.ts';
import { ViewTransform } from '../../browser/view/view-transform.ts';
import type { Viewport } from '../../browser/view/viewport.ts';
import { attachEdgePan } from './edge-pan.ts';

/**
 * The element in which the desktop lies. Owns what React must not touch: the canvases that the worker paints, their place in
 * the window, and the input that is attached to it while the session is live.
 */
export function useDesktop({ client, viewport, kiosk, picture, holds, live, touch, label, onKeyboard, onLetGo }: {
  client: SessionClient;
  viewport: Viewport;
  kiosk: boolean;
  picture: { readonly width: number; readonly height: number } | undefined;
  /** The desktop is there, or comes back by itself: input stays attached. */
  holds: boolean;
  live: boolean;
  touch: TouchMode;
  label: string;
  onKeyboard(shown: boolean): void;
  onLetGo(): void;
}): { stage: RefObject<HTMLDivElement | null>; input: RefObject<AttachedInput | undefined> } {
  const stage = useRef<HTMLDivElement>(null);
  const input = useRef<AttachedInput | undefined>(undefined);

  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const panes = new PaneCanvases(element);
    const lay = (): void => panes.lay(viewport.get());
    lay();
    client.attachPanes(panes);
    const stop = viewport.subscribe(lay);
    const measure = (): void => {
      const { width, height } = element.getBoundingClientRect();
      if (width > 0) viewport.update((now) => now.withView({ width, height }, devicePixelRatio));
    };
    const size = new ResizeObserver(measure);
    size.observe(element);
    const stopRatio = watchPixelRatio(measure);
    return () => {
      stop();
      size.disconnect();
      stopRatio();
      client.detachPanes(panes);
      panes.remove();
    };
  }, [client, viewport]);

  useEffect(() => {
    if (picture === undefined) return;
    viewport.update((now) => now.picture.width === 0
      ? ViewTransform.of(now.view, picture, devicePixelRatio, kiosk ? 'corner' : 'fit')
      : now.withPicture(picture));
  }, [viewport, kiosk, picture]);

  const now = useRef({ touch, label, onKeyboard, onLetGo });
  now.current = { touch, label, onKeyboard, onLetGo };
  useEffect(() => {
    const element = stage.current;
    if (element === null || !holds) return;
    const attached = attachInput(element, client, {
      viewport,
      touch: now.current.touch,
      label: now.current.label,
      onKeyboard: (shown) => now.current.onKeyboard(shown),
      onLetGo: () => now.current.onLetGo(),
    });
    input.current = attached;
    attached.focus();
    const stopPan = attachEdgePan(element, viewport);
    return () => {
      stopPan();
      input.current = undefined;
      attached.detach();
    };
  }, [client, viewport, holds]);

  // A break before the first picture hides the stage, and what a break was left by goes with it: both leave the keyboard with nobody.
  useEffect(() => {
    if (live) input.current?.focusIfIdle();
  }, [live]);

  return { stage, input };
}
