/** More than so much waits in a channel only when nothing leaves. */
const mostBuffered = 4 * 1024 * 1024;

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

  add(way: number, channel: RTCDataChannel): void {
    this.channels.set(way, channel);
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => this.listener.opened(way);
    channel.onclose = () => this.listener.failed(way, 'The channel was closed.');
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data !== 'string') this.listener.message(way, new Uint8Array(data));
    };
    if (channel.readyState === 'open') this.listener.opened(way);
  }

  /** Undefined: the channel is not here but in the page. */
  send(way: number, message: Uint8Array): boolean | undefined {
    const channel = this.channels.get(way);
    if (channel === undefined) return undefined;
    if (channel.readyState !== 'open' || channel.bufferedAmount > mostBuffered) return false;
    channel.send(message as Uint8Array<ArrayBuffer>);
    return true;
  }

  end(way: number): void {
    const channel = this.channels.get(way);
    if (channel !== undefined) channel.onopen = channel.onclose = channel.onmessage = null;
    this.channels.delete(way);
  }
}
