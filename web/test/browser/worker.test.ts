// The session's worker, whole, on a global scope and sockets of the test's.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FromWorker, ToWorker } from '../../src/browser/bridge.ts';

class SocketDouble {
  static made: SocketDouble[] = [];
  static refuses: Error | undefined;
  onopen: (() => void) | undefined;
  onmessage: ((event: { data: string }) => void) | undefined;
  readonly sent: string[] = [];
  isClosed = false;

  constructor(readonly url: string) {
    if (SocketDouble.refuses !== undefined) throw SocketDouble.refuses;
    SocketDouble.made.push(this);
  }

  send(what: string | Uint8Array): void {
    if (typeof what === 'string') this.sent.push(what);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Answers when the test says so. */
let supports: ((answer: { supported: boolean }) => void)[] = [];
let posted: FromWorker[] = [];
let listeners: Map<string, (event: object) => void>;
let scope: { onmessage?: (event: { data: ToWorker }) => void };

beforeEach(async () => {
  vi.resetModules();
  SocketDouble.made = [];
  SocketDouble.refuses = undefined;
  supports = [];
  posted = [];
  listeners = new Map();
  scope = {};
  vi.stubGlobal('WebSocket', SocketDouble);
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('VideoDecoder', class {
    static isConfigSupported(): Promise<{ supported: boolean }> {
      return new Promise((answer) => supports.push(answer));
    }
  });
  vi.stubGlobal('self', Object.assign(scope, {
    postMessage: (message: FromWorker) => posted.push(message),
    addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
    close: () => undefined,
  }));
  await import('../../src/browser/worker.ts');
});
afterEach(() => { vi.unstubAllGlobals(); });

/** As the browser does: what is thrown in a handler is told to the scope. */
function say(message: ToWorker): void {
  try {
    scope.onmessage?.({ data: message });
  } catch (error) {
    listeners.get('error')?.({ error, message: String(error) });
  }
}

const ask = { name: 'Anna', view: true, control: true, clipboard: true };
const join = (): void => say({ t: 'join', relay: 'ws://test/relay', place: { kind: 'link', room: 'A'.repeat(22) }, secret: 'B'.repeat(22), ask, direct: false });
const states = (): object[] => posted.flatMap((message) => message.t === 'state' ? [message.state] : []);
const soon = (met: () => void): Promise<void> => vi.waitFor(met, { timeout: 30_000 });

describe('the session\'s worker', () => {
  it('connects while it is still finding out which films the browser shows, and hears the room when it knows', async () => {
    join();
    const [socket] = SocketDouble.made;
    socket?.onopen?.();
    expect(socket?.sent).toEqual([expect.stringContaining('"join"')]);
    socket?.onmessage?.({ data: JSON.stringify({ t: 'joined', room: 'A'.repeat(22), token: 'C'.repeat(22), member: 7, window: 1_048_576, members: [] }) });
    expect(states()).toEqual([{ at: 'connecting' }]);
    await soon(() => {
      for (const answer of supports.splice(0)) answer({ supported: false });
      expect(states()).toEqual([{ at: 'connecting' }, { at: 'waiting' }]);
    });
  });

  it('does not wait for a browser that never says whether it shows films', async () => {
    join();
    const [socket] = SocketDouble.made;
    socket?.onopen?.();
    socket?.onmessage?.({ data: JSON.stringify({ t: 'joined', room: 'A'.repeat(22), token: 'C'.repeat(22), member: 7, window: 1_048_576, members: [] }) });
    await soon(() => expect(states().at(-1)).toEqual({ at: 'waiting' }));
    expect(supports.length).toBeGreaterThan(0);
  });

  it('says that a session has ended which could not begin', () => {
    SocketDouble.refuses = new SyntaxError('not a URL');
    join();
    expect(states().at(-1)).toEqual({ at: 'ended', reason: 'protocol', text: 'not a URL' });
  });

  it.each([
    ['error', { error: new TypeError('x is undefined') }], ['error', { message: 'x is undefined' }], ['unhandledrejection', { reason: new TypeError('x is undefined') }],
  ])('ends the session, and leaves the room, at an error that nobody caught: %s', (type, event) => {
    join();
    const [socket] = SocketDouble.made;
    socket?.onopen?.();
    listeners.get(type)?.(event);
    expect(states().at(-1)).toEqual({ at: 'ended', reason: 'protocol', text: 'x is undefined' });
    expect(socket?.isClosed).toBe(true);
  });
});
