import { describe, expect, it } from 'vitest';
import { CredentialKind } from '../../../src/core/secure/types.ts';
import { Conversation, type ConversationOwner } from '../../../src/core/session/conversation.ts';
import { Channel } from '../../../src/core/session/messages.ts';

const second = 1_000_000;
const details = {
  checkDigits: '418 207', peerCapabilities: [], credentialKind: CredentialKind.link, place: 'R', resumed: false,
  resumeCredential: { kind: CredentialKind.resume, place: 'S', secret: new Uint8Array(32) },
};

/** Says that the road is broken, or nothing, when a host that sends something every second answers the first ping after so many seconds. */
function silentAfter(answer: number): number | undefined {
  let now = 0;
  let silent: number | undefined;
  const owner: ConversationOwner = {
    send: () => true, isBlocked: false, isDirect: false, pendingBytes: 0, run: () => undefined, show: () => undefined,
    refused: () => undefined, end: () => undefined, signalled: () => undefined, silent: () => { silent ??= now / second; },
  };
  const nothing = { update: () => undefined, desktop: () => undefined, cursor: () => undefined, clipboard: () => undefined, notice: () => undefined, health: () => undefined };
  const talk = new Conversation(nothing, owner);
  talk.begin(now, details, { name: 'Anna', view: true, control: true, clipboard: true });
  for (; now <= 20 * second && silent === undefined; now += second) {
    talk.heardFrom(now);
    if (now === answer * second) talk.message(now, Channel.control, new TextEncoder().encode('{"t":"pong","n":1}'));
    talk.tick(now);
  }
  return silent;
}

describe('a ping without an answer', () => {
  it('means a broken road in the end, however much the host sends: what we say does not arrive', () => {
    expect(silentAfter(100)).toBe(15);
  });

  it('means nothing yet while pictures come: the answer stands behind them on a slow line', () => {
    expect(silentAfter(14)).toBeUndefined();
  });
});
