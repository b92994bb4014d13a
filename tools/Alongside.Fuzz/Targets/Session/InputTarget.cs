using System.Buffers;
using Alongside.Core.Input;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Session;

/// <summary>What a viewer's mouse and keyboard do.</summary>
public sealed class InputTarget() : ParserTarget("input", "Alongside.Core.Input")
{
    public override IEnumerable<Case> Seeds() => Vectors.Hex("session-messages.json", "input");

    protected override void Parse(ReadOnlySpan<byte> message) => InputMessage.Read(message).Write(new ArrayBufferWriter<byte>());
}
