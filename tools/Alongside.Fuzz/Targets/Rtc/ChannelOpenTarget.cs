using Alongside.Fuzz.Cases;
using Alongside.Rtc.DataChannels;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>DATA_CHANNEL_OPEN, from whom nothing is known but that DTLS let them in.</summary>
public sealed class ChannelOpenTarget() : ParserTarget("channel-open", "Alongside.Rtc.DataChannels")
{
    public override IEnumerable<Case> Seeds() =>
    [
        Vectors.One(OpenMessage.Write(new ChannelTerms { Label = "chat", Protocol = "p" })),
        Vectors.One(OpenMessage.Write(new ChannelTerms { IsOrdered = false, MaxRetransmits = 0 })),
        Vectors.One(OpenMessage.Write(new ChannelTerms { Label = "ü", MaxPacketLifetime = 3000 })),
    ];

    protected override void Parse(ReadOnlySpan<byte> message) => OpenMessage.Read(message);
}
