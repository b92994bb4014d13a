using Alongside.Core.Link;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Session;

/// <summary>What the two ends of a link tell each other about their paths.</summary>
public sealed class LinkTarget() : ParserTarget("link", "Alongside.Core.Link")
{
    public override IEnumerable<Case> Seeds() => Vectors.Hex("link.json", "words");

    protected override void Parse(ReadOnlySpan<byte> message) => LinkMessage.Read(message);

    protected override long MemoryFor(ReadOnlySpan<byte> message) => 4096;
}
