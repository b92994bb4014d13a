/** How fingers move the host's pointer: `trackpad` pushes a visible pointer, `direct` puts it where the finger is. */
export type TouchMode = 'trackpad' | 'direct';

export const Button = { left: 1, middle: 2, right: 4, back: 8, forward: 16 } as const;

/** Screen coordinates in CSS pixels. */
export interface TouchOutput {
  /** Push the pointer. */
  pushPointer(dx: number, dy: number): void;
  /** Put the pointer under a finger. */
  putPointer(x: number, y: number): void;
  buttons(buttons: number): void;
  /** In 1/120 of a notch. */
  wheel(dx: number, dy: number): void;
  zoom(x: number, y: number, factor: number): void;
  pan(dx: number, dy: number): void;
  keyboard(): void;
}

interface Finger {
  readonly startX: number;
  readonly startY: number;
  x: number;
  y: number;
}

/** CSS pixels a finger may shake and still be still. */
const slop = 9;
/** Milliseconds: a touch that is shorter is a tap. */
const tapTime = 250;
/** After a tap the button stays down this long: a second touch in time drags. */
const dragWait = 180;
const longPress = 500;
/** CSS pixels of change in distance that make two fingers a pinch. */
const pinchSlop = 24;
/** A notch for so many pixels of two fingers. */
const pixelsANotch = 40;
/** A push grows with its speed, in CSS pixels a millisecond. */
const slowest = 0.4;
const gain = 1.1;
const mostGain = 3;

type Doing = 'nothing' | 'one' | 'push' | 'drag' | 'two' | 'scroll' | 'pinch' | 'many';

/**
 * Fingers to pointer, wheel and view. Pure: times are milliseconds given by the caller, `deadline` is when it wants `tick`.
 *
 * Both: two fingers scroll, a pinch zooms and pans the view, two-finger tap is the right button, three-finger tap the keyboard.
 * Trackpad: a finger pushes the pointer, a tap clicks, tap and then drag holds the button. Direct: a tap clicks there, a drag
 * drags, a long press is the right button.
 */
export class TouchGestures {
  private readonly fingers = new Map<number, Finger>();
  private doing: Doing = 'nothing';
  private most = 0;
  private began = 0;
  private moved = false;
  private lastAt = 0;
  private down = 0;
  private due: number | undefined;
  private distance = 0;
  private centre = { x: 0, y: 0 };
  private restX = 0;
  private restY = 0;

  constructor(private readonly out: TouchOutput, public mode: TouchMode) {}

  get deadline(): number | undefined {
    return this.due;
  }

  touch(id: number, x: number, y: number, now: number): void {
    this.fingers.set(id, { startX: x, startY: y, x, y });
    if (this.fingers.size === 1) {
      this.began = now;
      this.most = 0;
      this.moved = false;
      this.doing = 'one';
      // The button of the tap before is still down: this touch drags, or is the second click.
      this.due = this.mode === 'direct' ? now + longPress : undefined;
    } else if (this.doing === 'push' || this.doing === 'drag') {
      this.press(0);
      this.doing = 'many';
    } else if (this.fingers.size === 2) {
      this.press(0);
      this.due = undefined;
      this.doing = 'two';
      this.measure();
    } else {
      this.doing = 'many';
    }
    this.most = Math.max(this.most, this.fingers.size);
    this.lastAt = now;
  }

  move(id: number, x: number, y: number, now: number): void {
    const finger = this.fingers.get(id);
    if (finger === undefined) return;
    const dx = x - finger.x;
    const dy = y - finger.y;
    finger.x = x;
    finger.y = y;
    const took = Math.max(1, now - this.lastAt);
    this.lastAt = now;
    if (Math.hypot(x - finger.startX, y - finger.startY) > slop) this.moved = true;
    if (this.doing === 'one' && this.moved) this.startOne(finger);
    switch (this.doing) {
      case 'push': this.push(dx, dy, took); break;
      case 'drag':
        if (this.mode === 'direct') this.out.putPointer(x, y);
        else this.push(dx, dy, took);
        break;
      case 'two': case 'scroll': case 'pinch': this.moveTwo(); break;
      case 'one': case 'many': case 'nothing': break;
    }
  }

  lift(id: number, now: number): void {
    const finger = this.fingers.get(id);
    if (finger === undefined) return;
    this.fingers.delete(id);
    if (this.fingers.size > 0) {
      if (this.doing === 'scroll' || this.doing === 'pinch') this.doing = 'many';
      return;
    }
    const { doing } = this;
    const tap = !this.moved && now - this.began <= tapTime;
    this.doing = 'nothing';
    this.due = undefined;
    if (doing === 'drag') this.press(0);
    else if (this.most === 1 && this.mode === 'direct' && !this.moved && now - this.began >= longPress) this.click(finger, Button.right, now);
    else if (tap && this.most === 1) this.click(finger, Button.left, now);
    else if (tap && this.most === 2) this.click(finger, Button.right, now);
    else if (tap && this.most === 3) this.out.keyboard();
    else this.press(0);
  }

  /** The system took the fingers away. */
  cancel(): void {
    this.fingers.clear();
    this.doing = 'nothing';
    this.due = undefined;
    this.press(0);
  }

  tick(now: number): void {
    if (this.due === undefined || now < this.due) return;
    this.due = undefined;
    if (this.doing === 'nothing') this.press(0);
  }

  private startOne(finger: Finger): void {
    this.due = undefined;
    if (this.mode === 'direct') {
      this.out.putPointer(finger.startX, finger.startY);
      this.press(Button.left);
      this.doing = 'drag';
    } else {
      this.doing = this.down === 0 ? 'push' : 'drag';
    }
  }

  private click(finger: Finger, button: number, now: number): void {
    this.press(0);
    if (this.mode === 'direct' && this.most === 1) this.out.putPointer(finger.x, finger.y);
    this.press(button);
    if (this.mode === 'direct' || button !== Button.left) this.press(0);
    else this.due = now + dragWait;
  }

  private press(buttons: number): void {
    if (buttons === this.down) return;
    this.down = buttons;
    this.out.buttons(buttons);
  }

  private push(dx: number, dy: number, took: number): void {
    const speed = Math.hypot(dx, dy) / took;
    const factor = Math.min(mostGain, gain + Math.max(0, speed - slowest));
    this.out.pushPointer(dx * factor, dy * factor);
  }

  private measure(): void {
    const [a, b] = [...this.fingers.values()];
    if (a === undefined || b === undefined) return;
    this.distance = Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
    this.centre = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  }

  private moveTwo(): void {
    const before = { distance: this.distance, ...this.centre };
    const [a, b] = [...this.fingers.values()];
    if (a === undefined || b === undefined) return;
    if (this.doing === 'two') {
      const distance = Math.hypot(a.x - b.x, a.y - b.y);
      const x = (a.x + b.x) / 2 - before.x;
      const y = (a.y + b.y) / 2 - before.y;
      if (Math.abs(distance - before.distance) > pinchSlop) this.doing = 'pinch';
      else if (Math.hypot(x, y) > slop) this.doing = 'scroll';
      else return;
      this.moved = true;
    }
    this.measure();
    const dx = this.centre.x - before.x;
    const dy = this.centre.y - before.y;
    if (this.doing === 'pinch') {
      this.out.zoom(this.centre.x, this.centre.y, this.distance / before.distance);
      this.out.pan(dx, dy);
    } else {
      this.scroll(dx, dy);
    }
  }

  /** What is under the fingers follows them. */
  private scroll(dx: number, dy: number): void {
    const x = this.restX - dx * 120 / pixelsANotch;
    const y = this.restY - dy * 120 / pixelsANotch;
    this.restX = x - Math.trunc(x);
    this.restY = y - Math.trunc(y);
    if (Math.trunc(x) !== 0 || Math.trunc(y) !== 0) this.out.wheel(Math.trunc(x), Math.trunc(y));
  }
}
