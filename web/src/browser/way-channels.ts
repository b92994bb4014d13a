/** More than so much waits in a channel only when nothing leaves. */
const mostBuffered = 4 * 1024 * 1024;

/** Before our first word the other side says nothing but that it is there. */
const mostEarly = 16;

/** What the session is told of channels. */
export interface ChannelListener {
  opened(way: number): void;
  message(way: number, bytes: Uint8Array): void;
  failed(way: number, why: string): void;
}

/** Channels of direct ways in the session's worker, in browsers that can give them to it. */
export class WayChannels {
  private readonly channels = new Map<number, RTCDataChannel>();

  constructor(private readonly listener: ChannelListener) {}

  /** A way has one channel; another is closed. */
  add(way: number, channel: RTCDataChannel): void {
    if (this.channels.has(way)) {
      channel.close();
      return;
    }
    this.channels.set(way, channel);
    channel.binaryType = 'arraybuffer';
    // A channel that was given away may bring the first messages before it says that it is open.
    const early: Uint8Array[] = [];
    let open = false;
    const opened = (): void => {
      if (open) return;
      open = true;
      this.listener.opened(way);
      for (const message of early.splice(0)) this.listener.message(way, message);
    };
    channel.onopen = opened;
    channel.onclose = () => this.listener.failed(way, 'The channel was closed.');
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data === 'string') return;
      if (open) this.listener.message(way, new Uint8Array(data));
      else if (early.length < mostEarly) early.push(new Uint8Array(data));
    };
    if (channel.readyState === 'open') opened();
  }

  /** Undefined: the channel is not here but in the page. */
  send(way: number, message: Uint8Array): boolean | undefined {
    const channel = this.channels.get(way);
    if (channel === undefined) return undefined;
    if (channel.readyState !== 'open' || channel.bufferedAmount > mostBuffered) return false;
    try {
      channel.send(message as Uint8Array<ArrayBuffer>);
      return true;
    } catch (error) {
      // Browsers have bounds of their own, which `bufferedAmount` does not tell.
      if (error instanceof DOMException || error instanceof TypeError) return false;
      throw error;
    }
  }

  end(way: number): void {
    const channel = this.channels.get(way);
    if (channel !== undefined) channel.onopen = channel.onclose = channel.onmessage = null;
    this.channels.delete(way);
  }
}
