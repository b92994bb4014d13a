import { Capability, writeKey, writePointer, writeRelease, writeTexts, writeWheel } from './messages.ts';

/** What a person does; coordinates are pixels of the picture, wheels 1/120 of a notch. */
export type Input =
  | { t: 'pointer'; x: number; y: number; buttons: number }
  | { t: 'wheel'; dx: number; dy: number }
  | { t: 'key'; down: boolean; keysym: number; usage: number }
  | { t: 'text'; text: string }
  | { t: 'release' };

/** Held inputs beyond this are given up: a release goes instead, so that nothing sticks. */
const maxHeld = 256;

/**
 * Input on its way out. While the road is blocked (the receiver's window is full) it is held here: moves become the last
 * move, turns of the wheel add up, keys stay keys. Never more than `maxHeld`.
 */
export class InputGate {
  private held: Input[] = [];

  get isEmpty(): boolean {
    return this.held.length === 0;
  }

  hold(input: Input): void {
    const last = this.held[this.held.length - 1];
    if (input.t === 'release') {
      this.held = [input];
    } else if (input.t === 'pointer' && last?.t === 'pointer' && last.buttons === input.buttons) {
      this.held[this.held.length - 1] = input;
    } else if (input.t === 'wheel' && last?.t === 'wheel') {
      this.held[this.held.length - 1] = { t: 'wheel', dx: last.dx + input.dx, dy: last.dy + input.dy };
    } else if (this.held.length >= maxHeld) {
      this.held = [{ t: 'release' }];
    } else {
      this.held.push(input);
    }
  }

  take(): Input | undefined {
    return this.held.shift();
  }

  clear(): void {
    this.held = [];
  }
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
