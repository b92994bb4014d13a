using Alongside.Core.Session;
using Alongside.Core.Wire;
using Alongside.Net.Rtc;
using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Sdp;

namespace Alongside.Net.Direct;

/// <summary>One way: a connection and its one channel. What is done to it is done in order, on the pool.</summary>
internal sealed class DirectWay(
    ushort member, int way, bool offers, IDirectSink sink, Func<IPeerOwner, bool, Task<PeerConnection>> make) : IPeerOwner, IAsyncDisposable
{
    private const string Label = "alongside";
    private const string Protocol = "alongside.link.1";

    private readonly Lock gate = new();
    private Task work = Task.CompletedTask;
    private volatile PeerConnection? peer;
    private volatile DataChannel? channel;
    private bool hasDescribed;

    public void Start() => InOrder(async () =>
    {
        peer = await make(this, offers);
        if (offers)
        {
            peer.Open(new() { Label = Label, Protocol = Protocol });
            Describe();
            peer.Start();
        }
    });

    public void Hear(ControlMessage signal) => InOrder(() =>
    {
        switch (signal)
        {
            case ControlMessage.Direct said:
                peer!.SetRemote(Read(said));
                if (!offers && !hasDescribed)
                {
                    Describe();
                    peer.Start();
                }

                break;
            case ControlMessage.Candidate said when CandidateLine.Read(said.Line) is { } candidate:
                peer!.AddRemote(candidate);
                break;
        }

        return Task.CompletedTask;
    });

    public bool TrySend(ReadOnlySpan<byte> message) => channel is { } open && peer!.TrySend(open, isText: false, message);

    public IceReport? Report() => peer?.Report();

    public NatKind Nat => peer?.Nat ?? NatKind.Unknown;

    public long? RoundTrip => peer?.LastRoundTrip;

    public (long Sent, long Lost) Counts => peer?.Statistics() is { } seen ? (seen.ChunksSent, seen.Retransmitted) : default;

    public async ValueTask DisposeAsync()
    {
        InOrder(async () =>
        {
            if (peer is { } over)
            {
                await over.DisposeAsync();
            }
        });
        Task last;
        lock (gate)
        {
            last = work;
        }

        await last;
    }

    void IPeerOwner.Happened(IceEvent e)
    {
        switch (e)
        {
            case IceEvent.LocalCandidate local:
                sink.Say(member, way, new ControlMessage.Candidate(way, CandidateLine.Write(local.Candidate)));
                break;
            case IceEvent.Restarted restarted when hasDescribed:
                Describe(restarted.Credentials);
                break;
            case IceEvent.StateChanged { State: IceState.Disconnected or IceState.Failed } when channel is not null:
                sink.Failed(member, way, "Nothing came over it any more.");
                break;
        }
    }

    void IPeerOwner.Opened()
    {
    }

    void IPeerOwner.Happened(in ChannelEvent e)
    {
        switch (e.Kind)
        {
            case ChannelEventKind.Opened or ChannelEventKind.Arrived when channel is null && e.Channel.Terms is { Label: Label, Protocol: Protocol, IsOrdered: true, MaxRetransmits: null, MaxPacketLifetime: null }:
                channel = e.Channel;
                sink.Opened(member, way);
                break;
            case ChannelEventKind.Message when e.Channel == channel && !sink.Received(member, way, e.Data):
                sink.Failed(member, way, "More came over it than could be taken in.");
                break;
            case ChannelEventKind.Closed when e.Channel == channel:
                sink.Failed(member, way, "The channel was closed.");
                break;
        }
    }

    void IPeerOwner.Ended(string reason) => sink.Failed(member, way, reason);

    private static SessionDescription Read(ControlMessage.Direct said) => new(
        "0",
        new(said.Ufrag, said.Pwd),
        said.Fingerprint,
        said.Setup switch
        {
            "active" => DtlsSetup.Active,
            "passive" => DtlsSetup.Passive,
            _ => DtlsSetup.ActPass,
        },
        Pacing: said.Pacing);

    private void Describe(IceCredentials? restarted = null)
    {
        var own = peer!.Describe(restarted);
        hasDescribed = true;
        sink.Say(member, way, new ControlMessage.Direct(
            way,
            own.Ice.UsernameFragment,
            own.Ice.Password,
            own.Fingerprint,
            own.Setup switch
            {
                DtlsSetup.Active => "active",
                DtlsSetup.Passive => "passive",
                _ => "actpass",
            },
            own.Pacing));
    }

    private void InOrder(Func<Task> what)
    {
        lock (gate)
        {
            work = Guarded(work, what);
        }

        async Task Guarded(Task before, Func<Task> next)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                await next();
            }
            catch (ProtocolException wrong)
            {
                sink.Wrong(member, way, wrong.Message);
            }
            catch (Exception failed) when (failed is not OutOfMemoryException)
            {
                // A machine without OpenSSL 3, or without a socket to spare, stays on the relay; and whatever else is wrong, what is done next must be.
                sink.Failed(member, way, failed.Message);
            }
        }
    }
}
