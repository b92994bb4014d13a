import { createServer, connect, type Server, type Socket } from 'node:net';

/** A TCP proxy of this machine that can be cut, and remembers every byte of both directions. */
export class Proxy {
  readonly connections: Connection[] = [];
  private cut = false;

  private constructor(private readonly server: Server, readonly port: number) {}

  static start(target: number): Promise<Proxy> {
    return new Promise((done, failed) => {
      const server = createServer();
      server.once('error', failed);
      server.listen(0, 'localhost', () => {
        const address = server.address();
        const proxy = new Proxy(server, typeof address === 'object' && address !== null ? address.port : 0);
        server.on('connection', (socket) => { proxy.join(socket, target); });
        done(proxy);
      });
    });
  }

  /** From now on nothing goes through: what is open hangs without a word, as on a dead network, and nothing new gets in. */
  cutOff(): void {
    this.cut = true;
    for (const connection of this.connections) connection.hang();
  }

  /** The network is back; what hung is lost. */
  mend(): void {
    this.cut = false;
    for (const connection of this.connections) connection.drop();
  }

  /** Everything that went through: the raw bytes of both directions, and WebSocket messages of clients with their mask taken off. */
  recorded(): Buffer[] {
    return this.connections.flatMap((connection) => [connection.toServer(), connection.toClient(), unmasked(connection.toServer())]);
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.drop();
    await new Promise<void>((done) => { this.server.close(() => { done(); }); });
  }

  private join(client: Socket, target: number): void {
    if (this.cut) {
      client.destroy();
      return;
    }
    this.connections.push(new Connection(client, connect(target, 'localhost')));
  }
}

class Connection {
  private readonly up: Buffer[] = [];
  private readonly down: Buffer[] = [];

  constructor(private readonly client: Socket, private readonly server: Socket) {
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on('data', (bytes: Buffer) => { this.up.push(bytes); });
    server.on('data', (bytes: Buffer) => { this.down.push(bytes); });
    client.pipe(server).pipe(client);
    for (const [one, other] of [[client, server], [server, client]] as const) {
      one.on('error', () => { other.destroy(); });
      one.on('close', () => { other.destroy(); });
    }
  }

  toServer(): Buffer { return Buffer.concat(this.up); }

  toClient(): Buffer { return Buffer.concat(this.down); }

  hang(): void {
    for (const socket of [this.client, this.server]) {
      socket.unpipe();
      socket.pause();
    }
  }

  drop(): void {
    this.client.destroy();
    this.server.destroy();
  }
}

/** RFC 6455, section 5.2: the payloads of a client's frames after its upgrade request, without the mask. */
export function unmasked(stream: Buffer): Buffer {
  const head = stream.indexOf('\r\n\r\n');
  if (head < 0 || !/^upgrade: *websocket/im.test(stream.toString('latin1', 0, head))) return Buffer.alloc(0);
  const payloads: Buffer[] = [];
  let at = head + 4;
  while (at + 6 <= stream.length) {
    let length = (stream[at + 1] ?? 0) & 0x7f;
    const masked = ((stream[at + 1] ?? 0) & 0x80) !== 0;
    let start = at + 2;
    if (length === 126) {
      length = stream.readUInt16BE(start);
      start += 2;
    } else if (length === 127) {
      if (start + 8 > stream.length) break;
      length = Number(stream.readBigUInt64BE(start));
      start += 8;
    }
    const mask = masked ? stream.subarray(start, start + 4) : Buffer.alloc(4);
    start += masked ? 4 : 0;
    const payload = Buffer.from(stream.subarray(start, start + length));
    for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
    payloads.push(payload);
    at = start + length;
  }
  return Buffer.concat(payloads);
}

/** Every form in which a secret text could travel. */
export function formsOf(secret: string): Map<string, Buffer> {
  const ascii = Buffer.from(secret, 'ascii');
  const forms = new Map<string, Buffer>([
    ['as it is', ascii],
    ['UTF-16, little end first', Buffer.from(secret, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(secret, 'utf16le').swap16()],
    ['hex', Buffer.from(ascii.toString('hex'))],
    ['HEX', Buffer.from(ascii.toString('hex').toUpperCase())],
  ]);
  for (let shift = 0; shift < 3; shift++) {
    // Within a longer text base64 has three alignments; what depends on the neighbours is cut off.
    const text = Buffer.concat([Buffer.alloc(shift), ascii]).toString('base64').replace(/=+$/, '');
    const from = shift === 0 ? 0 : shift + 1;
    const sure = text.slice(from, (ascii.length + shift) % 3 === 0 ? undefined : -1);
    forms.set(`base64, ${shift} along`, Buffer.from(sure));
    forms.set(`base64url, ${shift} along`, Buffer.from(sure.replaceAll('+', '-').replaceAll('/', '_')));
  }
  if (/^[A-Za-z0-9_-]{22}$/.test(secret)) {
    const bytes = Buffer.from(secret, 'base64url');
    forms.set('its bytes', bytes);
    forms.set('its bytes in hex', Buffer.from(bytes.toString('hex')));
  }
  return forms;
}
