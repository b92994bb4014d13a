namespace Alongside.Rtc.DataChannels;

public enum ChannelEventKind
{
    /// <summary>The peer has opened a channel.</summary>
    Arrived,

    /// <summary>The peer has taken a channel of ours.</summary>
    Opened,

    /// <summary>A whole message; see <see cref="ChannelEvent.Data"/>.</summary>
    Message,

    BufferedLow,

    /// <summary>Both halves have ended; the number is free.</summary>
    Closed,
}

/// <summary>What has happened on a channel. The data is good until the next event is asked for.</summary>
public readonly ref struct ChannelEvent
{
    public required ChannelEventKind Kind { get; init; }

    public required DataChannel Channel { get; init; }

    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Whether the message is text in UTF-8, not bytes.</summary>
    public bool IsText { get; init; }
}
