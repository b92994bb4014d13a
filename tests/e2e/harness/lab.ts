import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from './alongside.ts';

const program = `${root}/tools/Alongside.Launcher/bin/Release/net10.0/alongside-launcher`;

export interface Line { type: 'offer' | 'answer' | 'candidate' | 'restart'; sdp?: string; candidate?: string; sdpMid?: string; sdpMLineIndex?: number }

/** `./alongside lab echo`: a peer of ours on standard streams. */
export class Lab {
  readonly candidates: Line[] = [];
  description: Line | undefined;
  complaints = '';
  private heard: (line: Line) => void = () => {};
  private readonly process: ChildProcessWithoutNullStreams;

  constructor(...switches: string[]) {
    this.process = spawn(program, ['lab', '--root', root, 'echo', ...switches]);
    this.process.stderr.on('data', (data: Buffer) => { this.complaints += data.toString(); });
    createInterface({ input: this.process.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (line.type === 'candidate') this.candidates.push(line);
      else this.description = line;
      this.heard(line);
    });
  }

  /** How often it has taken a path. */
  get paths(): number { return this.complaints.split('\n').filter((line) => line.startsWith('path: ')).length; }

  onLine(heard: (line: Line) => void): void { this.heard = heard; }

  say(line: Line): void { this.process.stdin.write(`${JSON.stringify(line)}\n`); }

  /** Its standard input ends; it has to follow. */
  async end(): Promise<number | null> {
    if (this.process.exitCode !== null) return this.process.exitCode;
    const gone = new Promise<number | null>((resolve) => { this.process.once('exit', resolve); });
    this.process.stdin.end();
    return await gone;
  }
}
