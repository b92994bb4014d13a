import type { Grant } from '../core/session/grant.ts';
import type {
  Ask, CursorShape, Desktop, FromWorker, Health, OpenCode, SessionState, Ticket, ToWorker,
} from './bridge.ts';
import { canBeDirect, DirectPeers, type PairsTried } from './direct-peers.ts';
import { SessionReporter, type SessionReport } from './session-report.ts';
import { dropTicket, forgetTarget, keepTicket, relayUrl, takeTicket, type JoinTarget } from './target.ts';

export interface Notice {
  readonly id: number;
  readonly code: string;
  readonly text: string;
}

/** What the page shows, as one value; a new object for every change, parts that did not change stay the same objects. */
export interface SessionSnapshot {
  /** Undefined before `join`, `open` or `resume`. */
  readonly state: SessionState | undefined;
  readonly code: OpenCode | undefined;
  readonly desktop: Desktop | undefined;
  /** Size of the picture in desktop pixels; undefined before the first paint. */
  readonly picture: { readonly width: number; readonly height: number } | undefined;
  readonly cursor: CursorShape | undefined;
  /** Where the host's own pointer is, when somebody at the host moved it. */
  readonly cursorAt: { readonly x: number; readonly y: number } | undefined;
  readonly health: Health | undefined;
  /** For a direct path, as last looked at; undefined until one is looked for. */
  readonly pairs: PairsTried | undefined;
  /** Of the last minute, oldest first, twice a second. */
  readonly healthHistory: readonly Health[];
  /** The newest last; at most five. */
  readonly notices: readonly Notice[];
  /** Text from the host that the browser would not let us put on the clipboard without a click; `copyOffered` does it. */
  readonly clipboardOffered: string | undefined;
}

/** Makes the canvases that the worker paints (panes.ts), and hears when all of the picture is on the newest. */
export interface Panes {
  make(width: number, height: number): OffscreenCanvas[];
  painted(): void;
}

const empty: SessionSnapshot = {
  state: undefined, code: undefined, desktop: undefined, picture: undefined, cursor: undefined, cursorAt: undefined,
  health: undefined, pairs: undefined, healthHistory: [], notices: [], clipboardOffered: undefined,
};

/** Milliseconds: after its last words a worker ends itself; one that does not is ended. */
const stopPatience = 3000;
const historyLength = 120;
const noticesKept = 5;
/** Every two seconds: each look asks the browser for all it knows of its connections. */
const pairsEvery = 4;

/** Texts over this many bytes of UTF-8 stay here, with a notice. */
export const clipboardLimit = 4 * 1024 * 1024;

/**
 * The page's end of one session: starts the worker, keeps what React shows, and passes on what the person does.
 * One client is one session; make a new one for the next. `subscribe` and `getSnapshot` fit useSyncExternalStore.
 */
export class SessionClient {
  private readonly worker: Worker;
  private readonly listeners = new Set<() => void>();
  private readonly ends = new AbortController();
  private readonly peers = new DirectPeers((message, transfer) => this.post(message, transfer));
  private healths = 0;
  private readonly reporter = new SessionReporter(performance.now());
  private snapshot = empty;
  private panes: Panes | undefined;
  private paneSize: { readonly width: number; readonly height: number } | undefined;
  private ticket: Ticket | undefined;
  private nextNotice = 1;
  private lastSentText: string | undefined;
  private lastReceivedText: string | undefined;

  constructor(private readonly relay: string = relayUrl(location)) {
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'alongside session' });
    this.worker.onmessage = (event: MessageEvent<FromWorker>) => this.take(event.data);
    // A worker that does not even load says nothing of why.
    this.worker.onerror = (event: Partial<ErrorEvent>) => this.lost(event.message ?? 'A part of this page could not be loaded.');
    const { signal } = this.ends;
    document.addEventListener('visibilitychange', () => this.seen(document.visibilityState === 'visible'), { signal });
    window.addEventListener('pagehide', () => this.keep(), { signal });
    window.addEventListener('pageshow', () => this.seen(document.visibilityState === 'visible'), { signal });
    window.addEventListener('online', () => this.post({ t: 'wake' }), { signal });
    window.addEventListener('focus', () => void this.settleClipboard(), { signal });
    if (document.visibilityState !== 'visible') this.post({ t: 'visible', visible: false });
    // For the browser's console, and for scripts that watch connections.
    Object.assign(globalThis, { alongside: { report: () => ({ ...this.report, pairs: this.snapshot.pairs }) } });
  }

  get report(): SessionReport {
    return this.reporter.current;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): SessionSnapshot => this.snapshot;

  /** The ticket of a session that this tab had before a reload, once; give it to `resume`. */
  static takeTicket(): Ticket | undefined {
    return takeTicket(window);
  }

  join(target: JoinTarget, ask: Ask): void {
    this.change({ state: { at: 'connecting' } });
    this.post({ t: 'join', relay: this.relay, place: target.place, secret: target.secret, ask, direct: canBeDirect });
  }

  /** Opens a room for a customer; the snapshot's `code` is what to give them. */
  open(ask: Ask): void {
    this.change({ state: { at: 'connecting' } });
    this.post({ t: 'open', relay: this.relay, ask, direct: canBeDirect });
  }

  resume(ticket: Ticket): void {
    this.change({ state: { at: 'connecting' } });
    this.post({ t: 'resume', ticket, direct: canBeDirect });
  }

  /** What makes the canvases that the worker paints, from now on: at once, if there is a picture. */
  attachPanes(panes: Panes): void {
    this.panes = panes;
    if (this.paneSize !== undefined) this.makePanes(this.paneSize.width, this.paneSize.height);
  }

  detachPanes(panes: Panes): void {
    if (this.panes === panes) this.panes = undefined;
  }

  ask(ask: Ask): void {
    this.post({ t: 'ask', ask });
  }

  narrow(grant: Partial<Grant>): void {
    this.post({ t: 'narrow', grant });
  }

  /** 0 is all monitors. */
  monitor(id: number): void {
    this.post({ t: 'monitor', id });
  }

  pointer(x: number, y: number, buttons: number): void {
    this.post({ t: 'pointer', x, y, buttons });
  }

  /** In 1/120 of a notch, right and down positive. */
  wheel(dx: number, dy: number): void {
    this.post({ t: 'wheel', dx, dy });
  }

  /** One that `pastes` reaches the host after the text of `sendClipboard`, however long that is. */
  key(down: boolean, keysym: number, usage: number, pastes = false): void {
    this.post({ t: 'key', down, keysym, usage, pastes });
  }

  text(text: string): void {
    this.post({ t: 'text', text });
  }

  /** Every key and button up. */
  release(): void {
    this.post({ t: 'release' });
  }

  /** Sends text to the host's clipboard, unless it is what the host already has. */
  sendClipboard(given: string, selection: 0 | 1 = 0): void {
    // Windows gives what it was given with other line ends: it must be known again, or it would go back as news.
    const text = given.replaceAll('\r\n', '\n');
    if (this.grant?.clipboard !== true || text === '' || text === this.lastSentText || text === this.lastReceivedText) return;
    if (text.length > clipboardLimit || new TextEncoder().encode(text).length > clipboardLimit) {
      this.notice('clipboard-too-big', 'That is more than 4 MiB of text; it was not sent to the other computer.');
      return;
    }
    this.lastSentText = text;
    this.lastReceivedText = undefined;
    this.post({ t: 'clipboard', selection, text });
  }

  /** Puts the offered text on this computer's clipboard; call it from a click. */
  async copyOffered(): Promise<void> {
    const text = this.snapshot.clipboardOffered;
    if (text === undefined) return;
    await navigator.clipboard.writeText(text);
    this.change({ clipboardOffered: undefined });
  }

  dismissNotice(id: number): void {
    this.change({ notices: this.snapshot.notices.filter((notice) => notice.id !== id) });
  }

  /** The opener's: the code that is out becomes worthless, a new one is made. */
  newCode(): void {
    this.post({ t: 'newCode' });
  }

  /** Ends the session in order, and forgets what a reload would use. */
  leave(): void {
    this.ticket = undefined;
    forgetTarget(window);
    this.post({ t: 'leave' });
  }

  /** Ends the session if it runs, and the worker. */
  dispose(): void {
    this.ends.abort();
    this.stop();
    this.listeners.clear();
  }

  get grant(): Grant | undefined {
    const state = this.snapshot.state;
    return state?.at === 'live' ? state.grant : undefined;
  }

  private post(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  private stop(): void {
    this.post({ t: 'leave' });
    this.post({ t: 'stop' });
    this.peers.close();
    setTimeout(() => this.worker.terminate(), stopPatience);
  }

  /** The worker failed in a way that it did not survive to tell: whatever it still does, the session is over, there and here. */
  private lost(text: string): void {
    this.worker.onmessage = this.worker.onerror = null;
    this.ticket = undefined;
    forgetTarget(window);
    this.stop();
    const at = this.snapshot.state?.at;
    if (at !== 'ended' && at !== 'refused' && at !== 'burnt') this.change({ state: { at: 'ended', reason: 'protocol', text } });
  }

  private take(message: FromWorker): void {
    switch (message.t) {
      case 'state':
        if (message.state.at === 'ended' || message.state.at === 'refused') forgetTarget(window);
        this.change({ state: message.state });
        break;
      case 'code': this.change({ code: message.code }); break;
      case 'desktop': this.change({ desktop: message.desktop }); break;
      case 'panes':
        this.paneSize = { width: message.width, height: message.height };
        this.makePanes(message.width, message.height);
        break;
      case 'picture':
        this.panes?.painted();
        this.reporter.picture(performance.now());
        this.change({ picture: { width: message.width, height: message.height } });
        break;
      case 'cursor': this.change({ cursor: message.cursor }); break;
      case 'cursorAt': this.change({ cursorAt: { x: message.x, y: message.y } }); break;
      case 'clipboard': void this.receiveText(message.text, message.selection); break;
      case 'notice':
        if (message.code === 'clipboard-busy') this.lastSentText = undefined;
        this.notice(message.code, message.text);
        break;
      case 'health':
        this.health(message.health, message.health.path === 'direct' && this.peers.isRelayed);
        break;
      case 'wayDescribe': case 'wayCandidate': case 'waySend': case 'wayEnd': this.peers.take(message); break;
      case 'ticket':
        this.ticket = message.ticket;
        if (document.visibilityState !== 'visible') this.keep();
        break;
    }
  }

  private makePanes(width: number, height: number): void {
    if (this.panes === undefined) return;
    const canvases = this.panes.make(width, height);
    this.post({ t: 'panes', width, height, canvases }, canvases);
  }

  private async lookAtPairs(): Promise<void> {
    const pairs = await this.peers.tried();
    if (pairs !== undefined && !this.ends.signal.aborted) this.change({ pairs });
  }

  private health(given: Health, turn: boolean): void {
    const health: Health = turn ? { ...given, path: 'relay' } : given;
    this.reporter.health(performance.now(), health, turn);
    this.change({ health, healthHistory: [...this.snapshot.healthHistory.slice(1 - historyLength), health] });
    if (this.healths++ % pairsEvery === 0) void this.lookAtPairs();
  }

  private notice(code: string, text: string): void {
    const notice: Notice = { id: this.nextNotice++, code, text };
    this.change({ notices: [...this.snapshot.notices.slice(1 - noticesKept), notice] });
  }

  private change(part: Partial<SessionSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...part };
    for (const listener of this.listeners) listener();
  }

  private seen(visible: boolean): void {
    this.post({ t: 'visible', visible });
    if (visible) {
      dropTicket(window);
      this.post({ t: 'wake' });
    } else {
      this.keep();
    }
  }

  private keep(): void {
    if (this.ticket === undefined) dropTicket(window);
    else keepTicket(window, this.ticket);
  }

  /** The primary selection of X has no counterpart here: only the clipboard is written. */
  private async receiveText(text: string, selection: 0 | 1): Promise<void> {
    if (selection !== 0 || text === this.lastSentText) return;
    this.lastReceivedText = text;
    this.lastSentText = undefined;
    this.change({ clipboardOffered: text });
    await this.settleClipboard();
  }

  /** Browsers write the clipboard of a focused page only, and some only from a click: what is refused stays offered. */
  private async settleClipboard(): Promise<void> {
    const text = this.snapshot.clipboardOffered;
    if (text === undefined || !document.hasFocus()) return;
    try {
      await navigator.clipboard.writeText(text);
      if (this.snapshot.clipboardOffered === text) this.change({ clipboardOffered: undefined });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
