import { ProtocolError } from '../../wire/reader.ts';
import type { Picture } from '../picture.ts';
import { GlyphBook } from '../glyphs/glyph-book.ts';
import type { Op } from './op.ts';
import type { ByteCursor, UpdateParts } from './update-parts.ts';

// What a byte among the symbols says; below `far` it is a slot of the book.
const far = 192;
const define = 208;
const replace = 209;
const line = 210;
const gap = 211;
const drop = 212;
const fresh = 213;
const end = 214;
const shortGap = 216;
const leastGap = -8;

const maxColours = 4096;
const maxPlace = 2 ** 20;

/**
 * Text: paper, and symbols on it that both sides have seen before, or that are defined where they are first needed.
 *
 *     u8 18 | u16 x | u16 y | u16 width | u16 height | u8 r, g, b of the paper | tokens (docs/protocol/codec.md), the last of them the end
 */
export class GlyphOp implements Op {
  readonly code = 18;

  private readonly book = new GlyphBook();
  private readonly palette = new Uint32Array(maxColours);
  private colours = 0;

  forget(): void {
    this.book.forget();
    this.colours = 0;
  }

  decode(parts: UpdateParts, picture: Picture): void {
    const { book } = this;
    const { packed } = parts;
    const area = parts.readArea();
    const paper = parts.readColour();
    const right = area.x + area.width;
    const bottom = area.y + area.height;
    for (let y = area.y; y < bottom; y++) picture.pixels.fill(paper, y * picture.width + area.x, y * picture.width + right);

    let baseline = area.y;
    let cursor = area.x;
    let previous = -1;
    let givenGap: number | undefined;
    let givenDrop: number | undefined;
    for (let token = packed.u8(); token !== end; token = packed.u8()) {
      if (token === line) {
        baseline = within(baseline + readSigned(packed));
        cursor = within(area.x + readSigned(packed));
        previous = -1;
        givenGap = undefined;
        continue;
      }
      if (token === gap || token >= shortGap) {
        givenGap = token === gap ? readSigned(packed) : token - shortGap + leastGap;
        continue;
      }
      if (token === drop) {
        givenDrop = (packed.u8() << 24) >> 24;
        continue;
      }
      if (token === fresh) {
        this.colours = 0;
        continue;
      }
      if (token > replace) throw new ProtocolError('An update has an unknown token among its symbols.');

      let slot = token;
      if (token === define || token === replace) {
        slot = token === define ? book.count : packed.u16();
        this.define(slot, parts);
      } else if (token >= far) {
        slot = ((token - far) << 8) | packed.u8();
      }
      if (slot >= book.count) throw new ProtocolError('An update has a symbol that was not defined.');
      if (givenDrop !== undefined) book.drops[slot] = givenDrop;
      const before = givenGap ?? (previous < 0 ? 0 : book.gapBetween(previous, slot));
      if (previous >= 0) book.remember(previous, slot, before);
      const x = cursor + before;
      const y = baseline + book.drops[slot]!;
      const width = book.widths[slot]!;
      const height = book.heights[slot]!;
      if (x < area.x || y < area.y || x + width > right || y + height > bottom) {
        throw new ProtocolError('An update has a symbol that is not on its paper.');
      }
      parts.countSymbol(width * height);
      book.paint(slot, picture, x, y);
      cursor = x + width;
      previous = slot;
      givenGap = undefined;
      givenDrop = undefined;
    }
  }

  private define(slot: number, parts: UpdateParts): void {
    const { packed } = parts;
    const form = packed.u8();
    const width = packed.u8();
    const height = packed.u8();
    const lower = (packed.u8() << 24) >> 24;
    const added = readNumber(packed);
    if (form > 1 || this.colours + added > maxColours) throw new ProtocolError('A symbol has an unknown form or too many colours.');
    for (let i = 0; i < added; i++) this.palette[this.colours++] = parts.readColour();
    const pixels = this.book.define(slot, width, height, lower);
    const count = width * height;
    const low = packed.take(count);
    const high = form === 1 ? packed.take(count) : -1;
    const { bytes } = packed;
    for (let i = 0; i < count; i++) {
      const place = high < 0 ? bytes[low + i]! : bytes[low + i]! | (bytes[high + i]! << 8);
      if (place >= this.colours) throw new ProtocolError('A symbol has a colour that is not there.');
      pixels[i] = this.palette[place]!;
    }
  }
}

/** Whatever is outside the paper is refused when a symbol is placed; this stays far from where numbers end. */
function within(place: number): number {
  if (Math.abs(place) >= maxPlace) throw new ProtocolError('An update has a line out of range.');
  return place;
}

/** The sign in the lowest bit. */
function readSigned(packed: ByteCursor): number {
  const value = readNumber(packed);
  return (value >> 1) ^ -(value & 1);
}

/** Seven bits a byte, the lowest first, at most three of them. */
function readNumber(packed: ByteCursor): number {
  let value = 0;
  for (let shift = 0; shift < 21; shift += 7) {
    const next = packed.u8();
    value |= (next & 0x7f) << shift;
    if (next < 0x80) return value;
  }
  throw new ProtocolError('An update has a number that is too long.');
}
