// As much of a page as attached input touches.
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import type { CursorShape } from '../../src/browser/bridge.ts';
import { attachInput, type AttachedInput } from '../../src/browser/input/attach-input.ts';
import type { SessionClient } from '../../src/browser/session-client.ts';
import { ViewTransform } from '../../src/browser/view/view-transform.ts';
import { Viewport } from '../../src/browser/view/viewport.ts';

// One signal ends them all.
EventEmitter.defaultMaxListeners = 64;

class ElementDouble extends EventTarget {
  static drawn = 0;
  readonly style: Record<string, string> = {};
  width = 0;
  height = 0;
  value = '';
  isFocused = false;

  constructor(readonly tag = 'div') {
    super();
  }

  setAttribute(): void {}
  append(): void {}
  remove(): void {}
  setSelectionRange(): void {}
  setPointerCapture(): void {}
  hasPointerCapture(): boolean { return true; }
  focus(): void { this.isFocused = true; }
  getBoundingClientRect(): object { return { left: 0, top: 0 }; }
  getContext(): null { return null; }

  toDataURL(): string {
    ElementDouble.drawn++;
    return 'data:,';
  }
}

export class InputDouble {
  readonly log: string[] = [];
  readonly element = new ElementDouble();
  readonly input: AttachedInput;
  controls = true;
  private readonly made: ElementDouble[] = [];
  private readonly listeners = new Set<() => void>();
  private frames: (() => void)[] = [];
  private cursor: CursorShape | undefined;
  private readonly page = Object.assign(new EventTarget(), {
    visibilityState: 'visible', body: new ElementDouble(), activeElement: undefined as ElementDouble | undefined,
    createElement: (tag: string) => {
      const element = new ElementDouble(tag);
      this.made.push(element);
      return element;
    },
  });

  constructor() {
    ElementDouble.drawn = 0;
    vi.stubGlobal('document', this.page);
    vi.stubGlobal('window', new EventTarget());
    vi.stubGlobal('navigator', { platform: 'Linux x86_64' });
    vi.stubGlobal('ImageData', class {});
    for (const name of ['PointerEvent', 'HTMLCanvasElement', 'HTMLTextAreaElement', 'InputEvent']) vi.stubGlobal(name, class {});
    vi.stubGlobal('requestAnimationFrame', (work: () => void) => this.frames.push(work));
    vi.stubGlobal('cancelAnimationFrame', () => undefined);
    const viewport = new Viewport();
    viewport.set(ViewTransform.of({ width: 800, height: 600 }, { width: 800, height: 600 }, 1, 'corner'));
    this.input = attachInput(this.element as unknown as HTMLElement, this.client(), { viewport, touch: 'direct', label: 'Desktop' });
  }

  /** Where the keyboard's events arrive. */
  get field(): ElementDouble {
    return this.made.find((element) => element.tag === 'textarea')!;
  }

  /** How many pointers have been made for the browser, which takes it long. */
  get drawn(): number {
    return ElementDouble.drawn;
  }

  set focused(on: 'nothing' | 'something') {
    this.page.activeElement = on === 'nothing' ? this.page.body : new ElementDouble('button');
  }

  fire(type: string, details: object): void {
    const element = type.startsWith('key') ? this.field : this.element;
    const plain = { ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, repeat: false, isComposing: false, location: 0, getModifierState: () => false };
    element.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), plain, details));
  }

  move(x: number, y: number): void {
    this.fire('pointermove', { pointerType: 'mouse', buttons: 0, clientX: x, clientY: y });
  }

  turn(): void {
    this.fire('wheel', { deltaX: 0, deltaY: 120, deltaMode: 0, wheelDeltaX: 0, wheelDeltaY: -120, clientX: 0, clientY: 0 });
  }

  frame(): void {
    for (const work of this.frames.splice(0)) work();
  }

  hostControls(controls: boolean): void {
    this.controls = controls;
    this.tell();
  }

  hostShows(cursor: CursorShape): void {
    this.cursor = cursor;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private client(): SessionClient {
    const { log } = this;
    const grant = (): object | undefined => this.controls ? { view: true, control: true, clipboard: true } : undefined;
    return {
      get grant() { return grant(); },
      getSnapshot: () => ({ cursor: this.cursor, cursorAt: undefined }),
      subscribe: (listener: () => void) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      key: (down: boolean, keysym: number) => log.push(`${down ? '+' : '-'}${keysym.toString(16)}`),
      text: (text: string) => log.push(text),
      pointer: (x: number, y: number) => log.push(`at ${x},${y}`),
      wheel: (_: number, dy: number) => log.push(`wheel ${dy}`),
      release: () => log.push('release'),
    } as unknown as SessionClient;
  }
}
