import { useEffect, useRef, type RefObject } from 'react';
import { attachInput, type AttachedInput, type TouchMode } from '../../browser/input/attach-input.ts';
import type { SessionClient } from '../../browser/session-client.ts';
import { PaneCanvases } from '../../browser/view/pane-canvases.ts';
import { ViewTransform } from '../../browser/view/view-transform.ts';
import type { Viewport } from '../../browser/view/viewport.ts';
import { attachEdgePan } from './edge-pan.ts';

/**
 * The element in which the desktop lies. Owns what React must not touch: the canvases that the worker paints, their place in
 * the window, and the input that is attached to it while the session is live.
 */
export function useDesktop({ client, viewport, kiosk, picture, holds, touch, label, onKeyboard, onLetGo }: {
  client: SessionClient;
  viewport: Viewport;
  kiosk: boolean;
  picture: { readonly width: number; readonly height: number } | undefined;
  /** The desktop is there, or comes back by itself: input stays attached. */
  holds: boolean;
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
    const size = new ResizeObserver(() => {
      const { width, height } = element.getBoundingClientRect();
      if (width > 0) viewport.update((now) => now.withView({ width, height }, devicePixelRatio));
    });
    size.observe(element);
    return () => {
      stop();
      size.disconnect();
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

  return { stage, input };
}
