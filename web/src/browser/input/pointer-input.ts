import { FrameGate } from './frame-gate.ts';
import type { ModifierFlags } from './keyboard.ts';
import { joinMoves, type Move } from './move-path.ts';
import { Button, TouchGestures, type TouchMode } from './touch-gestures.ts';
import { WheelMeter } from './wheel.ts';
import type { Viewport } from '../view/viewport.ts';

export interface PointerOutput {
  pointer(x: number, y: number, buttons: number): void;
  wheel(dx: number, dy: number): void;
  /** The element was touched or clicked: it takes the keyboard. */
  used(): void;
  keyboard(): void;
  /** Where the pointer stands was changed, and by what. */
  moved(by: 'mouse' | 'touch'): void;
  modifiers(flags: ModifierFlags): void;
  isControlDown(): boolean;
}

/** `MouseEvent.buttons` to the wire's: the browser has right before middle. */
export function wireButtons(buttons: number): number {
  return (buttons & 1 ? Button.left : 0) | (buttons & 2 ? Button.right : 0) | (buttons & 4 ? Button.middle : 0)
    | (buttons & 8 ? Button.back : 0) | (buttons & 16 ? Button.forward : 0);
}

/** CSS pixels between a pushed pointer and the edge at which the view follows it. */
const revealMargin = 48;

/** Mouse, pen and fingers on one element. Buttons go at once; moves and wheels as a FrameGate lets them, in the order in which they came. */
export class PointerInput {
  private x = 0;
  private y = 0;
  private placed = false;
  private buttons = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly wheelMeter = new WheelMeter();
  private readonly moves = new FrameGate<readonly Move[]>(
    (path) => {
      this.wheels.flush();
      for (const { x, y } of path) this.send(x, y);
    },
    (earlier, later) => joinMoves(earlier, later, this.buttons !== 0), (work) => { requestAnimationFrame(work); });
  private readonly wheels = new FrameGate<{ dx: number; dy: number }>(
    ({ dx, dy }) => this.out.wheel(dx, dy), (a, b) => ({ dx: a.dx + b.dx, dy: a.dy + b.dy }), (work) => { requestAnimationFrame(work); });
  private readonly gestures: TouchGestures;

  constructor(
    private readonly element: HTMLElement, private readonly viewport: Viewport, mode: TouchMode,
    private readonly out: PointerOutput, signal: AbortSignal,
  ) {
    this.gestures = new TouchGestures({
      pushPointer: (dx, dy) => this.push(dx, dy),
      putPointer: (x, y) => this.put(x, y, 'touch'),
      buttons: (buttons) => this.press(buttons),
      wheel: (dx, dy) => {
        this.ensurePlaced();
        this.turn({ dx, dy });
      },
      zoom: (x, y, factor) => this.viewport.update((view) => view.zoomAt(x, y, factor)),
      pan: (dx, dy) => this.viewport.update((view) => view.panBy(dx, dy)),
      keyboard: () => this.out.keyboard(),
    }, mode);

    const on = <K extends keyof HTMLElementEventMap>(type: K, handle: (event: HTMLElementEventMap[K]) => void, passive = false): void =>
      element.addEventListener(type, handle, { signal, passive });
    on('pointerdown', (event) => this.down(event));
    on('pointerup', (event) => this.up(event));
    on('pointercancel', (event) => this.cancel(event));
    on('lostpointercapture', (event) => { if (event.pointerType !== 'touch' && event.buttons === 0) this.press(0); });
    on('pointermove', (event) => this.move(event));
    // Told as the mouse tells it, not once a frame; the FrameGate behind it still bounds what is sent.
    element.addEventListener('pointerrawupdate', (event) => { if (event instanceof PointerEvent && event.pointerType !== 'touch') this.move(event); }, { signal, passive: true });
    on('wheel', (event) => this.wheel(event));
    on('contextmenu', (event) => event.preventDefault());
    on('dragstart', (event) => event.preventDefault());
    // A finger's default actions are the page's scrolling and zooming.
    on('touchstart', (event) => { if (event.target === element || event.target instanceof HTMLCanvasElement) event.preventDefault(); });
    element.style.touchAction = 'none';
    signal.addEventListener('abort', () => {
      clearTimeout(this.timer);
      element.style.touchAction = '';
    });
  }

  setTouch(mode: TouchMode): void {
    this.gestures.cancel();
    this.gestures.mode = mode;
  }

  /** Where the pointer stands, in desktop pixels. */
  get at(): { x: number; y: number } | undefined {
    return this.placed ? { x: this.x, y: this.y } : undefined;
  }

  /** Somebody at the host moved the pointer. */
  moveTo(x: number, y: number): void {
    this.x = x;
    this.y = y;
    this.placed = true;
  }

  /** What waits for a frame goes now: a key follows it. */
  flush(): void {
    this.moves.flush();
    this.wheels.flush();
  }

  releaseAll(): void {
    this.moves.drop();
    this.wheels.drop();
    this.buttons = 0;
    this.gestures.cancel();
  }

  private down(event: PointerEvent): void {
    this.out.modifiers(event);
    if (!this.isOurs(event)) return;
    this.out.used();
    if (event.pointerType === 'touch') {
      const { x, y } = this.point(event);
      this.gestures.touch(event.pointerId, x, y, event.timeStamp);
      this.schedule();
    } else {
      event.preventDefault();
      this.element.setPointerCapture(event.pointerId);
      this.mouse(event);
    }
  }

  private up(event: PointerEvent): void {
    if (event.pointerType === 'touch') {
      this.gestures.lift(event.pointerId, event.timeStamp);
      this.schedule();
    } else {
      this.mouse(event);
    }
  }

  private move(event: PointerEvent): void {
    if (event.pointerType === 'touch') {
      const { x, y } = this.point(event);
      this.gestures.move(event.pointerId, x, y, event.timeStamp);
      this.schedule();
    } else if (event.buttons === 0 ? this.isOurs(event) || this.buttons !== 0 : this.element.hasPointerCapture(event.pointerId)) {
      this.mouse(event);
    }
  }

  private cancel(event: PointerEvent): void {
    if (event.pointerType === 'touch') this.gestures.cancel();
    else this.press(0);
  }

  private wheel(event: WheelEvent): void {
    if (!this.isOurs(event)) return;
    event.preventDefault();
    // A touchpad's pinch comes as a wheel with a Ctrl that nobody holds.
    if (event.ctrlKey && !this.out.isControlDown()) {
      const { x, y } = this.point(event);
      this.viewport.update((view) => view.zoomAt(x, y, Math.exp(-event.deltaY / 100)));
      return;
    }
    const turn = this.wheelMeter.take(event as WheelEvent & { wheelDeltaX?: number; wheelDeltaY?: number });
    if (turn.dx !== 0 || turn.dy !== 0) this.turn(turn);
  }

  private turn(turn: { dx: number; dy: number }): void {
    this.moves.flush();
    this.wheels.push(turn);
  }

  /** Tools float over the picture inside the same element; what is done on them is theirs. */
  private isOurs(event: Event): boolean {
    return event.target === this.element || event.target instanceof HTMLCanvasElement || event.target instanceof HTMLTextAreaElement;
  }

  private mouse(event: PointerEvent): void {
    const { x, y } = this.point(event);
    const buttons = wireButtons(event.buttons);
    if (buttons === this.buttons) {
      this.put(x, y, 'mouse');
    } else {
      this.place(x, y);
      this.press(buttons);
      this.out.moved('mouse');
    }
  }

  private put(x: number, y: number, by: 'mouse' | 'touch'): void {
    const before = this.placed ? { x: this.x, y: this.y } : undefined;
    this.place(x, y);
    if (before === undefined || before.x !== this.x || before.y !== this.y) this.moves.push([{ x: this.x, y: this.y }]);
    this.out.moved(by);
  }

  private place(x: number, y: number): void {
    const at = this.viewport.get().pixelAt(x, y);
    this.moveTo(at.x, at.y);
  }

  private push(dx: number, dy: number): void {
    if (dx === 0 && dy === 0) return;
    this.ensurePlaced();
    const view = this.viewport.get();
    this.x = Math.max(0, Math.min(view.picture.width - 1, this.x + dx / view.scale));
    this.y = Math.max(0, Math.min(view.picture.height - 1, this.y + dy / view.scale));
    this.moves.push([{ x: this.x, y: this.y }]);
    this.viewport.update((current) => current.reveal(this.x, this.y, revealMargin));
    this.out.moved('touch');
  }

  private press(buttons: number): void {
    if (buttons === this.buttons) return;
    if (this.buttons === 0) this.moves.drop();
    else this.moves.flush();
    this.wheels.flush();
    this.ensurePlaced();
    this.buttons = buttons;
    this.send(this.x, this.y);
  }

  /** The first push begins in the middle of what is seen. */
  private ensurePlaced(): void {
    if (this.placed) return;
    const view = this.viewport.get();
    this.place(view.view.width / 2, view.view.height / 2);
  }

  private send(x: number, y: number): void {
    this.out.pointer(Math.round(x), Math.round(y), this.buttons);
  }

  private point(event: MouseEvent): { x: number; y: number } {
    const bounds = this.element.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const due = this.gestures.deadline;
    if (due === undefined) return;
    this.timer = setTimeout(() => this.gestures.tick(performance.now()), Math.max(0, Math.ceil(due - performance.now())));
  }
}
