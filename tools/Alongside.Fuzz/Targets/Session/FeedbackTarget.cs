using Alongside.Core.Session;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Session;

/// <summary>What a viewer says of its painting.</summary>
public sealed class FeedbackTarget() : ParserTarget("feedback", "Alongside.Core.Session")
{
    public override IEnumerable<Case> Seeds() => Vectors.Hex("session-messages.json", "feedback");

    protected override void Parse(ReadOnlySpan<byte> message) => Painted.Read(message);

    protected override long MemoryFor(ReadOnlySpan<byte> message) => 4096;
}
