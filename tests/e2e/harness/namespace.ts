import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether this machine lets us make networks: tried, since a container's root may not. */
export const canMakeNetworks = process.getuid?.() === 0 && spawnSync('sh', ['-ec', `
  network=alongside-try-${process.pid}
  ip netns add $network
  trap 'ip netns delete $network' EXIT
  ip netns exec $network sh -ec 'mount -t tmpfs none /mnt; ip link add one type veth peer name other; iptables -A INPUT -d 10.77.0.1 -j DROP'
`], { stdio: 'ignore' }).status === 0;

let made = 0;

/** A network of its own with one address, 10.77.0.1, in which programs meet each other and nobody else. */
export class Namespace {
  private readonly folder = mkdtempSync(join(tmpdir(), 'alongside-net-'));
  readonly name = `alongside-${process.pid}-${made++}`;
  private readonly inside: readonly string[] = ['ip', 'netns', 'exec', this.name];
  /** What is put before a command that is to run in here. X servers count only those they see: their sockets are in here as well. */
  readonly prefix: readonly string[] = [...this.inside, 'sh', '-c', 'mount -t tmpfs -o mode=1777 none /tmp/.X11-unix && exec "$0" "$@"'];

  constructor() {
    this.ip('netns', 'add', this.name);
    try {
      this.run('ip', 'link', 'set', 'lo', 'up');
      this.run('ip', 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'other');
      this.run('ip', 'link', 'set', 'other', 'up');
      this.run('ip', 'address', 'add', '10.77.0.1/24', 'dev', 'one');
      this.run('ip', 'link', 'set', 'one', 'up');
      this.run('ip', 'route', 'add', 'default', 'dev', 'one');
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** A program that runs another in here, for who can only be told a path. */
  program(path: string): string {
    const script = join(this.folder, 'run');
    writeFileSync(script, `#!/bin/sh\nexec ${this.inside.join(' ')} ${path} "$@"\n`, { mode: 0o755 });
    return script;
  }

  /** From now on nothing passes between two sides but by the relay, which is at localhost; or it does again. What is lost nobody is told. */
  block(blocks: boolean): void {
    this.run('iptables', blocks ? '-A' : '-D', 'INPUT', '-d', '10.77.0.1', '-j', 'DROP');
  }

  remove(): void {
    this.ip('netns', 'delete', this.name);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(program: string, ...args: string[]): void {
    const [first, ...rest] = [...this.inside, program, ...args];
    execFileSync(first!, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  private ip(...args: string[]): void {
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
