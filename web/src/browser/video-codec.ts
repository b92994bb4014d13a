import type { VideoCodec, VideoStream } from '../core/codec/video-codec.ts';
import { av1Clip, clipHeight, clipShades, clipWidth, h264Clip } from './probe-clip.ts';
import { within } from './within.ts';

/** Of the highest level that a region may need; what a film needs is said in the film. Constrained baseline, and main profile with 8 bits. */
const codecs = { h264: 'avc1.42e033', av1: 'av01.0.13M.08' } as const;
const clips = { h264: h264Clip, av1: av1Clip } as const;
/** A decoder that answers no sooner holds frames back, or is broken. */
const patience = 5000;
const probePatience = 500;

/** Films by the browser's own decoder, which works beside the worker's thread. */
export class BrowserVideoCodec implements VideoCodec {
  private constructor(private readonly codec: string, private readonly acceleration: HardwareAcceleration) {}

  /**
   * The decoder that gives each frame at once: what the browser prefers, or else one without hardware, which is never clever. Undefined if none does, so that
   * nobody sends what would be shown late.
   */
  static async probe(kind: keyof typeof codecs): Promise<BrowserVideoCodec | undefined> {
    if (typeof VideoDecoder === 'undefined') return undefined;
    for (const acceleration of ['no-preference', 'prefer-software'] as const) {
      const codec = new BrowserVideoCodec(codecs[kind], acceleration);
      if (await codec.givesFramesAtOnce(clips[kind])) return codec;
    }
    return undefined;
  }

  open(width: number, height: number): VideoStream {
    return new BrowserVideoStream(this.config(width, height), width, height, patience);
  }

  private config(width: number, height: number): VideoDecoderConfig {
    return { codec: this.codec, codedWidth: width, codedHeight: height, hardwareAcceleration: this.acceleration, optimizeForLatency: true };
  }

  private async givesFramesAtOnce(clip: readonly string[]): Promise<boolean> {
    const config = this.config(clipWidth, clipHeight);
    let stream: VideoStream | undefined;
    try {
      if ((await within(probePatience, VideoDecoder.isConfigSupported(config))).supported !== true) return false;
      stream = new BrowserVideoStream(config, clipWidth, clipHeight, probePatience);
      for (const [i, frame] of clip.entries()) {
        const pixels = await stream.decode(Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0)), i === 0);
        if (Math.abs((pixels[pixels.length / 2]! & 0xff) - clipShades[i]!) > 8) return false;
      }
      return true;
    } catch {
      return false;
    } finally {
      stream?.close();
    }
  }
}

class BrowserVideoStream implements VideoStream {
  private readonly decoder: VideoDecoder;
  private readonly pixels: Uint32Array<ArrayBuffer>;
  private asked: { answer(frame: VideoFrame): void; refuse(error: Error): void } | undefined;
  private count = 0;
  private canvas: OffscreenCanvasRenderingContext2D | undefined;

  constructor(config: VideoDecoderConfig, private readonly width: number, private readonly height: number, private readonly patience: number) {
    this.pixels = new Uint32Array(width * height);
    this.decoder = new VideoDecoder({
      output: (frame) => {
        const { asked } = this;
        this.asked = undefined;
        if (asked === undefined) frame.close();
        else asked.answer(frame);
      },
      error: (error) => this.asked?.refuse(error),
    });
    this.decoder.configure(config);
  }

  async decode(accessUnit: Uint8Array, isKey: boolean): Promise<Uint32Array> {
    const frame = await within(this.patience, new Promise<VideoFrame>((answer, refuse) => {
      this.asked = { answer, refuse };
      this.decoder.decode(new EncodedVideoChunk({ type: isKey ? 'key' : 'delta', timestamp: this.count++, data: accessUnit }));
    }));
    try {
      const visible = frame.visibleRect;
      if (visible?.width !== this.width || visible.height !== this.height) throw new Error('it has another size');
      await this.read(frame);
      return this.pixels;
    } finally {
      frame.close();
    }
  }

  close(): void {
    if (this.decoder.state !== 'closed') this.decoder.close();
    this.asked?.refuse(new Error('its decoder is closed'));
    this.asked = undefined;
  }

  /** As the browser converts colours best: itself, or where it does not know how, on a canvas. */
  private async read(frame: VideoFrame): Promise<void> {
    if (this.canvas === undefined) {
      try {
        const options = { format: 'RGBA', colorSpace: 'srgb', layout: [{ offset: 0, stride: this.width * 4 }] };
        await within(this.patience, frame.copyTo(this.pixels, options as VideoFrameCopyToOptions));
        return;
      } catch (error) {
        if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      }
    }
    this.canvas ??= new OffscreenCanvas(this.width, this.height).getContext('2d', { alpha: false, willReadFrequently: true }) ?? undefined;
    if (this.canvas === undefined) throw new Error('the browser has no canvas for it');
    this.canvas.drawImage(frame, 0, 0);
    this.pixels.set(new Uint32Array(this.canvas.getImageData(0, 0, this.width, this.height).data.buffer));
  }
}
