using Alongside.Core.Relay;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Relay;

/// <summary>What a client says to the server.</summary>
public sealed class ClientSignalTarget() : ParserTarget("signals-of-clients", "Alongside.Core.Relay")
{
    private const string Id = "AAECAwQFBgcICQoLDA0ODw";

    public override IEnumerable<Case> Seeds() =>
        new ClientSignal[]
        {
            new ClientSignal.Open(1, MemberRole.Host, true), new ClientSignal.Join(1, MemberRole.Viewer, Number: "482"), new ClientSignal.Join(1, MemberRole.Viewer, Room: Id),
            new ClientSignal.Rejoin(1, Id, 2, Id), new ClientSignal.NewNumber(), new ClientSignal.DropNumber(), new ClientSignal.Remove(3), new ClientSignal.Close(),
        }.Select(signal => Vectors.One(SignalJson.Write(signal)));

    protected override void Parse(ReadOnlySpan<byte> message) => SignalJson.ReadClient(SignalJson.Write(SignalJson.ReadClient(message)));
}
