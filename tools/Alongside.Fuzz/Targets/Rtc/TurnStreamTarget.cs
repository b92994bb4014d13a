using Alongside.Fuzz.Cases;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>What a TURN server sends over TCP or TLS, cut anywhere.</summary>
public sealed class TurnStreamTarget() : Target("turn-stream", "Alongside.Rtc.Turn")
{
    public override bool IsStream => true;

    public override IEnumerable<Case> Seeds()
    {
        var allocated = TurnAnswers.Allocated();
        allocated.WriteIntegrity(TurnAnswers.Key);
        yield return new([TurnAnswers.Challenge().Written.ToArray(), allocated.Written.ToArray(), [0x40, 0, 0, 3, 1, 2, 3, 0]]);
    }

    public override Subject Start() => new TurnSubject(TurnTransport.Tcp);
}
