using Alongside.Rtc.Turn;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>A client of a TURN server that sends as it hears.</summary>
internal sealed class TurnSubject(TurnTransport transport) : Subject
{
    private readonly TurnClient client = new(1, new(transport, TurnAnswers.Server, "user", "pass"), new Zeros());
    private long now = 1;

    public override void Take(ReadOnlySpan<byte> message)
    {
        now += 1000;
        client.Handle(now, transport == TurnTransport.Udp ? SignedStun.FromCase(message, static _ => TurnAnswers.Key) : message);
        client.Send(now, TurnAnswers.Server.WithPort(7), [1, 2, 3]);
        client.HandleTimeout(now);
        while (client.TryTakeData(out _, out _) || client.TryPoll(out _) || client.TryPollEvent(out _))
        {
        }
    }

    public override long MemoryFor(ReadOnlySpan<byte> message) => 1024 * 1024;
}
