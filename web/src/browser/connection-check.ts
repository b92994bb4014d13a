import { readStunPorts, type Findings, type OwnAddress } from '../core/check/findings.ts';
import { measureRelay } from './relay-trial.ts';

const patience = 10_000;

/**
 * Tries from this browser what a session needs: 1. the server's pages; 2. its relay, by a WebSocket that says nothing, and then by two
 * that send each other something; 3. WebRTC, by the addresses that STUN gives
 * at both of the server's ports. Tells after each what is known.
 */
export async function checkConnection(tell: (found: Findings) => void, stop: AbortSignal): Promise<void> {
  let found: Findings = { webRtc: typeof RTCPeerConnection === 'function' };
  const add = (more: Partial<Findings>): void => {
    found = { ...found, ...more };
    if (!stop.aborted) tell(found);
  };
  add({});
  const server = await askServer(stop);
  add({ serverMs: server?.took ?? false });
  if (server === undefined || stop.aborted) return;
  const relayMs = await askRelay(stop);
  add({ relayMs: relayMs ?? false });
  if (relayMs !== undefined && !stop.aborted) {
    const relayIs = await measureRelay(relayUrl(), AbortSignal.any([stop, AbortSignal.timeout(patience)]));
    if (relayIs !== undefined) add({ relayIs });
  }
  if (!found.webRtc || stop.aborted) return;
  // On the machine itself there is no network to ask about.
  add(await gather(location.hostname, isHere(location.hostname) ? [] : server.stun, stop));
}

const isHere = (host: string): boolean => host === 'localhost' || host === '[::1]' || host.startsWith('127.');

async function askServer(stop: AbortSignal): Promise<{ took: number; stun: readonly number[] } | undefined> {
  const began = performance.now();
  try {
    const answer = await fetch('/api/server', { cache: 'no-store', signal: AbortSignal.any([stop, AbortSignal.timeout(patience)]) });
    if (!answer.ok) return undefined;
    const facts: unknown = await answer.json();
    return { took: performance.now() - began, stun: readStunPorts(facts) };
  } catch {
    return undefined; // Not there, too slow, or no server of ours.
  }
}

const relayUrl = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/relay`;

/** Milliseconds until it was open. */
async function askRelay(stop: AbortSignal): Promise<number | undefined> {
  const began = performance.now();
  const socket = new WebSocket(relayUrl(), 'alongside.relay.1');
  try {
    return await new Promise<number | undefined>((done) => {
      socket.onopen = () => done(performance.now() - began);
      socket.onerror = () => done(undefined);
      AbortSignal.any([stop, AbortSignal.timeout(patience)]).onabort = () => done(undefined);
    });
  } finally {
    socket.close();
  }
}

/** What this browser would tell the other side of itself. */
async function gather(host: string, ports: readonly number[], stop: AbortSignal): Promise<Partial<Findings>> {
  const connection = new RTCPeerConnection(ports.length === 0 ? {} : { iceServers: [{ urls: ports.map((port) => `stun:${host}:${port}`) }] });
  const addresses: OwnAddress[] = [];
  let unanswered = 0;
  try {
    const isOver = new Promise<boolean>((done) => {
      connection.onicecandidate = ({ candidate }) => {
        if (candidate === null) done(true);
        else if (candidate.candidate !== '' && candidate.protocol === 'udp') {
          addresses.push({ kind: candidate.type === 'srflx' ? 'seen' : 'own', address: candidate.address ?? '', port: candidate.port ?? 0 });
        }
      };
      connection.onicecandidateerror = () => { unanswered++; };
      AbortSignal.any([stop, AbortSignal.timeout(patience)]).onabort = () => done(false);
    });
    connection.createDataChannel('check');
    await connection.setLocalDescription(await connection.createOffer());
    // A browser that is still asking after so long has had no answer.
    if (!await isOver && !addresses.some(({ kind }) => kind === 'seen')) unanswered++;
  } finally {
    connection.close();
  }
  return { addresses, askedStun: ports.length > 0, stunUnanswered: unanswered };
}
