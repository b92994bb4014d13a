import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeToCurve, generator, sessionKey, share, sharedSecret } from '../../src/core/secure/cpace.ts';
import { channelIdentifier, handshakeKeys } from '../../src/core/secure/handshake.ts';
import { ascii, concat, toHex } from '../../src/core/secure/length-prefixed.ts';
import { defaultLimits, PairOpener, PairSealer } from '../../src/core/secure/pair-records.ts';
import { SecurePeer } from '../../src/core/secure/peer.ts';
import { RecordKey } from '../../src/core/secure/record-key.ts';
import { parseInvitation, type Invitation } from '../../src/core/secure/room-code.ts';
import { StreamOpener } from '../../src/core/secure/stream-opener.ts';
import type { CredentialKind } from '../../src/core/secure/types.ts';
import { ProtocolError } from '../../src/core/wire/reader.ts';
import { fixedRandomness, fromHex, knownScalar } from './fixed-randomness.ts';
import { sameBytes, TestBook, Told } from './told.ts';

type Hashed = string | { readonly length: number; readonly sha256: string };

interface DraftFile {
  readonly G_NistP256: Readonly<Record<string, string>>;
  readonly G_NistP256_points: { readonly 'Invalid Y1': string; readonly 'Invalid Y2': string };
}

interface HandshakeFile {
  readonly encodeToCurve: readonly { readonly message: string; readonly domain: string; readonly point: string }[];
  readonly handshakes: readonly (Readonly<Record<
    'viewerNonce' | 'viewerScalar' | 'hostNonce' | 'hostScalar' | 'channelIdentifier' | 'generator' | 'viewerHello' | 'hostHello' | 'viewerFinish' |
    'hostFinish' | 'k' | 'transcript' | 'prk' | 'viewerToHost' | 'hostToViewer' | 'session' | 'resume' | 'checkDigits',
    string
  >> & {
    readonly credential: { readonly kind: CredentialKind; readonly place: string; readonly secret: string };
    readonly viewerVersions: readonly number[];
    readonly hostVersions: readonly number[];
    readonly viewerCapabilities: readonly number[];
    readonly hostCapabilities: readonly number[];
  })[];
}

interface RecordFile {
  readonly pair: {
    readonly secret: string;
    readonly recordsPerEpoch: number;
    readonly messages: readonly { readonly channel: number; readonly length: number; readonly records: readonly Hashed[] }[];
  };
  readonly stream: readonly {
    readonly stream: number;
    readonly epoch: number;
    readonly secret: string;
    readonly messages: readonly { readonly length: number; readonly records: readonly Hashed[] }[];
  }[];
}

interface CodeFile {
  readonly cases: readonly { readonly typed: string; readonly invitation?: Invitation; readonly error?: string }[];
}

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../../tests/vectors/${name}`, import.meta.url), 'utf8')) as T;

describe('the CPace draft', () => {
  const file = read<DraftFile>('cpace-p256.json');
  const draft = file.G_NistP256;
  const value = (name: string): Uint8Array<ArrayBuffer> => fromHex(draft[name]!);

  test('generator, shares, K and ISK', async () => {
    expect(toHex(generator(value('PRS'), value('CI'), value('sid')))).toBe(draft['g']!.toLowerCase());
    for (const [scalar, point] of [['ya', 'Ya'], ['yb', 'Yb']] as const) {
      const made = await share(await knownScalar(draft[scalar]!), value('g'));
      expect(toHex(made.subarray(0, 33))).toBe(draft[point]!.slice(0, 66).toLowerCase());
      expect(made[64]! & 1).toBe(0);
    }
    expect(toHex(await sharedSecret(await knownScalar(draft['ya']!), value('Yb')))).toBe(draft['K']!.toLowerCase());
    expect(toHex(await sharedSecret(await knownScalar(draft['yb']!), value('Ya')))).toBe(draft['K']!.toLowerCase());
    const isk = sessionKey(value('sid'), value('K'), value('Ya'), value('ADa'), value('Yb'), value('ADb'));
    expect(toHex(isk)).toBe(draft['ISK_IR']!.toLowerCase());
  });

  test('points that are none are the peer\'s mistake', async () => {
    const scalar = await knownScalar(draft['ya']!);
    const points = file.G_NistP256_points;
    const good = value('Ya');
    const ones = new Uint8Array(32).fill(0xff);
    const bad = [
      fromHex(points['Invalid Y1']), fromHex(points['Invalid Y2']), new Uint8Array(0), new Uint8Array(65), concat(Uint8Array.of(4), new Uint8Array(64)),
      good.slice(0, 64), concat(good, Uint8Array.of(0)), concat(Uint8Array.of(2), good.slice(1, 33)), concat(Uint8Array.of(3), good.slice(1)),
      concat(Uint8Array.of(4), ones, good.slice(33)), concat(good.slice(0, 33), ones),
    ];
    for (const point of bad) await expect(sharedSecret(scalar, point)).rejects.toThrow(ProtocolError);
  });
});

describe('our own vectors', () => {
  const file = read<HandshakeFile>('secure-handshake.json');

  test('encode_to_curve', () => {
    for (const { message, domain, point } of file.encodeToCurve) expect(toHex(encodeToCurve(ascii(message), domain))).toBe(point);
  });

  test('handshakes, both roles', async () => {
    for (const v of file.handshakes) {
      const credential = { kind: v.credential.kind, place: v.credential.place, secret: fromHex(v.credential.secret) };
      const book = new TestBook();
      book.add(credential);
      const [viewerTold, hostTold] = [new Told(), new Told()];
      const viewer = SecurePeer.viewer(credential, v.viewerCapabilities, viewerTold, { randomness: fixedRandomness(v.viewerNonce, v.viewerScalar), versions: v.viewerVersions });
      const host = SecurePeer.host(book, v.hostCapabilities, hostTold, { randomness: fixedRandomness(v.hostNonce, v.hostScalar), versions: v.hostVersions });
      const next = async (told: Told, expected: string): Promise<Uint8Array> => {
        await new Promise((resolve) => setImmediate(resolve));
        const payload = told.payloads.shift();
        expect(payload && toHex(payload)).toBe(expected);
        return payload!;
      };
      await viewer.start(0);
      await host.handle(0, await next(viewerTold, v.viewerHello));
      await viewer.handle(0, await next(hostTold, v.hostHello));
      await host.handle(0, await next(viewerTold, v.viewerFinish));
      await viewer.handle(0, await next(hostTold, v.hostFinish));
      for (const [told, peers] of [[viewerTold, v.hostCapabilities], [hostTold, v.viewerCapabilities]] as const) {
        expect(told.details).toHaveLength(1);
        const details = told.details[0]!;
        expect(details.checkDigits).toBe(v.checkDigits);
        expect(details.peerCapabilities).toEqual(peers);
        expect(details.resumeCredential.place).toBe(v.session);
        expect(toHex(details.resumeCredential.secret)).toBe(v.resume);
      }

      const sid = concat(fromHex(v.viewerNonce), fromHex(v.hostNonce));
      const channel = channelIdentifier(credential.kind, credential.place);
      expect(toHex(channel)).toBe(v.channelIdentifier);
      expect(toHex(generator(credential.secret, channel, sid))).toBe(v.generator);
      const [shareA, shareB] = [fromHex(v.viewerFinish).slice(1, 66), fromHex(v.hostHello).slice(-65)];
      const keys = handshakeKeys(fromHex(v.viewerHello), fromHex(v.hostHello).slice(0, -65), sid, fromHex(v.k), shareA, shareB);
      expect(toHex(keys.transcript)).toBe(v.transcript);
      expect(toHex(keys.prk)).toBe(v.prk);
      expect(toHex(keys.viewerToHost())).toBe(v.viewerToHost);
      expect(toHex(keys.hostToViewer())).toBe(v.hostToViewer);
    }
  });
});

describe('records', () => {
  const file = read<RecordFile>('secure-records.json');
  const message = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => i * 7 + length);
  const check = (record: Uint8Array, expected: Hashed): void => {
    if (typeof expected === 'string') expect(toHex(record)).toBe(expected);
    else expect({ length: record.length, sha256: createHash('sha256').update(record).digest('hex') }).toEqual(expected);
  };

  test('pair records are sealed and opened like the vectors, across changes of key', async () => {
    const limits = { ...defaultLimits, recordsPerEpoch: file.pair.recordsPerEpoch };
    const sealer = new PairSealer(fromHex(file.pair.secret), 0, limits);
    const opener = new PairOpener(fromHex(file.pair.secret), defaultLimits);
    for (const { channel, length, records } of file.pair.messages) {
      const whole = message(length);
      for (let i = 0; i < records.length; i++) {
        const content = whole.subarray(i * 65_510, (i + 1) * 65_510);
        const end = i === records.length - 1;
        const record = await sealer.seal(0, channel, content, end);
        check(record, records[i]!);
        const opened = await opener.open(record);
        expect({ channel: opened.channel, end: opened.end }).toEqual({ channel, end });
        expect(sameBytes(opened.content, content)).toBe(true);
      }
    }
  });

  test('stream records are opened like the vectors', async () => {
    const told: Uint8Array[] = [];
    const opener = new StreamOpener(3, (bytes) => told.push(bytes), (reason) => expect.fail(reason));
    for (const { stream, epoch, secret, messages } of file.stream) {
      // Sealed again here, since the file has long records as hashes only.
      const key = new RecordKey(fromHex(secret), 'stream key', 'stream iv');
      await opener.setKey(epoch, fromHex(secret), 0);
      let counter = 0;
      for (const { length, records } of messages) {
        const whole = message(length);
        const all: Promise<void>[] = [];
        for (let i = 0; i < records.length; i++) {
          const header = Uint8Array.of(0x21, stream, epoch >> 8, epoch & 255, 0, 0, counter >> 8, counter & 255);
          const flags = i === records.length - 1 ? 1 : 0;
          const record = await key.seal(counter++, header, concat(Uint8Array.of(flags), whole.subarray(i * 65_511, (i + 1) * 65_511)));
          check(record, records[i]!);
          all.push(opener.handle(record));
        }
        await Promise.all(all);
        expect(sameBytes(told.pop()!, whole)).toBe(true);
        expect(told).toHaveLength(0);
      }
    }
  });
});

test('codes and links are read like the vectors', () => {
  for (const { typed, invitation, error } of read<CodeFile>('room-codes.json').cases) {
    // What is absent is null in the file and undefined here.
    const expected = invitation?.kind === 'link' ? { invitation: { ...invitation, fingerprint: invitation.fingerprint ?? undefined } }
      : invitation ? { invitation } : { error };
    expect(parseInvitation(typed), JSON.stringify(typed)).toEqual(expected);
  }
});
