import { describe, expect, it } from 'vitest';
import { CredentialKind, RefuseReason, type Credential } from '../../../src/core/secure/types.ts';
import { Admission, entranceOf } from '../../../src/core/session/admission.ts';
import type { Start } from '../../../src/core/session/session-output.ts';
import { ask, codeStart, linkStart, room } from './stage.ts';

const second = 1_000_000;
const open: Start = { t: 'open', relay: 'ws://test/relay', ask };
const resumed: Credential = { kind: CredentialKind.resume, place: '0011223344556677', secret: new Uint8Array(32) };

/** A handshake is underway with what a host is met with first, or with this. */
function trying(start: Start, credential?: Credential): { admission: Admission; tried: Credential } {
  const admission = new Admission(start);
  admission.numbered(0, '482', 600);
  const tried = credential ?? admission.first(room);
  admission.begin(tried);
  return { admission, tried };
}

describe('what admits us', () => {
  it('is the link or the code that we were given, our own room\'s link, and a session before all', () => {
    expect(trying(linkStart).tried).toMatchObject({ kind: CredentialKind.link, place: room });
    expect(trying(codeStart('190573')).tried).toMatchObject({ kind: CredentialKind.code, place: '482' });
    const { admission, tried } = trying(open);
    expect(tried).toMatchObject({ kind: CredentialKind.link, place: room });
    admission.secured(resumed);
    expect(admission.first(room)).toBe(resumed);
    expect(admission.isTrying).toBe(false);
  });

  it('is all in the ticket of a reload', () => {
    const { admission } = trying(open);
    admission.secured(resumed);
    const again = new Admission({ t: 'resume', ticket: { relay: '', ask, room, member: 7, token: 't', ...admission.kept } });
    expect(again.kept).toEqual(admission.kept);
    expect(again.isOpener && again.isKnown && again.hasCode(599 * second)).toBe(true);
    expect(again.hasCode(600 * second)).toBe(false);
    expect(entranceOf({ t: 'resume', ticket: { relay: '', ask, room, member: 7, token: 't' } })).toEqual({ t: 'rejoin', room, member: 7, token: 't' });
  });

  it('leads in again by a link when the host has forgotten the session, not by a code', () => {
    for (const [start, kind] of [[linkStart, CredentialKind.link], [codeStart('190573'), undefined], [open, undefined]] as const) {
      const { admission } = trying(start, resumed);
      admission.secured(resumed);
      expect(admission.forget()?.kind).toBe(kind);
      expect(admission.isKnown).toBe(false);
    }
  });
});

describe('a refusal', () => {
  it.each([
    ['of the version', linkStart, RefuseReason.version, 'version'], ['because the host is busy', codeStart('1'), RefuseReason.busy, 'again'],
    ['of our link', linkStart, RefuseReason.credential, 'unknown-link'], ['of our code', codeStart('1'), RefuseReason.credential, 'burnt'],
    ['of our code\'s confirmation', codeStart('1'), RefuseReason.confirmation, 'burnt'],
  ] as const)('%s', (_, start, reason, consequence) => {
    const { admission, tried } = trying(start);
    expect(admission.refused(0, tried, reason)).toBe(consequence);
  });

  it('of a resume: the session is forgotten', () => {
    const { admission } = trying(linkStart, resumed);
    expect(admission.refused(0, resumed, RefuseReason.credential)).toBe('forgotten');
  });

  it('of our own link has the code tried that is out, and nothing once that has lapsed', () => {
    const { admission, tried } = trying(open);
    expect(admission.refused(0, tried, RefuseReason.credential)).toMatchObject({ kind: CredentialKind.code, place: '482' });
    expect(admission.refused(600 * second, tried, RefuseReason.credential)).toBe('stranger');
    expect(admission.refused(0, tried, RefuseReason.confirmation)).toBe('stranger');
  });

  it('of the code that is out burns it once our confirmation has left', () => {
    const { admission, tried } = trying(open);
    const code = admission.refused(0, tried, RefuseReason.credential) as Credential;
    admission.begin(code);
    expect(admission.refused(0, code, RefuseReason.credential)).toBe('stranger');
    expect(admission.isSpending).toBe(false);
    admission.confirm();
    expect(admission.isSpending).toBe(true);
    expect(admission.refused(0, code, RefuseReason.credential)).toBe('burnt');
  });
});

describe('a handshake without an answer', () => {
  it.each([
    ['by a link', linkStart, 'again', 'unproven-link'], ['by a code', codeStart('1'), 'again', 'burnt'], ['in our own room', open, 'stranger', 'stranger'],
  ] as const)('%s, before and after our confirmation', (_, start, before, after) => {
    const { admission, tried } = trying(start);
    expect(admission.failed(tried)).toBe(before);
    admission.confirm();
    expect(admission.failed(tried)).toBe(after);
  });
});
