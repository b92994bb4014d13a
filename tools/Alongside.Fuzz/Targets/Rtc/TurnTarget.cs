using Alongside.Fuzz.Cases;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>What a TURN server answers, with the proof that the password gives: a server that lies has it too (<see cref="SignedStun"/>).</summary>
public sealed class TurnTarget() : Target("turn", "Alongside.Rtc")
{
    public override IEnumerable<Case> Seeds()
    {
        byte[] challenge = SignedStun.RawToCase(TurnAnswers.Challenge().Written), allocated = SignedStun.ToCase(TurnAnswers.Allocated());
        var bound = new StunWriter(new byte[256], StunMethod.ChannelBind, StunClass.Success, default);
        byte[] open = SignedStun.ToCase(bound), data = SignedStun.RawToCase(0x40, 0, 0, 3, 1, 2, 3);
        var indication = new StunWriter(new byte[256], StunMethod.Data, StunClass.Indication, default);
        indication.WriteXorAddress(StunAttribute.XorPeerAddress, TurnAnswers.Server.WithPort(7));
        indication.Write(StunAttribute.Data, [1, 2, 3]);
        var moved = new StunWriter(new byte[256], StunMethod.Allocate, StunClass.Error, default);
        moved.WriteError(StunError.TryAlternate, "");
        moved.WriteAddress(StunAttribute.AlternateServer, TurnAnswers.Server.WithPort(3479));
        var refused = new StunWriter(new byte[256], StunMethod.Allocate, StunClass.Error, default);
        refused.WriteError(StunError.AllocationQuotaReached, "");
        return
        [
            new([challenge, allocated, open, data, SignedStun.RawToCase(indication.Written)]),
            new([challenge, SignedStun.ToCase(moved), challenge, allocated]),
            new([challenge, SignedStun.ToCase(refused)]),
        ];
    }

    public override Subject Start() => new TurnSubject(TurnTransport.Udp);
}
