using System.Net;
using Alongside.Fuzz.Cases;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>What a TURN server answers, with the proof that the password gives: a server that lies has it too (<see cref="SignedStun"/>).</summary>
public sealed class TurnTarget() : Target("turn", "Alongside.Rtc")
{
    private static readonly TransportAddress Server = new(IPAddress.Parse("192.0.2.1"), 3478);
    private static readonly byte[] Key = LongTermCredential.MakeKey("user", "realm"u8, "pass", PasswordAlgorithm.Md5);

    public override IEnumerable<Case> Seeds()
    {
        byte[] challenge = SignedStun.RawToCase(TurnAnswers.Challenge().Written), allocated = SignedStun.ToCase(TurnAnswers.Allocated(Server));
        var bound = new StunWriter(new byte[256], StunMethod.ChannelBind, StunClass.Success, default);
        byte[] open = SignedStun.ToCase(bound), data = SignedStun.RawToCase(0x40, 0, 0, 3, 1, 2, 3);
        var indication = new StunWriter(new byte[256], StunMethod.Data, StunClass.Indication, default);
        indication.WriteXorAddress(StunAttribute.XorPeerAddress, Server.WithPort(7));
        indication.Write(StunAttribute.Data, [1, 2, 3]);
        var moved = new StunWriter(new byte[256], StunMethod.Allocate, StunClass.Error, default);
        moved.WriteError(StunError.TryAlternate, "");
        moved.WriteAddress(StunAttribute.AlternateServer, Server.WithPort(3479));
        var refused = new StunWriter(new byte[256], StunMethod.Allocate, StunClass.Error, default);
        refused.WriteError(StunError.AllocationQuotaReached, "");
        return
        [
            new([challenge, allocated, open, data, SignedStun.RawToCase(indication.Written)]),
            new([challenge, SignedStun.ToCase(moved), challenge, allocated]),
            new([challenge, SignedStun.ToCase(refused)]),
        ];
    }

    public override Subject Start() => new Client();

    private sealed class Client : Subject
    {
        private readonly TurnClient client = new(1, new(TurnTransport.Udp, Server, "user", "pass"), new Zeros());
        private long now = 1;

        public override void Take(ReadOnlySpan<byte> message)
        {
            now += 1000;
            client.Handle(now, SignedStun.FromCase(message, static _ => Key));
            client.Send(now, Server.WithPort(7), [1, 2, 3]);
            client.HandleTimeout(now);
            while (client.TryTakeData(out _, out _) || client.TryPoll(out _) || client.TryPollEvent(out _))
            {
            }
        }

        public override long MemoryFor(ReadOnlySpan<byte> message) => 1024 * 1024;
    }
}
