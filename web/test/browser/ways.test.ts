import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DirectFromPage } from '../../src/browser/bridge.ts';
import { DirectPeers } from '../../src/browser/direct-peers.ts';
import { WayChannels } from '../../src/browser/way-channels.ts';

class ChannelDouble {
  readonly label = 'alongside';
  readonly protocol = 'alongside.link.1';
  readyState = 'open';
  bufferedAmount = 0;
  isClosed = false;
  refuses: Error | undefined;
  readonly sent: Uint8Array[] = [];

  send(bytes: Uint8Array): void {
    if (this.refuses !== undefined) throw this.refuses;
    this.sent.push(bytes);
  }

  close(): void {
    this.isClosed = true;
  }

  get real(): RTCDataChannel {
    return this as unknown as RTCDataChannel;
  }
}

const full = new DOMException('The send queue is full.', 'OperationError');

describe('channels in the worker', () => {
  function channels(): { ways: WayChannels; told: string[] } {
    const told: string[] = [];
    return { told, ways: new WayChannels({ opened: (way) => told.push(`opened ${way}`), message: () => undefined, failed: () => undefined }) };
  }

  it('say that a channel takes no more, also when it does so by throwing', () => {
    const { ways } = channels();
    const channel = new ChannelDouble();
    ways.add(3, channel.real);
    expect(ways.send(3, new Uint8Array(4))).toBe(true);
    channel.refuses = full;
    expect(ways.send(3, new Uint8Array(4))).toBe(false);
    expect(ways.send(4, new Uint8Array(4))).toBeUndefined();
  });

  it('are one a way: a second is closed, and the first stays', () => {
    const { ways, told } = channels();
    const [first, second] = [new ChannelDouble(), new ChannelDouble()];
    ways.add(3, first.real);
    ways.add(3, second.real);
    ways.send(3, new Uint8Array(4));
    expect([told, first.isClosed, second.isClosed, first.sent.length]).toEqual([['opened 3'], false, true, 1]);
    ways.end(3);
    ways.add(3, new ChannelDouble().real);
    expect(told).toEqual(['opened 3', 'opened 3']);
  });
});

describe('connections in the page', () => {
  let made: { ondatachannel: ((event: { channel: ChannelDouble }) => void) | undefined }[] = [];
  let posted: DirectFromPage[] = [];
  let canGive = true;

  beforeEach(() => {
    made = [];
    posted = [];
    canGive = true;
    vi.stubGlobal('RTCPeerConnection', class {
      ondatachannel: ((event: { channel: ChannelDouble }) => void) | undefined;

      constructor() {
        made.push(this);
      }

      setRemoteDescription(): Promise<void> { return new Promise(() => undefined); }
    });
  });
  afterEach(() => { vi.unstubAllGlobals(); });

  function peers(): DirectPeers {
    const all = new DirectPeers((message, transfer) => {
      if (transfer !== undefined && !canGive) throw new DOMException('A channel cannot be given away.', 'DataCloneError');
      posted.push(message);
    });
    all.take({
      t: 'wayDescribe', stun: undefined, turn: undefined,
      description: { way: 3, ufrag: 'abcd', pwd: 'a'.repeat(22), fingerprint: 'A'.repeat(43), setup: 'actpass' },
    });
    return all;
  }

  it.each([true, false])('take one channel a way, whether it can be given to the worker or not: %s', (gives) => {
    canGive = gives;
    peers();
    const channels = [new ChannelDouble(), new ChannelDouble(), new ChannelDouble()];
    for (const channel of channels) made[0]?.ondatachannel?.({ channel });
    expect(channels.map((channel) => channel.isClosed)).toEqual([false, true, true]);
    expect(posted.map((message) => message.t)).toEqual([gives ? 'wayChannel' : 'wayOpened']);
  });

  it('say that a way failed when the browser makes no connection', () => {
    vi.stubGlobal('RTCPeerConnection', class {
      constructor() {
        throw new SyntaxError('turn:nowhere is not a valid URL');
      }
    });
    peers();
    expect(posted).toEqual([{ t: 'wayFailed', way: 3, why: 'turn:nowhere is not a valid URL' }]);
  });

  it('say that a way failed when its channel throws', () => {
    canGive = false;
    const all = peers();
    const channel = new ChannelDouble();
    made[0]?.ondatachannel?.({ channel });
    channel.refuses = full;
    all.take({ t: 'waySend', way: 3, bytes: new Uint8Array(4) });
    expect(posted.at(-1)).toEqual({ t: 'wayFailed', way: 3, why: 'The send queue is full.' });
  });
});
