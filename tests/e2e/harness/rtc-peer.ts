/**
 * The other peer, in whatever has an RTCPeerConnection: a page, or a library of Node. Each function is sent to a page as its source, so it uses nothing
 * but its arguments and `globalThis`.
 */

/** What a peer needs to be tried: one field a function of the page. */
export interface PeerState { pc: RTCPeerConnection; log: string[]; hush?: () => Promise<string> }

/** Begins: an offer with a channel, or the answer to one. Gives the description with its candidates in it. */
export async function begin(offer: string | null): Promise<string> {
  const scope = globalThis as unknown as { peer: PeerState };
  const pc = new RTCPeerConnection({});
  scope.peer = { pc, log: [] };
  pc.ondatachannel = (event) => { scope.peer.log.push(`arrived ${event.channel.label}`); };
  if (offer === null) {
    pc.createDataChannel('first');
    await pc.setLocalDescription(await pc.createOffer());
  } else {
    await pc.setRemoteDescription({ type: 'offer', sdp: offer });
    await pc.setLocalDescription(await pc.createAnswer());
  }
  const end = Date.now() + 4000;
  while (pc.iceGatheringState !== 'complete' && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return pc.localDescription!.sdp;
}

export async function answer(sdp: string): Promise<void> {
  await (globalThis as unknown as { peer: PeerState }).peer.pc.setRemoteDescription({ type: 'answer', sdp });
}

/** Another description of the same session, with its candidates in it: an offer that begins ICE anew, or the answer to one. */
export async function again(offer: string | null): Promise<string> {
  const { pc } = (globalThis as unknown as { peer: PeerState }).peer;
  if (offer === null) {
    await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
  } else {
    await pc.setRemoteDescription({ type: 'offer', sdp: offer });
    await pc.setLocalDescription(await pc.createAnswer());
  }
  const end = Date.now() + 4000;
  while (pc.iceGatheringState !== 'complete' && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return pc.localDescription!.sdp;
}

/** The names by which both ends know each other in ICE. */
export function names(): string {
  const { pc } = (globalThis as unknown as { peer: PeerState }).peer;
  return [pc.localDescription, pc.remoteDescription].map((one) => /a=ice-ufrag:(\S+)/.exec(one!.sdp)?.[1]).join(' ');
}

/** Opens a channel and goes on counting aloud on it, until `hush`. */
export async function talk(): Promise<void> {
  const { peer } = globalThis as unknown as { peer: PeerState };
  const channel = peer.pc.createDataChannel('kept');
  const echoes: string[] = [];
  let said = 0;
  channel.onmessage = (event) => { echoes.push(event.data as string); };
  const late = Date.now() + 20_000;
  while (channel.readyState !== 'open' && Date.now() < late) await new Promise((resolve) => setTimeout(resolve, 10));
  const timer = setInterval(() => { channel.send(`${said++}`); }, 20);
  peer.hush = async () => {
    clearInterval(timer);
    const end = Date.now() + 20_000;
    while (echoes.length < said && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    return echoes.length === said && echoes.every((echo, i) => echo === `${i}`) ? '' : `${said} were said, and came back as ${echoes.join()}`;
  };
}

/** Stops talking. What did not come back as it was said, or nothing. */
export async function hush(): Promise<string> {
  return await (globalThis as unknown as { peer: PeerState }).peer.hush!();
}

export async function addCandidates(candidates: { candidate?: string; sdpMid?: string; sdpMLineIndex?: number }[]): Promise<void> {
  for (const each of candidates) {
    await (globalThis as unknown as { peer: PeerState }).peer.pc.addIceCandidate({ candidate: each.candidate ?? '', sdpMid: each.sdpMid ?? '0' });
  }
}

/**
 * Text, nothing, bytes and the largest message over every kind of channel; closed and opened again. What went wrong, or nothing. What is never sent again may
 * be lost, since a socket holds fewer packets than a large message has: there each message is said until it is answered.
 */
export async function exercise(largest: number, empties: boolean): Promise<string[]> {
  const { pc } = (globalThis as unknown as { peer: PeerState }).peer;
  const wrong: string[] = [];
  const wait = async (is: () => boolean, what: () => string, patience = 20_000): Promise<void> => {
    const end = Date.now() + patience;
    while (!is()) {
      if (Date.now() > end) throw new Error(`${what()}: never. ${pc.iceConnectionState}, ${pc.connectionState}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const kinds: [string, RTCDataChannelInit][] = [
    ['ordered', {}], ['unordered', { ordered: false }], ['unreliable', { ordered: false, maxRetransmits: 0 }], ['lifetime', { maxPacketLifeTime: 3000 }],
    ['again', {}],
  ];
  try {
    for (const [label, terms] of kinds) {
      const channel = pc.createDataChannel(label, { ...terms, protocol: 'lab' });
      channel.binaryType = 'arraybuffer';
      const got: unknown[] = [];
      let closed = false;
      channel.onmessage = (event) => { got.push(event.data); };
      channel.onclose = () => { closed = true; };
      await wait(() => channel.readyState === 'open', () => `${label} opens`);
      const big = new Uint8Array(largest).map((_, i) => (i * 31 + (i >> 8)) & 255);
      const sent: (string | Uint8Array)[] = ['hello', 'ünïcode ☃', new Uint8Array([0, 1, 2, 255]), ...(empties ? ['', new Uint8Array(0)] : []), big];
      const text = (value: unknown): string => typeof value === 'string' ? `"${value}"` : Array.from(new Uint8Array(value as ArrayBuffer)).reduce((sum, byte) => (sum * 33 + byte) % 4294967291, 5381).toString();
      const echoes = (): string => `${label} echoes ${sent.length} (got ${got.length})`;
      if (terms.maxRetransmits === 0) {
        for (const each of sent) {
          let said = 0;
          await wait(() => {
            if (Date.now() - said > 500) { said = Date.now(); channel.send(each as never); }
            return got.some((one) => text(one) === text(each));
          }, echoes);
        }
      } else {
        for (const each of sent) channel.send(each as never);
        await wait(() => got.length === sent.length, echoes);
      }
      const [want, have] = [sent.map(text), terms.maxRetransmits === 0 ? [...new Set(got.map(text))] : got.map(text)];
      if (terms.ordered === false) { want.sort(); have.sort(); }
      if (want.join() !== have.join()) wrong.push(`${label}: ${have.join().slice(0, 200)} instead of ${want.join().slice(0, 200)}`);
      channel.close();
      await wait(() => closed || channel.readyState === 'closed', () => `${label} closes`);
    }
  } catch (error) {
    wrong.push(String(error));
  }
  return wrong;
}

/** Megabits a second of an echo of many messages. */
export async function measure(megabytes: number): Promise<number> {
  const { pc } = (globalThis as unknown as { peer: PeerState }).peer;
  const channel = pc.createDataChannel('bulk');
  channel.binaryType = 'arraybuffer';
  const message = new Uint8Array(65536);
  const all = megabytes * 16;
  let got = 0, sent = 0;
  await new Promise((resolve) => { channel.onopen = resolve; });
  const start = performance.now();
  channel.bufferedAmountLowThreshold = 1_000_000;
  const more = (): void => { while (sent < all && channel.bufferedAmount < 4_000_000) { channel.send(message); sent++; } };
  channel.onbufferedamountlow = more;
  await new Promise<void>((resolve) => { channel.onmessage = () => { if (++got === all) resolve(); else more(); }; more(); });
  return (megabytes * 8.388608) / ((performance.now() - start) / 1000);
}

export function finish(): void { (globalThis as unknown as { peer: PeerState }).peer.pc.close(); }
