import { execFileSync } from 'node:child_process';
import { Pixels } from './pixels.ts';
import { until } from './until.ts';

const limit = 256 * 1024 * 1024;

/** What hangs on an X server that hangs is ended, so that its test fails and says so. In milliseconds. */
const patience = 30_000;

/** An X display, looked at and touched from the side, as the person in front of it would. */
export class Screen {
  /** With something before each command, such as what makes it run in a network of its own. */
  constructor(readonly display: string, private readonly prefix: readonly string[] = []) {}

  /** What is on the screen; the pointer isn't part of it. */
  grab(): Pixels {
    const [width, height] = this.size();
    return new Pixels(width, height, this.run('import', ['-window', 'root', '-depth', '8', 'rgb:-']));
  }

  size(): [number, number] {
    const [width, height] = this.text('xdotool', ['getdisplaygeometry']).split(' ').map(Number);
    return [width ?? 0, height ?? 0];
  }

  /** The first window whose class or name has this in it. */
  window(name: string): string {
    const id = this.text('xdotool', ['search', '--onlyvisible', '--name', name]).split('\n')[0];
    if (!id) throw new Error(`There is no window called ${name}.`);
    return id;
  }

  /** The same, once it is there: the programs of a demo come one after another. A search also fails over a window that goes meanwhile. */
  async shown(name: string): Promise<string> {
    const found = (): string | undefined => { try { return this.window(name); } catch { return undefined; } };
    return await until(found, patience, () => `There is no window called ${name}.`);
  }

  /** Where the inside of a window lies. (xdotool adds the frame twice; xwininfo does not.) */
  geometry(window: string): { x: number; y: number; width: number; height: number } {
    const words = this.text('xwininfo', ['-id', window]);
    const of = (label: string) => Number(new RegExp(`${label}: +(-?[0-9]+)`).exec(words)?.[1]);
    return { x: of('Absolute upper-left X'), y: of('Absolute upper-left Y'), width: of('Width'), height: of('Height') };
  }

  /** The window itself has the keys. */
  hasFocus(window: string): boolean {
    try {
      return this.text('xdotool', ['getwindowfocus']) === window;
    } catch {
      return false; // None has.
    }
  }

  /** The name of the window that has the keys; empty: none has, or it went while it was asked. */
  focused(): string {
    try {
      return this.text('xdotool', ['getwindowfocus', 'getwindowname']);
    } catch {
      return '';
    }
  }

  pointer(): { x: number; y: number } {
    const found = Object.fromEntries(this.text('xdotool', ['getmouselocation', '--shell']).split('\n').map((line) => line.split('=')));
    return { x: Number(found['X']), y: Number(found['Y']) };
  }

  copied(selection: 'clipboard' | 'primary' = 'clipboard'): string {
    try {
      return this.text('xclip', ['-o', '-selection', selection, '-target', 'UTF8_STRING']);
    } catch {
      return ''; // Nobody has copied anything.
    }
  }

  /** Copies on this screen. xclip stays behind to answer for it until somebody else copies, so its output is closed. */
  copy(text: string, selection: 'clipboard' | 'primary' = 'clipboard'): void {
    execFileSync('xclip', ['-i', '-selection', selection], { input: text, env: this.env(), stdio: ['pipe', 'ignore', 'ignore'], timeout: patience });
  }

  /** Runs a program on this display. */
  text(program: string, args: string[]): string {
    return this.run(program, args).toString('utf8').replace(/\n$/, '');
  }

  env(): NodeJS.ProcessEnv {
    return { ...process.env, DISPLAY: this.display };
  }

  private run(program: string, args: string[]): Buffer {
    const [first, ...rest] = [...this.prefix, program, ...args];
    return execFileSync(first!, rest, { env: this.env(), maxBuffer: limit, stdio: ['ignore', 'pipe', 'pipe'], timeout: patience });
  }
}
