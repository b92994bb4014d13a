import { describe, expect, test, vi } from 'vitest';
import { Channel } from '../../src/core/secure/channels.ts';
import { defaultLimits } from '../../src/core/secure/pair-records.ts';
import { SecurePeer } from '../../src/core/secure/peer.ts';
import { makeDigits, makeLink, makeLinkSecret, parseInvitation } from '../../src/core/secure/room-code.ts';
import { CredentialKind, RefuseReason } from '../../src/core/secure/types.ts';
import { code, link, Pair, sameBytes, Told } from './told.ts';

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 31 + length);

describe('the handshake', () => {
  test('two sides with the same code agree on everything', async () => {
    const pair = await Pair.secured();
    const [viewer, host] = [pair.viewerTold.details[0]!, pair.hostTold.details[0]!];
    expect(viewer.checkDigits).toBe(host.checkDigits);
    expect(viewer.checkDigits).toMatch(/^\d{3} \d{3}$/);
    expect(viewer.peerCapabilities).toEqual([1, 2, 4]);
    expect(host.peerCapabilities).toEqual([1, 2, 3]);
    expect(viewer.resumeCredential).toEqual(host.resumeCredential);
    expect(pair.book.told).toEqual(['attempted 1', 'finished 1 true']);
    expect(pair.viewer.nextDeadline).toBeUndefined();
  });

  test('a wrong code gets no tag, and neither side tries it again', async () => {
    const pair = new Pair(code('190574'));
    await pair.viewer.start(pair.now);
    await pair.exchange();
    expect(pair.hostTold.refusals).toEqual([RefuseReason.confirmation]);
    expect(pair.viewerTold.refusals).toEqual([RefuseReason.confirmation]);
    expect(pair.book.told).toEqual(['attempted 1', 'finished 1 false']);
    expect(pair.viewer.isSecured || pair.host.isSecured).toBe(false);
    await expect(pair.viewer.start(pair.now)).rejects.toThrow('one attempt');
    await pair.viewer.start(pair.now, code('190573'));
    await pair.exchange();
    expect(pair.viewerTold.refusals.at(-1)).toBe(RefuseReason.credential);
  });

  test('a truncated or changed message of any step brings no session', async () => {
    for (let step = 0; step < 4; step++) {
      for (let turn = 0; turn < 10; turn++) {
        const pair = new Pair(link(), link());
        await pair.viewer.start(pair.now);
        for (let i = 0; i <= step; i++) {
          const fromViewer = i % 2 === 0;
          let payload = (await pair.take(fromViewer ? 'viewer' : 'host'))[0]!;
          if (i === step) {
            const at = Math.floor((payload.length - 1) * (turn / 9));
            if (turn % 2 === 0) payload = payload.slice(0, at);
            else payload[at]! ^= 1 << (turn % 8);
          }
          await (fromViewer ? pair.host : pair.viewer).handle(pair.now, payload);
        }
        await pair.exchange();
        expect(pair.viewer.isSecured).toBe(false);
        expect(pair.host.isSecured).toBe(step === 3);
      }
    }
  });

  test('silence ends it after fifteen seconds', async () => {
    const pair = new Pair();
    await pair.viewer.start(pair.now);
    await pair.host.handle(pair.now, (await pair.take('viewer'))[0]!);
    pair.now = pair.host.nextDeadline! - 1;
    await pair.host.tick(pair.now);
    expect(pair.hostTold.ends).toHaveLength(0);
    await pair.host.tick(++pair.now);
    await pair.viewer.tick(pair.now);
    expect(pair.hostTold.ends).toHaveLength(1);
    expect(pair.viewerTold.ends).toHaveLength(1);
    expect(pair.book.told).toEqual(['attempted 1', 'finished 1 false']);
  });
});

describe('records', () => {
  test('messages of any length arrive in order, decrypted side by side, across changes of key', async () => {
    const pair = await Pair.secured({ limits: { ...defaultLimits, recordsPerEpoch: 3 } });
    const lengths = [0, 1, 65_510, 65_511, 300_000, 7, 200_000];
    for (const length of lengths) expect(pair.viewer.send(pair.now, Channel.clipboard, bytes(length))).toBe(true);
    for (let i = 0; i < 20; i++) pair.host.send(pair.now, Channel.control, bytes(i));
    await pair.exchange();
    expect(pair.hostTold.messages.map((m) => m.bytes.length)).toEqual(lengths);
    expect(pair.hostTold.messages.every((m) => sameBytes(m.bytes, bytes(m.bytes.length)))).toBe(true);
    expect(pair.viewerTold.messages.map((m) => m.bytes.length)).toEqual([...Array(20).keys()]);
  });

  test.each(['replay', 'swap', 'skip', 'skip at the change of key', 'flip', 'short', 'far epoch'])(
    'anything but the next record ends the session, told once: %s', async (how) => {
      const pair = await Pair.secured({ limits: { ...defaultLimits, recordsPerEpoch: 3 } });
      for (let i = 0; i < 6; i++) pair.viewer.send(pair.now, Channel.control, Uint8Array.of(i));
      const r: Uint8Array[] = [];
      while (r.length < 6) r.push(...(await pair.take('viewer')));
      const [first, second, third, fourth] = r as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      const changed = second.slice();
      if (how === 'flip') changed[changed.length - 1]! ^= 1;
      if (how === 'far epoch') changed[2] = 9;
      const next: Record<string, Uint8Array[]> = {
        replay: [first], swap: [third, second], skip: [third], 'skip at the change of key': [second, fourth],
        flip: [changed], short: [second.slice(0, 20)], 'far epoch': [changed],
      };
      await Promise.all([first, ...next[how]!, ...r].map((record) => pair.host.handle(pair.now, record)));
      expect(pair.hostTold.ends).toHaveLength(1);
      expect(pair.host.isSecured).toBe(false);
      expect(pair.host.send(pair.now, Channel.control, bytes(1))).toBe(false);
      expect(pair.hostTold.messages).toHaveLength(how === 'skip at the change of key' ? 2 : 1);
    });

  test('used-up keys end the session', async () => {
    const pair = await Pair.secured({ limits: { ...defaultLimits, recordsPerEpoch: 1, lastEpoch: 4 } });
    for (let i = 0; i < 10; i++) pair.viewer.send(pair.now, Channel.control, Uint8Array.of(i));
    await pair.exchange();
    expect(pair.hostTold.messages).toHaveLength(5);
    expect(pair.viewerTold.ends[0]).toContain('used up');
    expect(pair.viewer.isSecured).toBe(false);
  });

  test('what is over its budget, or on a channel that does not lead there, does not leave', async () => {
    const pair = await Pair.secured();
    for (const [channel, length] of [[Channel.desktop, 1], [Channel.feedback, 65], [Channel.input, 8193], [6, 1]] as const) {
      expect(() => pair.viewer.send(pair.now, channel, bytes(length))).toThrow(RangeError);
    }
  });

  test('while held, short messages overtake a long one', async () => {
    const pair = await Pair.secured();
    pair.viewer.held = true;
    pair.viewer.send(pair.now, Channel.clipboard, bytes(200_000));
    pair.viewer.send(pair.now, Channel.control, bytes(1));
    pair.viewer.send(pair.now, Channel.input, bytes(2));
    expect(await pair.take('viewer')).toHaveLength(0);
    expect(pair.viewer.pendingBytes).toBe(200_003);
    pair.viewer.held = false;
    await pair.exchange();
    expect(pair.hostTold.messages.map((m) => m.channel)).toEqual([Channel.control, Channel.input, Channel.clipboard]);
  });

  test('a key that pastes follows the clipboard, and all input after it too', async () => {
    const pair = await Pair.secured();
    const paste = async (): Promise<number[]> => {
      pair.hostTold.messages.length = 0;
      pair.viewer.held = true;
      pair.viewer.send(pair.now, Channel.clipboard, bytes(200_000));
      pair.viewer.send(pair.now, Channel.input, bytes(1));
      pair.viewer.send(pair.now, Channel.input, bytes(2), true);
      pair.viewer.send(pair.now, Channel.input, bytes(3));
      pair.viewer.send(pair.now, Channel.control, bytes(4));
      pair.viewer.held = false;
      await pair.exchange();
      return pair.hostTold.messages.map((m) => m.bytes.length);
    };
    expect(await paste()).toEqual([1, 4, 200_000, 2, 3]);
    // Once it has gone, the next clipboard is overtaken again.
    expect(await paste()).toEqual([1, 4, 200_000, 2, 3]);
  });
});

describe('what does not leave', () => {
  test.each(['is not taken', 'is not sealed'])('ends the session, told once, and nothing after it leaves: it %s', async (how) => {
    const pair = await Pair.secured();
    const left: Uint8Array[] = [];
    let isBroken = how === 'is not taken';
    pair.viewerTold.payload = (payload) => {
      if (isBroken) {
        isBroken = false;
        throw new Error('the channel is closed');
      }
      left.push(payload);
    };
    if (how === 'is not sealed') vi.spyOn(crypto.subtle, 'encrypt').mockRejectedValueOnce(new Error('out of memory'));
    for (let i = 0; i < 6; i++) pair.viewer.send(pair.now, Channel.clipboard, bytes(10_000));
    await pair.take('viewer');
    expect(left).toEqual([]);
    expect(pair.viewerTold.ends).toEqual([expect.stringMatching(/the channel is closed|out of memory/)]);
    expect(pair.viewer.isSecured).toBe(false);
    vi.restoreAllMocks();

    // The same peer goes on with new keys.
    pair.viewerTold.payload = (payload) => { pair.viewerTold.payloads.push(payload); };
    pair.book.add(pair.viewer.resumeCredential!);
    await pair.viewer.start(pair.now);
    await pair.exchange();
    expect(pair.viewer.isSecured).toBe(true);
    for (let i = 0; i < 6; i++) pair.viewer.send(pair.now, Channel.control, bytes(i));
    await pair.exchange();
    expect(pair.hostTold.messages).toHaveLength(6);
  });

  test('ends a handshake whose word it was', async () => {
    const pair = new Pair();
    pair.viewerTold.payload = () => { throw new Error('there is no way'); };
    await pair.viewer.start(pair.now);
    await pair.take('viewer');
    expect(pair.viewerTold.ends).toEqual([expect.stringContaining('there is no way')]);
    expect(pair.viewer.isHandshaking).toBe(false);
  });
});

describe('coming back', () => {
  test('a session goes on under new keys; the old credential is used up when they have been shown', async () => {
    const pair = await Pair.secured();
    const former = pair.viewer.resumeCredential!;
    pair.book.add(former);
    await pair.viewer.start(pair.now);
    expect(pair.viewer.send(pair.now, Channel.control, bytes(1))).toBe(false);
    await pair.exchange();
    expect(pair.viewerTold.details.at(-1)).toMatchObject({ resumed: true, place: former.place, credentialKind: CredentialKind.resume });
    expect(pair.book.told).not.toContain('finished 3 true');
    pair.viewer.send(pair.now, Channel.control, bytes(9));
    await pair.exchange();
    expect(pair.book.told).toContain('finished 3 true');
    expect(pair.hostTold.messages.map((m) => m.bytes)).toEqual([bytes(9)]);
  });

  test('records that follow the last handshake message wait for it', async () => {
    const pair = await Pair.secured();
    pair.book.add(pair.viewer.resumeCredential!);
    await pair.viewer.start(pair.now);
    for (const side of ['viewer', 'host'] as const) {
      await (side === 'viewer' ? pair.host : pair.viewer).handle(pair.now, (await pair.take(side))[0]!);
    }
    await pair.host.handle(pair.now, (await pair.take('viewer'))[0]!);
    pair.host.send(pair.now, Channel.control, bytes(5));
    await Promise.all((await pair.take('host')).map((payload) => pair.viewer.handle(pair.now, payload)));
    expect(pair.viewerTold.messages.map((m) => m.bytes)).toEqual([bytes(5)]);
    expect(pair.viewerTold.ends).toHaveLength(0);
  });

  test.each([0x11, 0x13, 0x14])('a host\'s %i that answers an earlier Hello is not taken for an answer to this one', async (kind) => {
    const pair = await Pair.secured();
    const credential = pair.viewer.resumeCredential!;
    if (kind !== 0x14) pair.book.add(credential);
    await pair.viewer.start(pair.now);
    await pair.host.handle(pair.now, (await pair.take('viewer'))[0]!);
    if (kind === 0x13) {
      await pair.viewer.handle(pair.now, (await pair.take('host'))[0]!);
      await pair.host.handle(pair.now, (await pair.take('viewer'))[0]!);
    }
    const late = (await pair.take('host'))[0]!;
    expect(late[0]).toBe(kind);
    pair.book.add(credential);
    await pair.viewer.start(pair.now);
    await pair.viewer.handle(pair.now, late);
    await pair.exchange();
    expect([pair.viewerTold.refusals, pair.viewerTold.ends]).toEqual([[], []]);
    expect(pair.viewerTold.details).toHaveLength(2);
    pair.viewer.send(pair.now, Channel.control, bytes(3));
    pair.host.send(pair.now, Channel.control, bytes(4));
    await pair.exchange();
    expect(pair.hostTold.messages.map((m) => m.bytes)).toEqual([bytes(3)]);
    expect(pair.viewerTold.messages.map((m) => m.bytes)).toEqual([bytes(4)]);
  });

  test('forged handshake messages leave a running session alone', async () => {
    const pair = await Pair.secured();
    pair.book.add(link());
    const stranger = new Told();
    await SecurePeer.viewer(link('AAECAwQFBgcICQoLDA0OEA'), [1], stranger).start(0);
    await new Promise((resolve) => setImmediate(resolve));
    await pair.host.handle(pair.now, stranger.payloads[0]!);
    for (const kind of [0x10, 0x11, 0x12, 0x13, 0x14, 0, 0x21, 0xff]) {
      for (const payload of [Uint8Array.of(kind), Uint8Array.of(kind, ...bytes(97))]) {
        await pair.host.handle(pair.now, payload);
        await pair.viewer.handle(pair.now, payload);
      }
    }
    await pair.host.handle(pair.now, new Uint8Array(0));
    await pair.take('host');
    pair.viewer.send(pair.now, Channel.control, bytes(3));
    pair.host.send(pair.now, Channel.control, bytes(4));
    await pair.exchange();
    expect(pair.hostTold.messages.map((m) => m.bytes)).toEqual([bytes(3)]);
    expect(pair.viewerTold.messages.map((m) => m.bytes)).toEqual([bytes(4)]);
    expect([...pair.hostTold.ends, ...pair.viewerTold.ends]).toEqual([]);
  });

  test('a refused resume lets the old session go on where it was', async () => {
    const pair = await Pair.secured();
    pair.viewer.send(pair.now, Channel.clipboard, bytes(600_000));
    await pair.viewer.start(pair.now);
    await pair.exchange();
    expect(pair.viewerTold.refusals).toEqual([RefuseReason.credential]);
    expect(pair.hostTold.messages).toHaveLength(1);
    expect(sameBytes(pair.hostTold.messages[0]!.bytes, bytes(600_000))).toBe(true);
  });

  test('after close nothing is told', async () => {
    const pair = await Pair.secured();
    pair.host.send(pair.now, Channel.control, bytes(1));
    const records = await pair.take('host');
    const handled = records.map((record) => pair.viewer.handle(pair.now, record));
    pair.viewer.close();
    await Promise.all(handled);
    expect(pair.viewerTold.messages).toHaveLength(0);
    expect(pair.viewerTold.ends).toHaveLength(0);
  });
});

test('codes and links are made without bias and read back', () => {
  const scripted = (...script: number[]) => ({ fill: (out: Uint8Array) => out.set(script.splice(0, out.length)), scalar: () => Promise.reject(new Error()) });
  expect(makeDigits(scripted(0xff, 0xff, 0xff, 0xff, 0xff, 0xf1, 0x3d, 0x80, 0, 0, 0, 7))).toBe('000007');
  expect(makeDigits(scripted(0xff, 0xf1, 0x3d, 0x7f))).toBe('999999');
  for (let i = 0; i < 100; i++) {
    expect(parseInvitation(`482 ${makeDigits()}`)).toHaveProperty('invitation.number', '482');
    const invitation = {
      kind: 'link', server: 'https://help.example', purpose: 'help', room: makeLinkSecret(), secret: makeLinkSecret(), fingerprint: undefined,
    } as const;
    expect(parseInvitation(makeLink(invitation))).toEqual({ invitation });
  }
});
