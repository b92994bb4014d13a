import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDescription, readSdp, writeSdp } from '../../../src/core/link/description.ts';
import { LinkWord, readLink, writeLink, type LinkMessage } from '../../../src/core/link/link-message.ts';
import { PathSwitch } from '../../../src/core/link/path-switch.ts';
import { JsonMessage } from '../../../src/core/wire/json.ts';
import { ProtocolError } from '../../../src/core/wire/reader.ts';

const vectors = JSON.parse(readFileSync(new URL('../../../../tests/vectors/link.json', import.meta.url), 'utf8')) as {
  words: { hex: string; is: LinkMessage }[]; badWords: { hex: string; why: string }[];
};
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('the words of a link', () => {
  it.each(vectors.words.map((v) => [v.hex, v.is] as const))('%s is read and written', (hex, is) => {
    expect(readLink(bytes(hex))).toEqual(is);
    expect(Buffer.from(writeLink(is)).toString('hex')).toBe(hex);
  });

  it.each(vectors.badWords.map((v) => [v.why, v.hex] as const))('refuses %s', (_, hex) => {
    expect(() => readLink(bytes(hex))).toThrow(ProtocolError);
  });
});

describe('descriptions', () => {
  const said = JsonMessage.parse(JSON.stringify({
    way: 3, ufrag: 'a+/9', pwd: '0123456789abcdefghijkl', fingerprint: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8', setup: 'actpass', pacing: 20,
  }));

  it('become an SDP that a browser takes, and come back out of one', () => {
    const sdp = writeSdp(readDescription(said));
    expect(sdp).toContain('a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\n');
    expect(readSdp(3, sdp)).toEqual(readDescription(said));
  });

  it('are not made of an SDP that lacks something', () => {
    expect(readSdp(1, 'v=0\r\na=ice-ufrag:abcd\r\na=setup:active\r\n')).toBeUndefined();
  });
});

/** One end of a link, and what it has sent that has not arrived. */
class End {
  other!: End;
  room = 1 << 20;
  gone = false;
  readonly got: number[] = [];
  readonly ended: string[] = [];
  /** How often this end gave over a way what it had sent on the relay. */
  rests = 0;
  relay: Uint8Array[] = [];
  direct: [number, Uint8Array][] = [];
  readonly link: PathSwitch;

  readonly stranded: string[] = [];

  constructor(private readonly pair: { now: number }, leads: boolean) {
    this.link = new PathSwitch({
      relayRoom: () => this.room,
      sendRelay: (payload) => {
        if (payload.length > this.room) return false;
        this.relay.push(payload.slice());
        return true;
      },
      sendDirect: (way, message) => {
        if (this.gone) return false;
        expect(message.length).toBeLessThanOrEqual(16_384);
        if (message[0] === 0x22 && message[1] === LinkWord.rest && readLink(message).count > 0) this.rests++;
        this.direct.push([way, message.slice()]);
        return true;
      },
      deliver: (payload) => { this.got.push(new DataView(payload.buffer, payload.byteOffset).getUint32(1)); },
      roomOpened: () => undefined,
      wayEnded: (_, why) => { this.ended.push(why); },
      stranded: (why) => {
        this.stranded.push(why);
        this.link.reset();
      },
    }, leads);
    this.link.renew();
  }

  send(number: number, length = 100): boolean {
    const payload = new Uint8Array(length);
    payload[0] = 0x20 + (number & 1);
    new DataView(payload.buffer).setUint32(1, number);
    return this.link.send(this.pair.now, payload);
  }

  deliverRelay(): boolean {
    const next = this.relay.shift();
    if (next !== undefined) this.other.link.fromRelay(this.pair.now, next);
    return next !== undefined;
  }

  deliverDirect(): boolean {
    const next = this.direct.shift();
    if (next !== undefined) this.other.link.fromDirect(this.pair.now, ...next);
    return next !== undefined;
  }
}

interface Pair { a: End; b: End; at: { now: number }; settle(): void; open(way: number): void; move(way: number): void; pass(): void }

/** `marks`: both know marks. */
function pair(marks = false): Pair {
  const at = { now: 1_000_000 };
  const [a, b] = [new End(at, true), new End(at, false)];
  [a.other, b.other] = [b, a];
  a.link.mayMark = b.link.mayMark = marks;
  const settle = (): void => { while (a.deliverRelay() || b.deliverRelay() || a.deliverDirect() || b.deliverDirect()); };
  // As in a session, what was said on the relay of a way's beginning has come.
  const open = (way: number): void => {
    a.link.begin(way);
    while (marks && a.deliverRelay());
    b.link.begin(way);
    for (const end of [a, b]) end.link.opened(at.now, way);
  };
  return {
    a, b, at, settle, open,
    move: (way) => {
      open(way);
      settle();
    },
    // Until an `over` is missed, on a way that works and a relay that stalls.
    pass: () => {
      for (let i = 0; i < 7; i++) {
        while (a.deliverDirect() || b.deliverDirect());
        at.now += 100_000;
        for (const end of [a, b]) end.link.tick(at.now);
      }
      while (a.deliverDirect() || b.deliverDirect());
    },
  };
}

describe('a link of two paths', () => {
  it('moves over, and falls back when nothing comes any more, without losing what was on the way', () => {
    const { a, b, at, settle, move } = pair();
    move(1);
    expect(a.link.isDirect && b.link.isDirect).toBe(true);
    for (let i = 1; i <= 10; i++) expect(a.send(i, i * 6000)).toBe(true);
    while (b.got.length < 3) a.deliverDirect();
    a.direct = [];
    b.direct = [];
    for (let i = 0; i < 16; i++) {
      at.now += 100_000;
      a.link.tick(at.now);
      b.link.tick(at.now);
    }
    expect(a.send(11)).toBe(false);
    settle();
    expect(a.send(11)).toBe(true);
    settle();
    expect(b.got).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
    expect([a.ended.length, b.ended.length]).toEqual([1, 1]);
  });

  it('says on the relay how long it takes while a way is in use, and of no other way', () => {
    const { b, at, move } = pair();
    move(1);
    for (const way of [1, 2]) b.link.fromRelay(at.now, writeLink({ word: 4, way, count: 9 }));
    expect(b.relay.map(readLink)).toEqual([{ word: 5, way: 1, count: 9 }]);
    b.room = 0;
    b.link.fromRelay(at.now, writeLink({ word: 4, way: 1, count: 10 }));
    expect(b.link.isDirect).toBe(true);
  });

  it('goes on by the way alone when the relay breaks, and falls back again when there is one', () => {
    const { a, b, at, settle, move } = pair();
    move(1);
    for (const end of [a, b]) {
      end.relay = [];
      end.room = 0;
      expect(end.link.tryGoOnAlone()).toBe(true);
    }
    for (let i = 1; i <= 5; i++) {
      expect(a.send(i) && b.send(i)).toBe(true);
      at.now += 1_000_000;
      for (const end of [a, b]) end.link.tick(at.now);
      settle();
    }
    for (const end of [a, b]) {
      end.room = 1 << 20;
      end.link.relayIsBack();
    }
    expect(b.send(6)).toBe(true);
    b.direct = [];
    a.link.fail(at.now, 1, 'It is told so.');
    settle();
    expect([a.got, b.got]).toEqual([[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5]]);
    expect([...a.stranded, ...b.stranded]).toEqual([]);
  });

  it('does not go on alone when what the other side said on the relay was lost with it', () => {
    const { a, b, at } = pair();
    for (const end of [a, b]) end.link.begin(1);
    for (const end of [a, b]) end.link.opened(at.now, 1);
    b.deliverDirect();
    a.deliverDirect();
    a.relay = [];
    expect([a.link.tryGoOnAlone(), b.link.tryGoOnAlone()]).toEqual([false, false]);
  });

  it('does not blame a new way for what of the last is still sent again on the relay', () => {
    const { a, b, at, settle, move } = pair();
    move(1);
    expect(b.send(1)).toBe(true);
    b.direct = [];
    // Room for a word, and not for what is kept.
    b.room = 50;
    a.link.fail(at.now, 1, 'It is told so.');
    settle();
    for (const end of [a, b]) end.link.begin(2);
    for (const end of [a, b]) end.link.opened(at.now, 2);
    for (let i = 0; i < 30; i++) {
      at.now += 100_000;
      for (const end of [a, b]) end.link.tick(at.now);
      settle();
    }
    expect([a.ended.length, b.ended.length, b.link.current]).toEqual([1, 1, 2]);
    b.room = 1 << 20;
    b.link.flush();
    settle();
    expect(a.got).toEqual([1]);
    expect(b.link.isDirect).toBe(true);
  });

  it('is left with nothing when the way dies alone, and when nobody answers for it', () => {
    const { a, b, at, move } = pair();
    move(1);
    expect(a.link.tryGoOnAlone()).toBe(true);
    a.link.fail(at.now, 1, 'It is told so.');
    a.link.tick(at.now);
    expect(a.stranded).toEqual(['It is told so.']);
    b.link.fail(at.now, 1, 'Here too.');
    at.now += 1_900_000;
    b.link.tick(at.now);
    expect(b.stranded).toEqual([]);
    at.now += 200_000;
    b.link.tick(at.now);
    expect(b.stranded).toEqual(['Here too.']);
    b.relay = [];
    b.link.fromRelay(at.now, bytes('2203000100000000'));
    expect(b.relay).toEqual([]);
  });

  it('does not blame the way when it stood still itself', () => {
    const { a, at, settle, move } = pair();
    move(1);
    at.now += 10_000_000;
    a.link.tick(at.now);
    settle();
    expect(a.link.isDirect).toBe(true);
    at.now += 10_000_000;
    a.link.tick(at.now);
    a.direct = [];
    for (let i = 0; i < 6; i++) {
      at.now += 100_000;
      a.link.tick(at.now);
    }
    expect(a.link.isDirect).toBe(false);
  });

  it('goes round a relay that stalls while the way is taken, and takes nothing twice when it goes on', () => {
    const { a, b, at, settle, open, pass } = pair(true);
    open(1);
    while (b.deliverRelay());
    expect(a.send(1) && a.send(2, 60_000) && b.send(11)).toBe(true);
    while (a.deliverDirect() || b.deliverDirect());
    expect(a.send(3)).toBe(true);
    pass();
    expect(b.got).toEqual([1, 2, 3]);
    expect(b.send(12)).toBe(true);
    pass();
    expect(a.got).toEqual([11, 12]);
    expect([a.link.isDirect, b.link.isDirect, a.rests, b.rests]).toEqual([true, true, 1, 1]);
    settle();
    a.link.fail(at.now, 1, 'It is told so.');
    settle();
    expect(a.send(4) && b.send(13)).toBe(true);
    settle();
    expect([a.got, b.got]).toEqual([[11, 12, 13], [1, 2, 3, 4]]);
  });

  it('does not miss a relay that breaks after a stall', () => {
    const { a, b, at, settle, open, pass } = pair(true);
    open(1);
    while (b.deliverRelay());
    expect(a.send(1) && b.send(11)).toBe(true);
    for (let i = 0; i < 2; i++) pass();
    for (const end of [a, b]) {
      end.relay = [];
      expect(end.link.tryGoOnAlone()).toBe(true);
    }
    expect(a.send(2) && b.send(12)).toBe(true);
    while (a.deliverDirect() || b.deliverDirect());
    for (const end of [a, b]) end.link.relayIsBack();
    expect(a.send(3)).toBe(true);
    a.direct = [];
    a.link.fail(at.now, 1, 'It is told so.');
    settle();
    expect(a.send(4) && b.send(13)).toBe(true);
    settle();
    expect([a.got, b.got]).toEqual([[11, 12, 13], [1, 2, 3, 4]]);
  });

  it('waits for the relay where the other side knows no marks', () => {
    const { a, b, settle, open, pass } = pair();
    open(1);
    expect(a.send(1)).toBe(true);
    while (a.deliverDirect() || b.deliverDirect());
    expect(a.send(2)).toBe(true);
    pass();
    expect(b.got).toEqual([]);
    settle();
    expect(b.got).toEqual([1, 2]);
  });

  it('loses, doubles and mixes up nothing, whatever happens when', () => {
    let seed = 1;
    const random = (n: number): number => { seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0; return (seed >>> 8) % n; };
    let ways = 0;
    let rests = 0;
    for (let run = 0; run < 200; run++) {
      const { a, b, at, settle, open } = pair(run % 3 > 0);
      let [way, sentA, sentB] = [0, 0, 0];
      // A relay that stalls now and then, for longer than it is waited for.
      const stalls = run % 3 === 2;
      let stalledUntil = 0;
      for (let step = 0; step < 300; step++) {
        at.now += random(stalls ? 60_000 : 20_000);
        if (stalls && random(30) === 0) stalledUntil = at.now + random(4_000_000);
        const event = random(12);
        if ((event === 4 || event === 5) && at.now < stalledUntil) continue;
        if (stalls && event >= 6 && event <= 8) for (let i = random(12); i > 0; i--) (random(2) === 0 ? a : b).deliverDirect();
        if (event < 3) sentA += a.send(sentA + 1, 5 + random(random(4) === 0 ? 65_000 : 500)) ? 1 : 0;
        else if (event === 3) sentB += b.send(sentB + 1, 5 + random(200)) ? 1 : 0;
        else if (event === 4) a.deliverRelay();
        else if (event === 5) b.deliverRelay();
        else if (event < 8) a.deliverDirect();
        else if (event === 8) b.deliverDirect();
        // The patience of one that waits ends the session, which is not looked at here.
        else if (event === 9) for (const end of [a, b].filter((each) => !each.link.isGivenUp)) end.link.tick(at.now);
        else if (event === 10 && a.link.current === 0 && b.link.current === 0) {
          ways++;
          way++;
          for (const end of [a, b]) {
            end.gone = false;
            end.direct = [];
          }
          open(way);
        } else if (event === 11 && random(6) === 0 && a.link.current !== 0) {
          for (const end of [a, b]) {
            end.gone = true;
            end.direct = [];
          }
          (random(2) === 0 ? a : b).link.fail(at.now, way, 'The channel was closed.');
        }
      }
      for (const end of [a, b]) end.gone = true;
      a.link.fail(at.now, way, 'The end.');
      settle();
      expect(b.got).toEqual(Array.from({ length: sentA }, (_, i) => i + 1));
      expect(a.got).toEqual(Array.from({ length: sentB }, (_, i) => i + 1));
      rests += a.rests + b.rests;
    }
    expect(ways).toBeGreaterThan(300);
    expect(rests).toBeGreaterThan(15);
  });

  it.each([
    ['nothing', ''], ['an unknown kind', '25'], ['a handshake', '10'], ['what is said on the relay', '2203000100000000'], ['a mark', '22060001'],
    ['what came on a relay that nobody marked', '2207000100000000'], ['what nobody asked for', '2208000100000001'], ['of another way', '2202000200000000'],
    ['more than was sent', '2202000100000001'], ['a handshake in parts', '2410'], ['an empty part', '23'], ['an empty last part', '24'],
  ])('ends the session at %s', (_, hex) => {
    const { a, at, move } = pair();
    move(1);
    expect(() => a.link.fromDirect(at.now, 1, bytes(hex))).toThrow(ProtocolError);
  });

  it('takes no more than a window before its turn', () => {
    const { a, at } = pair();
    a.link.begin(1);
    a.link.opened(at.now, 1);
    const record = new Uint8Array(16_384).fill(0x20, 0, 1);
    expect(() => { for (let i = 0; i < 100; i++) a.link.fromDirect(at.now, 1, record); }).toThrow(ProtocolError);
  });
});
