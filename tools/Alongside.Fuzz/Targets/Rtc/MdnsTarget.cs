using Alongside.Fuzz.Cases;
using Alongside.Rtc.Ice;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>An answer to a question of mDNS.</summary>
public sealed class MdnsTarget() : ParserTarget("mdns", "Alongside.Rtc.Ice.MdnsMessage")
{
    public override IEnumerable<Case> Seeds() =>
    [
        Vectors.One([0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, (byte)'a', 5, .. "local"u8, 0, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 0, 2, 9]),
        Vectors.One(MdnsMessage.Ask("a.local")),
    ];

    protected override void Parse(ReadOnlySpan<byte> message) => MdnsMessage.ReadAnswer(message, "a.local");
}
