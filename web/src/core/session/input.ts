import { Capability, writeKey, writePointer, writeRelease, writeTexts, writeWheel } from './messages.ts';

/** What a person does; coordinates are pixels of the picture, wheels 1/120 of a notch. A key that `pastes` waits for the clipboard before it. */
export type Input =
  | { t: 'pointer'; x: number; y: number; buttons: number }
  | { t: 'wheel'; dx: number; dy: number }
  | { t: 'key'; down: boolean; keysym: number; usage: number; pastes?: boolean }
  | { t: 'text'; text: string }
  | { t: 'release' };

/** Held inputs beyond this are given up: a release goes instead, so that nothing sticks, and then the modifiers that a hand is on. */
const maxHeld = 256;

type Key = Extract<Input, { t: 'key' }>;

/**
 * Input on its way out. While the road is blocked (the receiver's window is full) it is held here: moves become the last
 * move, turns of the wheel add up, keys stay keys. Never more than `maxHeld`.
 */
export class InputGate {
  private held: Input[] = [];
  /** Modifiers that are down, for the host or once what is held here has left. */
  private readonly modifiers = new Map<number, Key>();

  get isEmpty(): boolean {
    return this.held.length === 0;
  }

  /** Tells of an input that leaves without having been held. */
  pass(input: Input): void {
    if (input.t === 'release') this.modifiers.clear();
    else if (input.t !== 'key' || !isModifier(input)) return;
    else if (input.down) this.modifiers.set(input.usage, input);
    else this.modifiers.delete(input.usage);
  }

  hold(input: Input): void {
    this.pass(input);
    const last = this.held[this.held.length - 1];
    if (input.t === 'release') {
      this.held = [input];
    } else if (input.t === 'pointer' && last?.t === 'pointer' && last.buttons === input.buttons) {
      this.held[this.held.length - 1] = input;
    } else if (input.t === 'wheel' && last?.t === 'wheel') {
      this.held[this.held.length - 1] = { t: 'wheel', dx: last.dx + input.dx, dy: last.dy + input.dy };
    } else if (this.held.length >= maxHeld) {
      this.held = [{ t: 'release' }, ...this.modifiers.values()];
    } else {
      this.held.push(input);
    }
  }

  take(): Input | undefined {
    return this.held.shift();
  }

  /** The host lifts all by itself. */
  clear(): void {
    this.held = [];
    this.modifiers.clear();
  }
}

/** Left and right Control, Shift, Alt, Meta, by their HID usages. */
function isModifier({ usage }: Key): boolean {
  return usage >= 0xe0 && usage <= 0xe7;
}

/** The messages of one input, for what the host understands. */
export function writeInput(input: Input, capabilities: readonly number[]): readonly Uint8Array<ArrayBuffer>[] {
  switch (input.t) {
    case 'pointer': return [writePointer(input.x, input.y, input.buttons)];
    case 'wheel': return [writeWheel(input.dx, input.dy)];
    case 'key': return [writeKey(input.down, input.keysym, input.usage)];
    case 'release': return [writeRelease()];
    case 'text':
      return capabilities.includes(Capability.textInput) ? writeTexts(input.text) : [...input.text].flatMap(typeCharacter);
  }
}

/** For a host that takes no text: every character as a key of its own. */
function typeCharacter(character: string): Uint8Array<ArrayBuffer>[] {
  const point = character.codePointAt(0) ?? 0;
  const keysym = character === '\n' ? 0xff0d : point <= 0xff ? point : 0x0100_0000 + point;
  return [writeKey(true, keysym, 0), writeKey(false, keysym, 0)];
}
