// The session's worker: the one place with a socket, a timer and the canvases.
//  1. A relay message arrives -> ViewerSession -> decrypted and whole -> `update`.
//  2. The queue's decoder applies it to the picture, the painter puts what changed on the panes, `painted` acknowledges.
//  3. What the page does comes by postMessage -> ViewerSession -> sealed -> the socket.
// Nothing here waits, but for pictures that the browser decodes: every step runs as soon as the one before it is done.
import { UpdateDecoder } from '../core/codec/update-decoder.ts';
import { UpdateQueue } from '../core/codec/update-queue.ts';
import type { CursorIn } from '../core/session/messages.ts';
import type { Start } from '../core/session/session-output.ts';
import { ViewerSession } from '../core/session/viewer-session.ts';
import type { FromWorker, ToWorker } from './bridge.ts';
import { inflateExactly } from './cursor-inflate.ts';
import { Capability } from '../core/session/messages.ts';
import { Painter } from './painter.ts';
import { BrowserPictureCodec } from './picture-codec.ts';
import { BrowserVideoCodec } from './video-codec.ts';
import { WayChannels } from './way-channels.ts';

const subprotocol = 'alongside.relay.1';
/** Any code but 1000, which would give up our place. */
const closedToReplace = 4000;
/** What may wait behind a picture that is being decoded: one whole desktop update and its neighbours. */
const updateBudget = 72 * 1024 * 1024;

/** Microseconds since the epoch by the monotonic clock: it goes on over a reload, which a resumed opener's code needs. */
function now(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

class SessionDriver {
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private timerAt: number | undefined;
  private readonly session: ViewerSession;
  private readonly decoder: UpdateDecoder;
  private updateAt = 0;
  private readonly updates: UpdateQueue;
  private readonly channels = new WayChannels({
    opened: (way) => this.told(() => this.session.wayOpened(now(), way)),
    message: (way, bytes) => this.told(() => this.session.wayMessage(now(), way, bytes)),
    failed: (way, why) => this.told(() => this.session.wayFailed(now(), way, why)),
  });
  /** Cursors unpack one after the other, so that the last one sent is the last one shown. */
  private cursors: Promise<void> = Promise.resolve();
  private readonly painter = new Painter({
    wanted: (width, height) => post({ t: 'panes', width, height }),
    appeared: (width, height) => post({ t: 'picture', width, height }),
    painted: (sequence) => {
      const at = now();
      this.session.painted(at, sequence, at - this.updateAt);
    },
  });

  constructor(start: Start, direct: boolean, h264: BrowserVideoCodec | undefined, av1: BrowserVideoCodec | undefined) {
    this.decoder = new UpdateDecoder({ picture: new BrowserPictureCodec(), ...(h264 && { h264 }), ...(av1 && { av1 }) });
    this.updates = new UpdateQueue(this.decoder, {
      begun: () => (this.updateAt = now()),
      applied: (result) => {
        const { picture } = this.decoder;
        if (picture !== undefined && !this.painter.show(picture, result)) this.session.tooMuch(now());
        this.schedule();
      },
      failed: (error) => {
        this.session.fail(now(), error);
        this.schedule();
      },
    }, updateBudget);
    const relay = start.t === 'resume' ? start.ticket.relay : start.relay;
    this.session = new ViewerSession(start, {
      connect: () => this.connect(relay),
      disconnect: (leaving) => this.disconnect(leaving),
      sendText: (text) => this.socket?.send(text),
      sendBinary: (bytes) => this.socket?.send(bytes),
      update: (bytes) => {
        if (!this.updates.push(bytes)) this.session.tooMuch(now());
      },
      state: (state) => {
        if (state.at === 'ended') this.updates.close();
        post({ t: 'state', state });
      },
      code: (code) => post({ t: 'code', code }),
      desktop: (desktop) => post({ t: 'desktop', desktop }),
      cursor: (cursor) => this.cursor(cursor),
      clipboard: (selection, text) => post({ t: 'clipboard', selection, text }),
      notice: (code, text) => post({ t: 'notice', code, text }),
      health: (health) => post({ t: 'health', health }),
      ticket: (ticket) => post({ t: 'ticket', ticket }),
      schedule: () => this.schedule(),
      ...(direct && {
        ways: {
          describe: (description, stun, turn) => post({
            t: 'wayDescribe', description, turn, stun: stun === undefined ? undefined : `stun:${new URL(relay).hostname}:${stun}`,
          }),
          candidate: (candidate) => post({ t: 'wayCandidate', candidate }),
          send: (way, bytes) => {
            const sent = this.channels.send(way, bytes);
            if (sent !== undefined) return sent;
            // Given away: what the link keeps is its own copy.
            const message = bytes.slice();
            post({ t: 'waySend', way, bytes: message }, [message.buffer]);
            return true;
          },
          ended: (way) => {
            this.channels.end(way);
            post({ t: 'wayEnd', way });
          },
        },
      }),
    }, [...(h264 ? [Capability.h264] : []), ...(av1 ? [Capability.av1] : [])]);
  }

  run(): void {
    this.session.start(now());
    this.schedule();
  }

  take(message: ToWorker): void {
    const { session } = this;
    const at = now();
    switch (message.t) {
      case 'pointer': case 'wheel': case 'key': case 'text': case 'release': session.input(at, message); break;
      case 'clipboard': session.sendClipboard(at, message.selection, message.text); break;
      case 'ask': session.askFor(at, message.ask); break;
      case 'narrow': session.narrow(at, message.grant); break;
      case 'monitor': session.monitor(at, message.id); break;
      case 'newCode': session.newCode(at); break;
      case 'wake': session.wake(at); break;
      case 'leave': session.leave(at); break;
      case 'panes': this.painter.attach(message.width, message.height, message.canvases); break;
      case 'visible': this.painter.setVisible(message.visible); break;
      case 'wayDescribed': session.wayDescribed(at, message.description); break;
      case 'wayCandidate': session.wayCandidate(at, message.candidate); break;
      case 'wayChannel': this.channels.add(message.way, message.channel); break;
      case 'wayOpened': session.wayOpened(at, message.way); break;
      case 'wayMessage': session.wayMessage(at, message.way, message.bytes); break;
      case 'wayFailed': session.wayFailed(at, message.way, message.why); break;
      case 'join': case 'open': case 'resume': case 'stop': break;
    }
    this.schedule();
  }

  private cursor(cursor: CursorIn): void {
    if (cursor.t === 'position') {
      post({ t: 'cursorAt', x: cursor.x, y: cursor.y });
      return;
    }
    const { width, height, hotX, hotY } = cursor;
    const packed = cursor.packed.slice();
    this.cursors = this.cursors
      .then(() => width === 0 ? new Uint8ClampedArray(0) : inflateExactly(packed, width * height * 4))
      .then((rgba) => post({ t: 'cursor', cursor: { width, height, hotX, hotY, rgba } }))
      .catch((error: unknown) => this.session.fail(now(), error));
  }

  private connect(relay: string): void {
    const socket = new WebSocket(relay, subprotocol);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.ifCurrent(socket, () => this.session.socketOpened(now()));
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.ifCurrent(socket, () => {
      const { data } = event;
      if (typeof data === 'string') this.session.socketText(now(), data);
      else this.session.socketBinary(now(), new Uint8Array(data));
    });
    socket.onclose = (event) => this.ifCurrent(socket, () => {
      this.socket = undefined;
      this.session.socketClosed(now(), event.code, navigator.onLine);
    });
  }

  private disconnect(leaving: boolean): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.close(leaving ? 1000 : closedToReplace);
  }

  private told(what: () => void): void {
    what();
    this.schedule();
  }

  private ifCurrent(socket: WebSocket, work: () => void): void {
    if (this.socket !== socket) return;
    work();
    this.schedule();
  }

  private schedule(): void {
    const due = this.session.deadline;
    if (due === this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = due;
    if (due === undefined) return;
    this.timer = setTimeout(() => {
      this.timerAt = undefined;
      this.session.tick(now());
      this.schedule();
    }, Math.max(0, Math.ceil((due - now()) / 1000)));
  }
}

/** Which films this browser can show is known before the session begins, which then names it. */
const probing = Promise.all([BrowserVideoCodec.probe('h264'), BrowserVideoCodec.probe('av1')]);
/** What came before the session began, and is to be said to it then. */
const early: ToWorker[] = [];
let isStarting = false;
let driver: SessionDriver | undefined;

function post(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

async function begin(start: Start, direct: boolean): Promise<void> {
  isStarting = true;
  driver = new SessionDriver(start, direct, ...await probing);
  driver.run();
  for (const waiting of early.splice(0)) driver.take(waiting);
}

self.onmessage = (event: MessageEvent<ToWorker>): void => {
  const message = event.data;
  if (message.t === 'stop') {
    // The last record leaves a moment after `leave`; the socket closes behind it.
    setTimeout(() => self.close(), 1500);
  } else if (driver !== undefined) {
    driver.take(message);
  } else if (!isStarting && (message.t === 'join' || message.t === 'open' || message.t === 'resume')) {
    void begin(message, message.direct);
  } else if (isStarting || message.t === 'visible') {
    early.push(message);
  }
};
