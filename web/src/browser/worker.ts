// The session's worker: the one place with a socket, a timer and the canvases.
//  1. A relay message arrives -> ViewerSession -> decrypted and whole -> `update`.
//  2. The queue's decoder applies it to the picture, the painter puts what changed on the panes, `painted` acknowledges.
//  3. What the page does comes by postMessage -> ViewerSession -> sealed -> the socket.
// Nothing here waits, but for pictures that the browser decodes: every step runs as soon as the one before it is done.
import { VideoFailure } from '../core/codec/ops/video.ts';
import { UpdateDecoder } from '../core/codec/update-decoder.ts';
import { UpdateQueue } from '../core/codec/update-queue.ts';
import { Capability } from '../core/session/messages.ts';
import type { Start } from '../core/session/session-output.ts';
import { ViewerSession } from '../core/session/viewer-session.ts';
import type { FromWorker, ToWorker } from './bridge.ts';
import { CursorFeed } from './cursor-feed.ts';
import { Painter } from './painter.ts';
import { BrowserPictureCodec } from './picture-codec.ts';
import { SessionClock } from './session-clock.ts';
import { BrowserVideoCodec } from './video-codec.ts';
import { WayChannels } from './way-channels.ts';

const subprotocol = 'alongside.relay.1';
/** Any code but 1000, which would give up our place. */
const closedToReplace = 4000;
/** What may wait behind a picture that is being decoded: one whole desktop update and its neighbours. */
const updateBudget = 72 * 1024 * 1024;

const clock = new SessionClock(() => Date.now(), () => performance.timeOrigin + performance.now());

function now(): number {
  return clock.now();
}

interface Films {
  readonly h264?: BrowserVideoCodec;
  readonly av1?: BrowserVideoCodec;
}

class SessionDriver {
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private timerAt: number | undefined;
  private readonly session: ViewerSession;
  private films: Films | undefined;
  private updates: UpdateQueue | undefined;
  private updateAt = 0;
  private readonly channels = new WayChannels({
    opened: (way) => this.told(() => this.session.wayOpened(now(), way)),
    message: (way, bytes) => this.told(() => this.session.wayMessage(now(), way, bytes)),
    failed: (way, why) => this.told(() => this.session.wayFailed(now(), way, why)),
  });
  private readonly cursors = new CursorFeed({
    shape: (cursor) => post({ t: 'cursor', cursor }),
    position: (x, y) => post({ t: 'cursorAt', x, y }),
    failed: (error) => this.fail(error),
  });
  private readonly painter = new Painter({
    wanted: (width, height) => post({ t: 'panes', width, height }),
    appeared: (width, height) => post({ t: 'picture', width, height }),
    painted: (sequence, arrivedAt) => {
      const at = now();
      this.session.painted(at, sequence, at - arrivedAt);
    },
  });

  constructor(start: Start, direct: boolean, private readonly probing: Promise<Films>) {
    const relay = start.t === 'resume' ? start.ticket.relay : start.relay;
    this.session = new ViewerSession(start, {
      connect: () => this.connect(relay),
      disconnect: (leaving) => this.disconnect(leaving),
      sendText: (text) => this.socket?.send(text),
      sendBinary: (bytes) => this.socket?.send(bytes),
      update: (bytes) => {
        this.updates ??= this.updatesFor(this.films ?? {});
        if (!this.updates.push(bytes)) this.session.tooMuch(now());
      },
      state: (state) => {
        if (state.at === 'ended') this.updates?.close();
        post({ t: 'state', state });
      },
      code: (code) => post({ t: 'code', code }),
      desktop: (desktop) => post({ t: 'desktop', desktop }),
      cursor: (cursor) => this.cursors.take(cursor),
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
    }, () => [...(this.films?.h264 ? [Capability.h264] : []), ...(this.films?.av1 ? [Capability.av1] : [])]);
  }

  run(): void {
    void this.probing.then((films) => (this.films = films));
    this.session.start(now());
    this.schedule();
  }

  /** What cannot go on ends the session, with its reason. */
  fail(error: unknown): void {
    this.session.fail(now(), error);
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

  private updatesFor(films: Films): UpdateQueue {
    const decoder = new UpdateDecoder({ picture: new BrowserPictureCodec(), ...films });
    return new UpdateQueue(decoder, {
      begun: () => (this.updateAt = now()),
      applied: (result) => {
        const { picture } = decoder;
        if (picture !== undefined && !this.painter.show(picture, result, this.updateAt)) this.session.tooMuch(now());
        this.schedule();
      },
      failed: (error) => {
        if (error instanceof VideoFailure) this.goOnWithoutFilms(error);
        else this.fail(error);
      },
    }, updateBudget);
  }

  /** Films come as pictures from now on, which every browser can show. */
  private goOnWithoutFilms(error: VideoFailure): void {
    this.films = {};
    this.updates = undefined;
    this.session.pictureLost(now(), error.message);
    this.schedule();
  }

  private connect(relay: string): void {
    const socket = new WebSocket(relay, subprotocol);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.ifCurrent(socket, () => this.session.socketOpened(now()));
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.heard(socket, () => {
      const { data } = event;
      if (typeof data === 'string') this.session.socketText(now(), data);
      else this.session.socketBinary(now(), new Uint8Array(data));
    });
    socket.onclose = (event) => this.heard(socket, () => {
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

  /** What comes waits until it is known which films this browser can show: the handshake names them. Connecting does not wait. */
  private heard(socket: WebSocket, work: () => void): void {
    if (this.films !== undefined) this.ifCurrent(socket, work);
    else this.probing.then(() => this.ifCurrent(socket, work)).catch(failed);
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

/** Which films this browser can show. */
async function probe(): Promise<Films> {
  const [h264, av1] = await Promise.all([BrowserVideoCodec.probe('h264'), BrowserVideoCodec.probe('av1')]);
  return { ...(h264 && { h264 }), ...(av1 && { av1 }) };
}

const probing = probe();
/** What came before the session began, and is to be said to it then. */
const early: ToWorker[] = [];
let driver: SessionDriver | undefined;

function post(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

/** What went wrong here and nobody else heard of: the page must not call live what stands still. */
function failed(error: unknown): void {
  if (driver !== undefined) driver.fail(error);
  else post({ t: 'state', state: { at: 'ended', reason: 'protocol', text: error instanceof Error ? error.message : String(error) } });
}

self.addEventListener('error', (event) => failed(event.error ?? event.message));
self.addEventListener('unhandledrejection', (event) => failed(event.reason));

self.onmessage = (event: MessageEvent<ToWorker>): void => {
  const message = event.data;
  if (message.t === 'stop') {
    // The last record leaves a moment after `leave`; the socket closes behind it.
    setTimeout(() => self.close(), 1500);
  } else if (driver !== undefined) {
    driver.take(message);
  } else if (message.t === 'join' || message.t === 'open' || message.t === 'resume') {
    driver = new SessionDriver(message, message.direct, probing);
    driver.run();
    for (const waiting of early.splice(0)) driver.take(waiting);
  } else if (message.t === 'visible') {
    early.push(message);
  }
};
