using Alongside.Core.Relay;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Relay;

/// <summary>Binary messages of the relay, as the server reads them and as a client does.</summary>
public sealed class FramesTarget() : ParserTarget("relay-frames", "Alongside.Core.Relay.RelayFrames")
{
    public override IEnumerable<Case> Seeds() =>
        [Vectors.One(1, 2, 0, 3, 0, 4, 9, 9, 9), Vectors.One(1, 0, 3, 9, 9), Vectors.One(2, 0, 3, 0, 0, 4, 0)];

    protected override void Parse(ReadOnlySpan<byte> message)
    {
        if (message.Length % 2 == 0)
        {
            RelayFrames.ReadFromServer(message, out _, out _, out _);
            return;
        }

        RelayFrames.ReadSend(message, out var receivers, out _);
        for (int i = 0; i < receivers.Length / 2; i++)
        {
            RelayFrames.Receiver(receivers, i);
        }
    }

    protected override long MemoryFor(ReadOnlySpan<byte> message) => 4096;
}
