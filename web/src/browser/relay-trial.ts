import { readFrame, writeFrame } from '../core/relay/frames.ts';
import { readSignal, type SignalOut } from '../core/relay/signals.ts';

/** Milliseconds to the server and back, the middle one of several; bits a second to the server and back when both go at once. */
export interface RelayMeasure {
  readonly roundTrip: number;
  readonly rate: number;
}

const trips = 9;
const smallBytes = 64;
const largeBytes = 16 * 1024;
const mostBytes = 4 * 1024 * 1024;
const longest = 1000;

/**
 * What a session over the relay gets from here: a room of its own with both members in this page, so that each payload goes to the server and comes back. Small ones one
 * after another, then as many large ones as the window lets through, for a second or 4 MB. Undefined: the room could not be made, or nothing came back in time.
 */
export async function measureRelay(url: string, stop: AbortSignal): Promise<RelayMeasure | undefined> {
  const [sender, receiver] = [new Member(url, stop), new Member(url, stop)];
  try {
    await sender.enter({ t: 'open', v: 1, role: 'host', number: false });
    await receiver.enter({ t: 'join', v: 1, role: 'viewer', room: sender.room });
    await sender.until(() => sender.hasMet);
    const times: number[] = [];
    for (let i = 1; i <= trips; i++) {
      const began = performance.now();
      sender.send(receiver.id, smallBytes);
      await receiver.until(() => receiver.payloads === i);
      times.push(performance.now() - began);
    }
    const roundTrip = times.sort((a, b) => a - b)[trips >> 1] ?? 0;
    const began = performance.now();
    let sent = 0;
    for (; sent < mostBytes && performance.now() - began < longest; sent += largeBytes) {
      await sender.until(() => sender.window >= largeBytes);
      sender.send(receiver.id, largeBytes);
    }
    await receiver.until(() => receiver.payloads === trips + sent / largeBytes);
    return { roundTrip, rate: (8000 * sent) / (performance.now() - began) };
  } catch {
    return undefined;
  } finally {
    sender.close();
    receiver.close();
  }
}

/** One of the two: its socket, and what it has been told. */
class Member {
  id = 0;
  room = '';
  hasMet = false;
  payloads = 0;
  /** Bytes that the other may be sent now. */
  window = 0;
  private readonly socket: WebSocket;
  private changed: () => void = () => undefined;
  private isOver = false;

  constructor(url: string, stop: AbortSignal) {
    this.socket = new WebSocket(url, 'alongside.relay.1');
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.changed();
    this.socket.onclose = () => this.end();
    stop.addEventListener('abort', () => this.end());
    this.socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      try {
        if (typeof data === 'string') this.told(data);
        else this.came(new Uint8Array(data));
      } catch {
        this.end(); // No server of ours.
      }
      this.changed();
    };
  }

  async enter(first: SignalOut): Promise<void> {
    await this.until(() => this.socket.readyState === WebSocket.OPEN);
    this.socket.send(JSON.stringify(first));
    await this.until(() => this.id !== 0);
  }

  send(to: number, bytes: number): void {
    this.window -= bytes;
    this.socket.send(writeFrame(to, new Uint8Array(bytes)));
  }

  /** Rejects when it is over before that. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.isOver) throw new Error('The relay was gone before it had answered.');
      await new Promise<void>((changed) => { this.changed = changed; });
    }
  }

  close(): void {
    if (this.socket.readyState === WebSocket.OPEN && this.hasMet) this.socket.send(JSON.stringify({ t: 'close' }));
    this.socket.close();
  }

  private end(): void {
    this.isOver = true;
    this.changed();
  }

  private told(text: string): void {
    const signal = readSignal(text);
    switch (signal?.t) {
      case 'opened': case 'joined':
        this.id = signal.member;
        this.room = signal.room;
        this.window = signal.window;
        break;
      case 'arrived': this.hasMet = true; break;
      case 'error': this.end(); break;
      default: break;
    }
  }

  private came(message: Uint8Array): void {
    const frame = readFrame(message);
    if (frame.t === 'payload') this.payloads++;
    else this.window += frame.bytes;
  }
}
