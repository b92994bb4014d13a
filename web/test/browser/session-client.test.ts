import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FromWorker, ToWorker } from '../../src/browser/bridge.ts';
import { SessionClient } from '../../src/browser/session-client.ts';

class WorkerDouble {
  static made: WorkerDouble;
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: { message?: string }) => void) | null = null;
  readonly told: string[] = [];
  isTerminated = false;

  constructor() {
    WorkerDouble.made = this;
  }

  postMessage(message: ToWorker): void {
    this.told.push(message.t);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  says(message: FromWorker): void {
    this.onmessage?.({ data: message });
  }
}

const kept = new Map<string, string>();

beforeEach(() => {
  vi.useFakeTimers();
  kept.clear();
  vi.stubGlobal('Worker', WorkerDouble);
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible', hasFocus: () => true }));
  vi.stubGlobal('window', Object.assign(new EventTarget(), {
    sessionStorage: {
      getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key),
    },
  }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ask = { name: 'Anna', view: true, control: true, clipboard: true };

function live(): { client: SessionClient; worker: WorkerDouble } {
  const client = new SessionClient('ws://test/relay');
  client.join({ place: { kind: 'link', room: 'A'.repeat(22) }, secret: 'B'.repeat(22) }, ask);
  const worker = WorkerDouble.made;
  worker.says({ t: 'state', state: { at: 'live', grant: { view: true, control: true, clipboard: true }, checkDigits: '418 207' } });
  return { client, worker };
}

it('ends a session whose worker failed, there and here, and hears no more of it', () => {
  const { client, worker } = live();
  kept.set('alongside.target', 'what a reload would use');
  worker.onerror?.({ message: 'x is undefined' });
  expect(worker.told.slice(-2)).toEqual(['leave', 'stop']);
  expect([...kept]).toEqual([]);
  worker.says({ t: 'state', state: { at: 'live', grant: { view: true, control: true, clipboard: true }, checkDigits: '418 207' } });
  expect(client.getSnapshot().state).toEqual({ at: 'ended', reason: 'protocol', text: 'x is undefined' });
  vi.advanceTimersByTime(5000);
  expect(worker.isTerminated).toBe(true);
});

it('says so when the worker could not be loaded', () => {
  const client = new SessionClient('ws://test/relay');
  client.open(ask);
  WorkerDouble.made.onerror?.({});
  expect(client.getSnapshot().state).toEqual({ at: 'ended', reason: 'protocol', text: 'A part of this page could not be loaded.' });
});

it('keeps the reason that the worker has given', () => {
  const { client, worker } = live();
  worker.says({ t: 'state', state: { at: 'ended', reason: 'stopped', text: 'They stopped it.' } });
  worker.onerror?.({ message: 'x is undefined' });
  expect(client.getSnapshot().state).toEqual({ at: 'ended', reason: 'stopped', text: 'They stopped it.' });
});

it('lets a page that goes away leave in order before the worker is ended', () => {
  const { client, worker } = live();
  client.dispose();
  expect(worker.told.slice(-2)).toEqual(['leave', 'stop']);
  vi.advanceTimersByTime(1500);
  expect(worker.isTerminated).toBe(false);
  vi.advanceTimersByTime(5000);
  expect(worker.isTerminated).toBe(true);
});
