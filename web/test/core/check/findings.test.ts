import { describe, expect, it } from 'vitest';
import { natOf, reachOf, readStunPorts, type Findings, type OwnAddress } from '../../../src/core/check/findings.ts';

const own = (address: string): OwnAddress => ({ kind: 'own', address, port: 40_000 });
const seen = (address: string, port: number): OwnAddress => ({ kind: 'seen', address, port });
const found = (addresses: OwnAddress[], more: Partial<Findings> = {}): Findings => ({ webRtc: true, serverMs: 5, relayMs: 5, addresses, askedStun: true, ...more });

describe('what a check of the connection means', () => {
  it('says nothing of what is still being tried', () => {
    expect(natOf({ webRtc: true })).toBeUndefined();
    expect(reachOf({ webRtc: true, serverMs: 5 })).toBeUndefined();
  });

  it('takes one port outside for one address inside as one that others can be told', () => {
    expect(natOf(found([own('a.local'), seen('203.0.113.7', 40_000)]))).toBe('same');
    expect(reachOf(found([own('a.local'), seen('203.0.113.7', 40_000)]))).toBe('most');
  });

  it('knows a port for each destination', () => {
    const hard = found([own('a.local'), seen('203.0.113.7', 1025), seen('203.0.113.7', 1026)]);
    expect(natOf(hard)).toBe('symmetric');
    expect(reachOf(hard)).toBe('few');
  });

  it('does not take two cards behind one router for that', () => {
    expect(natOf(found([own('a.local'), own('b.local'), seen('203.0.113.7', 1025), seen('203.0.113.7', 1026)]))).toBe('same');
    expect(natOf(found([own('a.local'), seen('203.0.113.7', 1025), seen('2001:db8::7', 1026)]))).toBe('same');
  });

  it('calls UDP blocked when questions went unanswered, and the network open when they were answered with the own address', () => {
    expect(natOf(found([own('a.local')], { stunUnanswered: 2 }))).toBe('blocked');
    expect(reachOf(found([own('a.local')], { stunUnanswered: 2 }))).toBe('nobody');
    expect(natOf(found([own('203.0.113.7')]))).toBe('none');
  });

  it('claims nothing without STUN, and no direct path without WebRTC', () => {
    expect(reachOf(found([own('a.local')], { askedStun: false }))).toBe('unknown');
    expect(reachOf({ webRtc: false })).toBe('nobody');
  });

  it.each([[{ stun: [3478, 3479] }, [3478, 3479]], [{ stun: [0, 65_536, 1.5, '7', null] }, []], [{ stun: 3478 }, []], [{}, []], [null, []], ['x', []], [{ stun: [1, 2, 3, 4, 5] }, [1, 2, 3, 4]]])(
    'reads the ports of %j', (facts, ports) => { expect(readStunPorts(facts)).toEqual(ports); });
});
