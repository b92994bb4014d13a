import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { root } from './alongside.ts';

const program = `${root}/tools/Alongside.Launcher/bin/Release/net10.0/alongside-launcher`;

/** One element of what `./alongside lab nat --json` prints. */
export interface PairResult {
  a: string; b: string; works: boolean; path: 'direct' | 'relay';
  firstPictureMs: number | null; directMs: number | null; rttRelayMs: number | null; rttDirectMs: number | null; turn?: boolean; trouble?: string;
}

/** One element of what `./alongside lab breaks --json` prints. */
export interface BreakResult { case: string; works: boolean; holds: boolean; limitMs: number; path?: 'direct' | 'relay'; fallbackMs?: number; resumeMs?: number; trouble?: string }

/** Whether networks can be made here: tried, since a container's root may not. */
export const canMakeNetworks = spawnSync('unshare', ['--net', '--mount', '--propagation', 'private', 'sh', '-ec',
  'mount -t sysfs none /sys; ip link add name one type veth peer name other; iptables -t nat -L >/dev/null; sysctl -q -w net.ipv4.ip_forward=1']).status === 0;

/** What the doctor says, of `./alongside lab doctor --json`: by kind of network. */
export type Checkups = Record<string, { works: boolean; udp: string; nat: string; direct: string; page: string; relayMs: number; relayRate: number; udpMs: number; udpLoss: number }>;

/** `./alongside lab nat`, or another: servers, hosts, browsers and routers in networks of their own. */
export class Laboratory {
  out = '';
  complaints = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(what: 'nat' | 'doctor' | 'breaks', ...names: string[]) {
    this.child = spawn(program, ['lab', '--root', root, what, '--json', ...names], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.on('data', (bytes: Buffer) => { this.out += bytes.toString(); });
    this.child.stderr?.on('data', (bytes: Buffer) => { this.complaints += bytes.toString(); });
    this.ended = new Promise((done) => { this.child.once('exit', (code) => done(code)); });
  }

  signal(signal: NodeJS.Signals): void { this.child.kill(signal); }

  /** The processes it has started: they carry its mark. */
  processes(): { program: string; network: string }[] {
    const mark = `ALONGSIDE_RUN=${this.child.pid}-`;
    return readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).flatMap((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark)
          ? [{ program: readFileSync(`/proc/${name}/comm`, 'utf8').trim(), network: readlinkSync(`/proc/${name}/ns/net`) }] : [];
      } catch {
        return []; // Ended meanwhile, or not ours to read.
      }
    });
  }
}
