import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BrowserVideoCodec } from '../../src/browser/video-codec.ts';

let frames: { isClosed: boolean }[] = [];
let copies = 0;

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  copies = 0;
  vi.stubGlobal('EncodedVideoChunk', class {});
  vi.stubGlobal('VideoDecoder', class {
    static isConfigSupported(): Promise<{ supported: boolean }> {
      return Promise.resolve({ supported: true });
    }

    state = 'configured';

    constructor(private readonly out: { output(frame: object): void }) {}

    configure(): void {}

    decode(): void {
      const frame = {
        visibleRect: { width: 320, height: 192 }, isClosed: false,
        copyTo: () => new Promise(() => { copies++; }),
        close: () => { frame.isClosed = true; },
      };
      frames.push(frame);
      this.out.output(frame);
    }

    close(): void {
      this.state = 'closed';
    }
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('does not count on a decoder whose frames cannot be read, and waits for none of them without end', async () => {
  let found: BrowserVideoCodec | undefined | 'nothing yet' = 'nothing yet';
  void BrowserVideoCodec.probe('h264').then((codec) => { found = codec; });
  await vi.advanceTimersByTimeAsync(10_000);
  expect([found, copies, frames.map((frame) => frame.isClosed)]).toEqual([undefined, 2, [true, true]]);
});
