import type { EndReason } from '../session/state.ts';

/** What a closed socket means: the end, with words, or a break to recover from. */
export type Closing =
  | { t: 'end'; reason: EndReason; text: string }
  | { t: 'break'; wait: number };

/** Microseconds before trying again after the server asked for patience. */
const patience = 10_000_000;

/** relay.md, "Close codes". `entered`: this member had its place, so a break is worth recovering from. */
export function readClose(code: number, entered: boolean): Closing {
  switch (code) {
    case 4400: return end('protocol', 'The server did not understand what this page sent.');
    case 4401: return end('no-room', 'The server no longer keeps our place in this room.');
    case 4404: return end('no-room', entered ? 'The room has ended.' : 'There is no such room: the code is wrong, or its time is over.');
    case 4405: return end('protocol', 'Only the one who opened the room may do that.');
    case 4409: return end('replaced', 'This session was opened in another tab or window.');
    case 4410: return end('closed', 'The room was closed.');
    case 4411: return end('removed', 'The other side ended this session.');
    case 4413: return end('protocol', 'The server refused a message for its size.');
    case 4423: return end('no-room', 'The room already has everybody it may have.');
    case 4429: return entered ? { t: 'break', wait: patience } : end('slow-down', 'Too many tries from this network. Wait a minute.');
    case 4430: return end('protocol', 'More was sent than the server allowed.');
    default: return { t: 'break', wait: 0 };
  }
}

function end(reason: EndReason, text: string): Closing {
  return { t: 'end', reason, text };
}
