import { ProtocolError } from '../../wire/reader.ts';
import type { Picture } from '../picture.ts';
import { black } from '../picture.ts';
import type { Op } from './op.ts';
import type { UpdateParts } from './update-parts.ts';

const layerBits = 3;
const stores = 4;
const elsewhere = 8;

/** The most layers of a picture, and the most pixels of all of them together: 128 MiB. */
const maxLayers = 3;
const maxPixels = 2 ** 25;

interface Layer {
  pixels: Uint32Array;
  /** False: nothing was stored since it was forgotten. */
  stored: boolean;
}

/**
 * What was on the screen before and comes back: a rectangle of the picture goes into a layer of the cache, or out of one into the picture.
 *
 *     u8 17 | u16 x | u16 y | u16 width | u16 height
 *     u8 form     bits 0-1: layer; bit 2: the picture's rectangle is stored, else painted; bit 3: the layer's rectangle is elsewhere
 *     u16 x | u16 y     of the layer's rectangle, if elsewhere
 *
 * A layer is as large as the picture, and black before something is stored in it. Its memory is taken with the first store.
 */
export class CachedOp implements Op {
  readonly code = 17;

  private readonly layers: Layer[] = Array.from({ length: maxLayers }, () => ({ pixels: new Uint32Array(0), stored: false }));

  forget(): void {
    for (const layer of this.layers) layer.stored = false;
  }

  beginPicture(): void {
    this.forget();
  }

  decode(parts: UpdateParts, picture: Picture): void {
    const area = parts.readPlace();
    const form = parts.packed.u8();
    if (form > (layerBits | stores | elsewhere)) throw new ProtocolError('A cached rectangle has an unknown form.');
    const kept = (form & elsewhere) !== 0 ? parts.readSource(area) : area;
    const { pixels, width } = picture;
    const at = area.y * width + area.x;
    const keptAt = kept.y * width + kept.x;
    if ((form & stores) !== 0) {
      parts.countStored(area);
      copy(pixels, at, this.open(form & layerBits, picture), keptAt, area.width, area.height, width);
      return;
    }
    parts.countPainted(area);
    const layer = this.layers[form & layerBits];
    if (layer?.stored !== true) throw new ProtocolError('An update paints from a layer in which nothing is.');
    copy(layer.pixels, keptAt, pixels, at, area.width, area.height, width);
  }

  private open(index: number, { pixels }: Picture): Uint32Array {
    const layer = this.layers[index];
    if (layer === undefined || (index + 1) * pixels.length > maxPixels) {
      throw new ProtocolError('An update stores in a layer that its picture does not have.');
    }
    if (!layer.stored) {
      if (layer.pixels.length !== pixels.length) layer.pixels = new Uint32Array(pixels.length);
      layer.pixels.fill(black);
      layer.stored = true;
    }
    return layer.pixels;
  }
}

function copy(source: Uint32Array, from: number, target: Uint32Array, to: number, columns: number, rows: number, width: number): void {
  for (const end = from + rows * width; from < end; from += width, to += width) {
    // A few pixels are copied sooner one by one.
    if (columns < 24) for (let i = 0; i < columns; i++) target[to + i] = source[from + i]!;
    else target.set(source.subarray(from, from + columns), to);
  }
}
