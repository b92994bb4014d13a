import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const hostProgram = join(root, 'src/Alongside.Host/bin/Release/net10.0/alongside-host');
const startPatience = 120_000;

/** The one line of `./alongside up --json`. */
export interface Ready {
  readonly ready: true;
  readonly server: string;
  readonly join: string;
  readonly code: string;
  /** Absent when the desktop is a VNC server's. */
  readonly display: string;
  /** With --vnc alone. */
  readonly vnc?: { readonly address: string; readonly password?: string; readonly fingerprint?: string };
}

/** `./alongside up --demo --json` (or with a --source in the demo's place), as another program would start it: real processes, a port and a folder of its own. */
export class Alongside {
  readonly ready: Ready;
  readonly stdout: () => string;
  readonly stderr: () => string;
  private readonly child: ChildProcess;
  private readonly data: string;

  private constructor(child: ChildProcess, ready: Ready, data: string, stdout: () => string, stderr: () => string) {
    this.child = child;
    this.ready = ready;
    this.data = data;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  static start(...options: string[]): Promise<Alongside> { return Alongside.startBehind([], ...options); }

  /** With something before the command, such as what makes it run in a network of its own. */
  static async startBehind(prefix: readonly string[], ...options: string[]): Promise<Alongside> {
    const data = mkdtempSync(join(tmpdir(), 'alongside-e2e-'));
    const port = await freePort();
    const [program, ...before] = [...prefix, join(root, 'alongside')];
    const child = spawn(program!,
      [...before, 'up', ...(options.includes('--source') ? [] : ['--demo', '--size', '1280x720']), '--json', '--yes', '--no-browser', '--port', String(port), '--data', data, ...options],
      { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (bytes: Buffer) => { out += bytes.toString(); });
    child.stderr.on('data', (bytes: Buffer) => { err += bytes.toString(); });
    try {
      await until(() => out.includes('\n') || child.exitCode !== null, startPatience, () => `Alongside never got ready.\n${err}`);
      if (!out.includes('\n')) throw new Error(`Alongside ended with ${child.exitCode}.\n${err}`);
      return new Alongside(child, JSON.parse(out) as Ready, data, () => out, () => err);
    } catch (error) {
      child.kill('SIGTERM');
      throw error;
    }
  }

  get port(): number { return Number(new URL(this.ready.server).port); }

  get kioskLink(): string { return kiosk(this.ready.join); }

  get dataFolder(): string { return this.data; }

  /** The processes it has started, itself not among them: they carry its mark. */
  processes(): Process[] {
    const mark = `ALONGSIDE_RUN=${this.child.pid}-`;
    return readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).flatMap((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark)
          ? [{ pid: Number(name), program: readFileSync(`/proc/${name}/comm`, 'utf8').trim() }] : [];
      } catch {
        return []; // Ended meanwhile, or not ours to read.
      }
    });
  }

  process(program: string): number {
    const found = this.processes().find((process) => process.program === program.slice(0, 15));
    if (found === undefined) throw new Error(`${program} does not run.`);
    return found.pid;
  }

  /** Sends a signal to the launcher alone, as Ctrl-C does, and waits for its end. */
  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise<void>((done) => { this.child.once('exit', () => done()); });
      this.child.kill(signal);
      await ended;
    }
    rmSync(this.data, { recursive: true, force: true });
    return this.child.exitCode;
  }
}

export interface Process {
  readonly pid: number;
  readonly program: string;
}

/** The link with `kiosk=1` in its query. */
export function kiosk(link: string): string {
  const url = new URL(link);
  url.searchParams.set('kiosk', '1');
  return url.href;
}

/** The same link through another port of this machine. */
export function through(link: string, port: number): string {
  const url = new URL(link);
  url.port = String(port);
  return url.href;
}

export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => { done(typeof address === 'object' && address !== null ? address.port : 0); });
    });
  });
}
