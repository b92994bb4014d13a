import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chromium, type Browser } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { root } from '../harness/alongside.ts';

let browser: Browser | undefined;
let echo: ChildProcess | undefined;

afterEach(async () => {
  echo?.stdin?.end();
  await browser?.close();
  browser = undefined;
});

// The direct path with a real browser: ICE, DTLS, SCTP and data channels of both, through `lab echo`.
test.each(['answers', 'offers'] as const)('a peer that %s sends back what Chromium sends, small and large, ordered and not', async (role) => {
  const launcher = `${root}/tools/Alongside.Launcher/bin/Release/net10.0/alongside-launcher`;
  const child = spawn(launcher, ['lab', '--root', root, 'echo', ...(role === 'offers' ? ['--offer'] : [])], { stdio: ['pipe', 'pipe', 'ignore'] });
  echo = child;
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  const page = await browser.newPage();
  await page.exposeFunction('say', (message: unknown) => child.stdin.write(`${JSON.stringify(message)}\n`));
  await page.evaluate(`
    window.pc = new RTCPeerConnection();
    pc.onicecandidate = (e) => e.candidate && say({ type: 'candidate', candidate: e.candidate.candidate, sdpMid: e.candidate.sdpMid });
    pc.ondatachannel = (e) => (window.theirs = e.channel);
    window.heard = async (message) => {
      if (message.type === 'candidate') return pc.addIceCandidate({ candidate: message.candidate, sdpMid: message.sdpMid });
      await pc.setRemoteDescription(message);
      if (message.type === 'offer') {
        await pc.setLocalDescription();
        say({ type: 'answer', sdp: pc.localDescription.sdp });
      }
    };
    window.offer = async () => {
      window.first = pc.createDataChannel('first');
      await pc.setLocalDescription();
      say({ type: 'offer', sdp: pc.localDescription.sdp });
    };
    window.round = (channel) => new Promise((resolve) => {
      channel.binaryType = 'arraybuffer';
      const got = [];
      channel.onmessage = (e) => {
        got.push(typeof e.data === 'string' ? e.data : e.data.byteLength + ':' + new Set(new Uint8Array(e.data)).size);
        if (got.length === 3) resolve(got.sort());
      };
      const go = () => { channel.send('hello'); channel.send(new Uint8Array(200000).fill(5)); channel.send(new Uint8Array([1, 2, 3])); };
      if (channel.readyState === 'open') go(); else channel.onopen = go;
    });`);
  createInterface({ input: child.stdout }).on('line', (line) => void page.evaluate(`heard(${line})`).catch(() => undefined));
  if (role === 'answers') {
    await page.evaluate('offer()');
  } else {
    await page.waitForFunction('window.theirs');
  }

  const all = ['200000:1', '3:3', 'hello'];
  expect(await page.evaluate(role === 'answers' ? 'round(first)' : 'round(theirs)')).toEqual(all);
  expect(await page.evaluate(`round(pc.createDataChannel('loose', { ordered: false, maxRetransmits: 10 }))`)).toEqual(all);
});
