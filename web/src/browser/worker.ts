import type { ToWorker } from './bridge.ts';

self.onmessage = (event: MessageEvent<ToWorker>): void => {
  if (event.data.t === 'stop') self.close();
};
