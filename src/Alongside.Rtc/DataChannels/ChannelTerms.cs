using Alongside.Rtc.Sctp.Sending;

namespace Alongside.Rtc.DataChannels;

/// <summary>What a data channel is opened with. At most one of the limits is set.</summary>
public sealed record ChannelTerms
{
    public string Label { get; init; } = "";

    public string Protocol { get; init; } = "";

    public bool IsOrdered { get; init; } = true;

    /// <summary>How often a piece of a message is sent again; null: until it arrives.</summary>
    public int? MaxRetransmits { get; init; }

    /// <summary>Milliseconds after which a message is given up; null: never.</summary>
    public int? MaxPacketLifetime { get; init; }

    internal SendTerms ForMessages => new(!IsOrdered, MaxRetransmits, MaxPacketLifetime * 1000L);
}
