using System.Net;
using Alongside.Fuzz.Cases;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>What a TURN server sends over TCP or TLS, cut anywhere.</summary>
public sealed class TurnStreamTarget() : Target("turn-stream", "Alongside.Rtc.Turn")
{
    private static readonly TransportAddress Server = new(IPAddress.Parse("192.0.2.1"), 3478);

    public override bool IsStream => true;

    public override IEnumerable<Case> Seeds()
    {
        var allocated = TurnAnswers.Allocated(Server);
        allocated.WriteIntegrity(LongTermCredential.MakeKey("user", "realm"u8, "pass", PasswordAlgorithm.Md5));
        yield return new([TurnAnswers.Challenge().Written.ToArray(), allocated.Written.ToArray(), [0x40, 0, 0, 3, 1, 2, 3, 0]]);
    }

    public override Subject Start() => new Client();

    private sealed class Client : Subject
    {
        private readonly TurnClient client = new(1, new(TurnTransport.Tcp, Server, "user", "pass"), new Zeros());
        private long now = 1;

        public override void Take(ReadOnlySpan<byte> message)
        {
            client.Handle(++now, message);
            client.Send(now, Server.WithPort(7), [1, 2, 3]);
            while (client.TryTakeData(out _, out _) || client.TryPoll(out _) || client.TryPollEvent(out _))
            {
            }
        }

        public override long MemoryFor(ReadOnlySpan<byte> message) => 1024 * 1024;
    }
}
