import { afterEach, expect, test, vi } from 'vitest';
import { BrowserPictureCodec } from '../../src/browser/picture-codec.ts';

class FakeCanvas {
  static made: FakeCanvas[] = [];

  constructor(public width: number, public height: number) {
    FakeCanvas.made.push(this);
  }

  getContext(): unknown {
    return { drawImage: () => undefined, getImageData: (_x: number, _y: number, width: number, height: number) => ({ data: new Uint8ClampedArray(width * height * 4) }) };
  }
}

/** The platform, which decodes every file to a bitmap of this size. */
function platform(width: number, height: number): void {
  vi.stubGlobal('createImageBitmap', () => Promise.resolve({ width, height, close: () => undefined }));
}

afterEach(() => vi.unstubAllGlobals());

test('one canvas grows with what is decoded, and never beyond what a picture may be', async () => {
  vi.stubGlobal('OffscreenCanvas', FakeCanvas);
  FakeCanvas.made = [];
  const codec = new BrowserPictureCodec();
  for (const [width, height] of [[100, 10], [10, 200], [16384, 2], [2, 16384], [16384, 2000], [2000, 16384]] as const) {
    platform(width, height);
    expect(await codec.decode(new Uint8Array(), width, height)).toHaveLength(width * height);
    const { width: wide, height: high } = FakeCanvas.made[0]!;
    expect(wide >= width && high >= height).toBe(true);
    expect(wide * high).toBeLessThanOrEqual(8192 * 4320);
  }
  expect(FakeCanvas.made).toHaveLength(1);
});

test('a bitmap of another size is refused', async () => {
  vi.stubGlobal('OffscreenCanvas', FakeCanvas);
  platform(16384, 16384);
  await expect(new BrowserPictureCodec().decode(new Uint8Array(), 8, 8)).rejects.toThrow('another size');
});
