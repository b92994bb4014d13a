import { createCipheriv } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { expand } from '../../src/core/secure/key-schedule.ts';
import { mostAhead } from '../../src/core/secure/keystream.ts';
import { concat, toHex } from '../../src/core/secure/length-prefixed.ts';
import { RecordKey } from '../../src/core/secure/record-key.ts';
import { StreamOpener } from '../../src/core/secure/stream-opener.ts';
import { sameBytes } from './told.ts';

const secret = Uint8Array.from({ length: 32 }, (_, i) => 200 - i);
const bytes = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => i * 31 + length);
const headerOf = (counter: number): Uint8Array<ArrayBuffer> => Uint8Array.of(0x21, 1, 0, 0, ...new Uint8Array(new Uint32Array([counter]).buffer).reverse());

/** secure.md's record, by another implementation. */
function expected(counter: number, header: Uint8Array, plaintext: Uint8Array, keyLabel = 'key', ivLabel = 'iv'): Uint8Array {
  const nonce = expand(secret, ivLabel, 12);
  const view = new DataView(nonce.buffer, nonce.byteOffset);
  view.setBigUint64(4, view.getBigUint64(4) ^ BigInt(counter));
  const cipher = createCipheriv('aes-256-gcm', expand(secret, keyLabel, 32), nonce);
  cipher.setAAD(header);
  return concat(header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

/** Calls of WebCrypto that seal or open a record. */
let asked: number;

beforeEach(() => {
  asked = 0;
  for (const name of ['encrypt', 'decrypt'] as const) {
    const real = crypto.subtle[name].bind(crypto.subtle) as (...args: unknown[]) => Promise<ArrayBuffer>;
    vi.spyOn(crypto.subtle, name).mockImplementation((...args: unknown[]) => {
      if ((args[0] as { name: string }).name === 'AES-GCM') asked++;
      return real(...args);
    });
  }
});

afterEach(() => { vi.restoreAllMocks(); });

describe('what is made ahead', () => {
  test('seals and opens the same records as WebCrypto, of every length, without asking it', async () => {
    const [sealer, opener] = [new RecordKey(secret, 'key', 'iv'), new RecordKey(secret, 'key', 'iv')];
    const lengths = [...Array(70).keys(), 255, 256, 257, mostAhead - 1, mostAhead];
    for (const [counter, length] of lengths.entries()) {
      await Promise.all([sealer.prepare(counter), opener.prepare(counter)]);
      const header = headerOf(counter);
      const record = await sealer.seal(counter, header, bytes(length));
      expect(toHex(record)).toBe(toHex(expected(counter, header, bytes(length))));
      expect(sameBytes((await opener.open(counter, record, header.length))!, bytes(length))).toBe(true);
    }
    expect(asked).toBe(0);
  });

  test('leaves longer records to WebCrypto, and those it is not ready for', async () => {
    const [sealer, opener] = [new RecordKey(secret, 'key', 'iv'), new RecordKey(secret, 'key', 'iv')];
    // The first is before anything is made, the long ones past what is; the counters cross where the IV's next word begins.
    const lengths = [5, 5, 5, mostAhead + 1, 5, 70_000 - mostAhead, 5, 5, 5, 5, 5, 5];
    const start = 2 ** 32 - 4;
    for (const [i, length] of lengths.entries()) {
      const header = headerOf(i);
      const record = await sealer.seal(start + i, header, bytes(length));
      expect(sameBytes(record, expected(start + i, header, bytes(length)))).toBe(true);
      expect(sameBytes((await opener.open(start + i, record, header.length))!, bytes(length))).toBe(true);
      await Promise.all([sealer.prepare(start + i + 1), opener.prepare(start + i + 1)]);
    }
    // The first, the two long ones, and no short one: four are ready, and a long one takes but its own.
    expect(asked).toBe(2 * 3);
  });

  test('is not made where long records run', async () => {
    const key = new RecordKey(secret, 'key', 'iv');
    const made = vi.mocked(crypto.subtle.encrypt);
    for (let counter = 0; counter < 20; counter++) {
      await key.seal(counter, headerOf(counter), bytes(mostAhead + 1));
      await key.prepare(counter + 1);
    }
    expect(made.mock.calls.map(([algorithm]) => (algorithm as { name: string }).name)).toEqual(Array(20).fill('AES-GCM'));
  });

  test('opens nothing that was changed, in any byte', async () => {
    const header = headerOf(0);
    const record = expected(0, header, bytes(20));
    for (let at = 0; at < record.length; at++) {
      const key = new RecordKey(secret, 'key', 'iv');
      await key.prepare(0);
      const changed = Uint8Array.from(record);
      changed[at]! ^= 1 << (at % 8);
      expect(await key.open(0, changed, header.length)).toBeUndefined();
    }
    const other = new RecordKey(secret, 'key', 'iv');
    await other.prepare(0);
    expect(await other.open(1, record, header.length)).toBeUndefined();
    expect(asked).toBe(0);
  });

  test('is dropped when its record has gone before it was ready', async () => {
    const key = new RecordKey(secret, 'key', 'iv');
    const late = key.prepare(0);
    for (let counter = 0; counter < 3; counter++) {
      const header = headerOf(counter);
      expect(toHex(await key.seal(counter, header, bytes(9)))).toBe(toHex(expected(counter, header, bytes(9))));
    }
    await late;
    const header = headerOf(3);
    expect(toHex(await key.seal(3, header, bytes(9)))).toBe(toHex(expected(3, header, bytes(9))));
  });
});

test('a short record that follows a long one waits for its turn', async () => {
  const told: number[] = [];
  const opener = new StreamOpener(1, (message) => told.push(message.length), (reason) => expect.fail(reason));
  await opener.setKey(0, secret, 0);
  const lengths = [3, 3, 60_000, 3, 40_000, 3, 3];
  const records = lengths.map((length, i) => expected(i, headerOf(i), concat(Uint8Array.of(1), bytes(length)), 'stream key', 'stream iv'));
  // The first alone, so that something is ready for those behind it.
  await opener.handle(records[0]!);
  const made = vi.mocked(crypto.subtle.encrypt).mock;
  await vi.waitFor(() => { expect(made.calls).toHaveLength(5); }, 30_000);
  await Promise.all(made.results.map((result) => result.value as Promise<ArrayBuffer>));
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all(records.slice(1).map((record) => opener.handle(record)));
  expect(told).toEqual(lengths);
  // The first, which nothing was ready for, the two long ones, and the last two: four were ready.
  expect(asked).toBe(5);
});
