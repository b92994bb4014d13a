// Alone in its file: it counts calls of WebCrypto, and those of a test before it may come late.
import { expect, test, vi } from 'vitest';
import { Channel } from '../../src/core/secure/channels.ts';
import { Pair } from './told.ts';

test('short messages after the first are sealed and opened with what was made ahead', async () => {
  const [encrypt, decrypt] = [vi.spyOn(crypto.subtle, 'encrypt'), vi.spyOn(crypto.subtle, 'decrypt')];
  const used = (name: string): number => [...encrypt.mock.calls, ...decrypt.mock.calls].filter(([algorithm]) => (algorithm as { name: string }).name === name).length;
  const pair = await Pair.secured();
  for (let turn = 0; turn < 6; turn++) {
    pair.viewer.send(pair.now, Channel.input, new Uint8Array(9));
    pair.host.send(pair.now, Channel.desktop, new Uint8Array(300));
    await pair.exchange();
    // Of either direction and at either end: once the hash's key and four records, then one more record each time.
    await vi.waitFor(() => { expect(used('AES-CTR')).toBe(4 * (5 + turn)); }, 30_000);
    await Promise.all(encrypt.mock.results.map((result) => result.value as Promise<unknown>));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(used('AES-GCM')).toBe(4);
  expect([pair.hostTold, pair.viewerTold].map((told) => told.messages.map((m) => m.bytes.length))).toEqual([Array(6).fill(9), Array(6).fill(300)]);
  vi.restoreAllMocks();
});
