using System.Net.NetworkInformation;
using Alongside.Core.Link;
using Alongside.Core.Session;
using Alongside.Host.Doctor.Running;
using Alongside.Host.Loop;
using Alongside.Net.Direct;
using Alongside.Rtc.Ice;

namespace Alongside.Host.Room;

/// <summary>
/// Direct ways to viewers: does what the room wants done about them, and brings it what becomes of them, on the loop's thread. Messages leave on the loop's thread, straight into the way's
/// socket.
/// </summary>
internal sealed class DirectDriver : IDirectSink, IDirectWays, IAsyncDisposable
{
    /// <summary>Ends of ways that are remembered: who asks wants to know why a session is not direct.</summary>
    private const int MostEnds = 32;

    private readonly Queue<WayEnd> ends = new();
    private readonly DirectWays ways;
    private readonly Inbox inbox;
    private readonly Action<string> log;

    /// <param name="log">Takes what became of ways, in words, on the loop's thread.</param>
    public DirectDriver(DirectOptions options, Inbox inbox, Action<string> log)
    {
        this.inbox = inbox;
        this.log = log;
        ways = new(options, TimeProvider.System, this);
        NetworkChange.NetworkAddressChanged += AddressesChanged;
    }

    /// <summary>Whose ways they are; set before anything happens.</summary>
    public HostRoom? Room { get; set; }

    public void Handle(long now, HostEvent e)
    {
        switch (e.Kind)
        {
            case HostEventKind.WayBegins:
                ways.Begin(e.Member, e.Way);
                break;
            case HostEventKind.WaySignal:
                ways.Hear(e.Member, e.Way, e.Signal!);
                break;
            case HostEventKind.WayEnded when e.Guest == 0:
                // Its guest has left before it, which was said.
                ways.End(e.Way);
                break;
            case HostEventKind.WayEnded:
                var end = new WayEnd(e.Guest, ways.Report(e.Way), ways.Nat(e.Way), e.Text!);
                log(WayWords.Ended(end.Guest, end.Report, end.Why));
                Remember(end);
                ways.End(e.Way);
                break;
        }
    }

    public bool TrySend(ushort member, int way, ReadOnlySpan<byte> message) => ways.TrySend(member, way, message);

    public long? RoundTrip(ushort member, int way) => ways.RoundTrip(member, way);

    public (long Sent, long Lost) Counts(ushort member, int way) => ways.Counts(member, way);

    /// <summary>What is known of the ways to a guest; on the loop's thread.</summary>
    public WayFacts Facts(int guest, int way)
    {
        var last = ends.LastOrDefault(end => end.Guest == guest);
        return new(ways.Report(way), ways.Nat(way) is not NatKind.Unknown and var nat ? nat : last?.Nat ?? NatKind.Unknown, last);
    }

    public async ValueTask DisposeAsync()
    {
        NetworkChange.NetworkAddressChanged -= AddressesChanged;
        await ways.DisposeAsync();
    }

    void IDirectSink.Say(ushort member, int way, ControlMessage signal) => inbox.Post(now => Room!.Signal(now, member, way, signal));

    void IDirectSink.Opened(ushort member, int way) => inbox.Post(now =>
    {
        if (Room!.WayOpened(now, member, way) is { } guest)
        {
            log(WayWords.Opened(guest, ways.Report(way)));
        }
    });

    bool IDirectSink.Received(ushort member, int way, ReadOnlySpan<byte> message) => inbox.TryPostDirect(member, way, message);

    void IDirectSink.Failed(ushort member, int way, string why) => inbox.Post(now => Room!.WayFailed(now, member, way, why));

    void IDirectSink.Wrong(ushort member, int way, string reason) => inbox.Post(now => Room!.WayWrong(now, member, way, reason));

    private void Remember(WayEnd end)
    {
        if (ends.Count == MostEnds)
        {
            ends.Dequeue();
        }

        ends.Enqueue(end);
    }

    private void AddressesChanged(object? sender, EventArgs e) => inbox.Post(now => Room!.AddressesChanged(now));
}
