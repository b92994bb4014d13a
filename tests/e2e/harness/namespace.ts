import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether this machine lets us make networks: tried, since a container's root may not. */
export const canMakeNetworks = process.getuid?.() === 0 && spawnSync('sh', ['-ec', `
  network=alongside-try-${process.pid}
  ip netns add $network
  trap 'ip netns delete $network' EXIT
  ip netns exec $network sh -ec 'mount -t tmpfs none /mnt; ip link add one type veth peer name other; sysctl -q -w net.ipv4.conf.one.route_localnet=1
    iptables -A INPUT -i one -j DROP; iptables -t nat -A POSTROUTING -o one -j MASQUERADE'
`], { stdio: 'ignore' }).status === 0;

let made = 0;

/** A network of its own, in which programs meet each other, and nobody else but by a wire. */
export class Namespace {
  private readonly folder = mkdtempSync(join(tmpdir(), 'alongside-net-'));
  readonly name = `alongside-${process.pid}-${made++}`;
  private readonly inside: readonly string[] = ['ip', 'netns', 'exec', this.name];
  /** What is put before a command that is to run in here. X servers count only those they see: their sockets are in here as well. */
  readonly prefix: readonly string[] = [...this.inside, 'sh', '-c', 'mount -t tmpfs -o mode=1777 none /tmp/.X11-unix && exec "$0" "$@"'];

  constructor() {
    run('ip', 'netns', 'add', this.name);
    this.run('ip link set lo up');
  }

  /** A program that runs another in here, for who can only be told a path. */
  program(path: string): string {
    const script = join(this.folder, 'run');
    writeFileSync(script, `#!/bin/sh\nexec ${this.inside.join(' ')} ${path} "$@"\n`, { mode: 0o755 });
    return script;
  }

  /** Runs a command of words without spaces. */
  run(command: string): void {
    run(...this.inside, ...command.split(' '));
  }

  remove(): void {
    run('ip', 'netns', 'delete', this.name);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Which way nothing passes. What is lost nobody is told. */
export type Blocked = 'nothing' | 'both' | 'to the host' | 'to the browser' | 'the server';

/** The server's address: the host's end has it on no wire, so that it stays when those of the wire change. */
const server = '10.79.0.1';

/**
 * Two networks and a wire between them: server and host at one end, the browser at the other, for which the server is at its own localhost (browsers have cryptography there). Beside the
 * server's port everything that passes is between browser and host.
 */
export class Wire {
  readonly host = new Namespace();
  readonly browser = new Namespace();
  private readonly addresses = { host: '10.78.0.1', browser: '10.78.0.2' };
  private port = 0;
  private moves = 0;

  constructor() {
    try {
      run('ip', 'link', 'add', 'wire', 'netns', this.host.name, 'type', 'veth', 'peer', 'name', 'wire', 'netns', this.browser.name);
      for (const end of ['host', 'browser'] as const) {
        this[end].run(`ip address add ${this.addresses[end]}/32 dev wire`);
        this[end].run('ip link set wire up');
        this[end].run('ip route add default dev wire');
      }
      this.host.run(`ip address add ${server}/32 dev lo`);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** The server is at this port. */
  lead(port: number): void {
    this.port = port;
    for (const end of [this.host, this.browser]) {
      end.run('sysctl -q -w net.ipv4.conf.all.route_localnet=1');
      end.run('sysctl -q -w net.ipv4.conf.wire.route_localnet=1');
    }
    this.host.run(`iptables -t nat -A PREROUTING -i wire -d ${server} -p tcp --dport ${port} -j DNAT --to-destination 127.0.0.1:${port}`);
    this.browser.run(`iptables -t nat -A OUTPUT -d 127.0.0.1 -p tcp --dport ${port} -j DNAT --to-destination ${server}:${port}`);
    this.browser.run('iptables -t nat -A POSTROUTING -o wire -j MASQUERADE');
    this.block('nothing');
  }

  block(blocked: Blocked): void {
    const { port } = this;
    for (const end of [this.host, this.browser]) end.run('iptables -F INPUT');
    if (blocked === 'both' || blocked === 'to the host') {
      this.host.run('iptables -A INPUT -i wire -p udp -j DROP');
      this.host.run(`iptables -A INPUT -i wire -p tcp ! --dport ${port} -j DROP`);
    }
    if (blocked === 'both' || blocked === 'to the browser') {
      this.browser.run('iptables -A INPUT -i wire -p udp -j DROP');
      this.browser.run(`iptables -A INPUT -i wire -p tcp ! --sport ${port} -j DROP`);
    }
    // Whoever tries hears at once that nobody is there, on the wire and on the host's own machine.
    if (blocked === 'the server') this.host.run(`iptables -A INPUT -p tcp --dport ${port} -j REJECT --reject-with tcp-reset`);
    this.host.run(`iptables -A INPUT -i wire -d ${server} -p udp -j DROP`);
    this.host.run(`iptables -A INPUT -i wire -d ${server} -p tcp ! --dport ${port} -j DROP`);
  }

  /** That end has another address from now on, and the old one no longer. */
  move(end: 'host' | 'browser'): void {
    const address = `10.78.1.${++this.moves}`;
    this[end].run(`ip address add ${address}/32 dev wire`);
    this[end].run(`ip address delete ${this.addresses[end]}/32 dev wire`);
    this.addresses[end] = address;
  }

  remove(): void {
    this.host.remove();
    this.browser.remove();
  }
}

function run(...command: string[]): void {
  execFileSync(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
}
