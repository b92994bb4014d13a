import { ProtocolError, WireReader } from '../wire/reader.ts';
import { WireWriter } from '../wire/writer.ts';

/** The first byte of what the two ends of a link tell each other; of a part of a payload, and of its last part. */
export const LinkKind = { word: 0x22, part: 0x23, lastPart: 0x24 } as const;

export const LinkWord = { over: 1, heard: 2, back: 3, ask: 4, answer: 5, mark: 6, came: 7, rest: 8 } as const;
export type LinkWord = (typeof LinkWord)[keyof typeof LinkWord];

/** The most bytes of a message on the channel: a slow line shows signs of life while something large is on it. */
export const maxOnChannel = 16_384;

/** `0x22 | u8 word | u16 way [| u32 count]`; `over` and `mark` have no count, `ask` and `answer` have a number in its place. */
export interface LinkMessage {
  readonly word: LinkWord;
  readonly way: number;
  readonly count: number;
}

const isWord = (word: number): word is LinkWord => word >= LinkWord.over && word <= LinkWord.rest;
const hasCount = (word: LinkWord): boolean => word !== LinkWord.over && word !== LinkWord.mark;

export function writeLink({ word, way, count }: LinkMessage): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter().u8(LinkKind.word).u8(word).u16(way);
  return hasCount(word) ? writer.u32(count).done() : writer.done();
}

export function readLink(message: Uint8Array): LinkMessage {
  const reader = new WireReader(message);
  if (reader.u8() !== LinkKind.word) throw new ProtocolError('A message of the link was of an unknown kind.');
  const word = reader.u8();
  if (!isWord(word)) throw new ProtocolError('A message of the link said something unknown.');
  const way = reader.u16();
  const count = hasCount(word) ? reader.u32() : 0;
  reader.end();
  if (way === 0) throw new ProtocolError('A way is counted from one.');
  return { word, way, count };
}
