import { spawn, type ChildProcess } from 'node:child_process';
import { hostProgram } from './alongside.ts';
import { until } from './until.ts';

/** `alongside-host` on its own, as somebody starts it who has no launcher. */
export class Host {
  private constructor(private readonly child: ChildProcess, readonly stdout: () => string, readonly stderr: () => string) {}

  static start(display: string, ...options: string[]): Host {
    const child = spawn(hostProgram, ['--json', ...options], { env: { ...process.env, DISPLAY: display }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (bytes: Buffer) => { out += bytes.toString(); });
    child.stderr.on('data', (bytes: Buffer) => { err += bytes.toString(); });
    return new Host(child, () => out, () => err);
  }

  /** The last room it has opened, or the code that took a burnt one's place. */
  async opened(after?: { code: string }): Promise<{ code: string; link: string }> {
    return until(() => this.codes().findLast((found) => found.code !== after?.code), 20_000, () => `The host has no code. ${this.stdout()}${this.stderr()}`);
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((done) => { this.child.once('exit', () => { done(); }); });
    this.child.kill('SIGTERM');
    await ended;
  }

  private codes(): { code: string; link: string }[] {
    return this.stdout().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { code?: string; join?: string })
      .flatMap(({ code, join }) => code !== undefined && join !== undefined ? [{ code, link: join }] : []);
  }
}
