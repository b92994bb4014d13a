using Alongside.Core.Session;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Session;

/// <summary>Text that somebody copied.</summary>
public sealed class ClipboardTarget() : ParserTarget("clipboard", "Alongside.Core.Session")
{
    public override IEnumerable<Case> Seeds() => Vectors.Hex("session-messages.json", "clipboard");

    protected override void Parse(ReadOnlySpan<byte> message) => ClipboardMessage.Read(message);

    protected override long MemoryFor(ReadOnlySpan<byte> message) => 4096 + (4L * message.Length);
}
