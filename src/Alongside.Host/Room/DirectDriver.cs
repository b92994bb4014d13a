using System.Net.NetworkInformation;
using Alongside.Core.Link;
using Alongside.Core.Session;
using Alongside.Host.Loop;
using Alongside.Net.Direct;

namespace Alongside.Host.Room;

/// <summary>
/// Direct ways to viewers: does what the room wants done about them, and brings it what becomes of them, on the loop's thread. Messages leave on the loop's thread, straight into the way's
/// socket.
/// </summary>
internal sealed class DirectDriver : IDirectSink, IDirectWays, IAsyncDisposable
{
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
            case HostEventKind.WayEnded:
                log(WayWords.Ended(e.Guest, ways.Report(e.Way), e.Text!));
                ways.End(e.Way);
                break;
        }
    }

    public bool TrySend(ushort member, int way, ReadOnlySpan<byte> message) => ways.TrySend(member, way, message);

    public long? RoundTrip(ushort member, int way) => ways.RoundTrip(member, way);

    public (long Sent, long Lost) Counts(ushort member, int way) => ways.Counts(member, way);

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

    private void AddressesChanged(object? sender, EventArgs e) => inbox.Post(now => Room!.AddressesChanged(now));
}
