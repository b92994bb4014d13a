import { readSdp, writeSdp, type WayCandidate, type WayDescription } from '../core/link/description.ts';
import type { DirectFromPage, DirectToPage } from './bridge.ts';

/** How long a connection lives on behind its way: what was said last is still on it. */
const lastWords = 1000;
/** More than so much waits in a channel only when nothing leaves. */
const mostBuffered = 4 * 1024 * 1024;

/** Whether this browser has connections, which the page alone may make. */
export const canBeDirect = typeof RTCPeerConnection === 'function';

const servers = ({ stun, turn }: Extract<DirectToPage, { t: 'wayDescribe' }>): RTCIceServer[] => [
  ...(stun === undefined ? [] : [{ urls: stun }]),
  ...(turn === undefined ? [] : [{ urls: [...turn.urls], username: turn.username, credential: turn.credential }]),
];

/** How many pairs of addresses were tried for a direct path, and how many of them work. */
export interface PairsTried {
  readonly tried: number;
  readonly answered: number;
}

interface Peer {
  readonly pc: RTCPeerConnection;
  /** The way's one channel has come. */
  isTaken: boolean;
  /** Undefined where the worker has it. */
  channel: RTCDataChannel | undefined;
  /** What is said to the connection is said in order. */
  turn: Promise<void>;
}

/**
 * The page's half of direct ways: connections, which workers may not make. The channel itself goes to the worker where the browser can give it away; elsewhere its messages
 * are handed through here.
 */
export class DirectPeers {
  private readonly peers = new Map<number, Peer>();

  constructor(private readonly post: (message: DirectFromPage, transfer?: Transferable[]) => void) {}

  take(message: DirectToPage): void {
    switch (message.t) {
      case 'wayDescribe': this.describe(message.description, servers(message)); break;
      case 'wayCandidate': this.candidate(message.candidate); break;
      case 'waySend': this.send(message.way, message.bytes); break;
      case 'wayEnd': this.end(message.way); break;
    }
  }

  /** A way that goes by a TURN server is no direct one, and is not called so. Browsers that do not say are believed to be direct. */
  get isRelayed(): boolean {
    return [...this.peers.values()].some(({ pc }) => {
      const pair = pc.connectionState === 'connected' ? pc.sctp?.transport.iceTransport.getSelectedCandidatePair?.() : undefined;
      return pair?.local?.type === 'relay' || pair?.remote?.type === 'relay';
    });
  }

  /** Pairs of addresses that the connections of now have tried; undefined when there are none. */
  async tried(): Promise<PairsTried | undefined> {
    if (this.peers.size === 0) return undefined;
    let [tried, answered] = [0, 0];
    for (const { pc } of this.peers.values()) {
      (await pc.getStats()).forEach((entry: RTCStats) => {
        if (entry.type !== 'candidate-pair') return;
        tried++;
        if ((entry as RTCIceCandidatePairStats).state === 'succeeded') answered++;
      });
    }
    return { tried, answered };
  }

  close(): void {
    for (const way of this.peers.keys()) this.end(way);
  }

  private describe(description: WayDescription, servers: RTCIceServer[]): void {
    const { way } = description;
    let peer: Peer;
    try {
      peer = this.peers.get(way) ?? this.make(way, servers);
    } catch (error) {
      // The page has as many connections as the browser allows, or a server's address is none to this browser.
      this.failed(way, error);
      return;
    }
    this.inTurn(way, peer, async () => {
      await peer.pc.setRemoteDescription({ type: 'offer', sdp: writeSdp(description) });
      await peer.pc.setLocalDescription(await peer.pc.createAnswer());
      const own = readSdp(way, peer.pc.localDescription?.sdp ?? '');
      if (own === undefined) throw new Error('The browser described itself in a way that is not known.');
      this.post({ t: 'wayDescribed', description: own });
    });
  }

  private make(way: number, iceServers: RTCIceServer[]): Peer {
    const pc = new RTCPeerConnection({ iceServers });
    const peer: Peer = { pc, isTaken: false, channel: undefined, turn: Promise.resolve() };
    this.peers.set(way, peer);
    pc.onicecandidate = ({ candidate }) => {
      // An empty one says that these were all.
      if (candidate !== null && candidate.candidate !== '') this.post({ t: 'wayCandidate', candidate: { way, candidate: candidate.candidate } });
    };
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === 'failed' || pc.connectionState === 'closed') this.post({ t: 'wayFailed', way, why: 'The browser found no path, or lost it.' });
    };
    pc.ondatachannel = ({ channel }) => {
      if (peer.isTaken || channel.label !== 'alongside' || channel.protocol !== 'alongside.link.1') channel.close();
      else this.adopt(way, peer, channel);
    };
    return peer;
  }

  private adopt(way: number, peer: Peer, channel: RTCDataChannel): void {
    peer.isTaken = true;
    if (this.giveAway(way, channel)) return;
    peer.channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => this.post({ t: 'wayOpened', way });
    channel.onclose = () => this.post({ t: 'wayFailed', way, why: 'The channel was closed.' });
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data !== 'string') this.post({ t: 'wayMessage', way, bytes: new Uint8Array(data) }, [data]);
    };
    if (channel.readyState === 'open') this.post({ t: 'wayOpened', way });
  }

  /** To the worker, so that no message waits for the page. What the host says before it listens there is a sign of life, which comes again. */
  private giveAway(way: number, channel: RTCDataChannel): boolean {
    try {
      this.post({ t: 'wayChannel', way, channel }, [channel as unknown as Transferable]);
      return true;
    } catch (error) {
      if (error instanceof DOMException || error instanceof TypeError) return false;
      throw error;
    }
  }

  private candidate({ way, candidate }: WayCandidate): void {
    const peer = this.peers.get(way);
    if (peer === undefined) return;
    this.inTurn(way, peer, async () => {
      try {
        await peer.pc.addIceCandidate({ candidate, sdpMid: '0' });
      } catch (error) {
        // One that this browser does not understand is no use to it; others may be.
        if (!(error instanceof DOMException)) throw error;
      }
    });
  }

  private send(way: number, bytes: Uint8Array<ArrayBuffer>): void {
    const channel = this.peers.get(way)?.channel;
    if (channel?.readyState !== 'open' || channel.bufferedAmount > mostBuffered) {
      this.post({ t: 'wayFailed', way, why: 'The channel took no more.' });
      return;
    }
    try {
      channel.send(bytes);
    } catch (error) {
      this.failed(way, error);
    }
  }

  private end(way: number): void {
    const peer = this.peers.get(way);
    if (peer === undefined) return;
    this.peers.delete(way);
    peer.pc.onconnectionstatechange = null;
    peer.pc.onicecandidate = null;
    if (peer.channel !== undefined) peer.channel.onmessage = peer.channel.onclose = null;
    setTimeout(() => peer.pc.close(), lastWords);
  }

  private inTurn(way: number, peer: Peer, work: () => Promise<void>): void {
    peer.turn = peer.turn.then(async () => {
      if (this.peers.get(way) === peer) await work();
    }).catch((error: unknown) => this.failed(way, error));
  }

  private failed(way: number, error: unknown): void {
    this.post({ t: 'wayFailed', way, why: error instanceof Error ? error.message : String(error) });
  }
}
