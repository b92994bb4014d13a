using System.Diagnostics;
using Alongside.Net.Rtc;
using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sdp;

namespace Alongside.Bench.Sctp;

/// <summary>A peer as the product has it: the real driver over real sockets. Fills its channel as far as <see cref="Fill"/> was told, and hands over what comes.</summary>
internal sealed class MeasuredPeer : IPeerOwner, IAsyncDisposable
{
    public const int Message = 64 * 1024;
    private const int Low = 1024 * 1024, High = 2 * Low;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<IceCandidate> candidates = [];
    private readonly byte[] message = new byte[Message];
    private readonly Received received;
    private readonly TaskCompletionSource<DataChannel> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long left;
    private long pathAt;

    /// <param name="sctp">How its association behaves; null: as in the product.</param>
    public MeasuredPeer(bool offers, Received? received = null, SctpOptions? sctp = null)
    {
        this.received = received ?? (_ => { });
        Connection = new(offers, new IceDriverOptions { WithLoopback = true, Ice = new() { Pacing = 20_000 } }, TimeProvider.System, this, sctp: sctp);
        if (offers)
        {
            Connection.Open(new() { Label = "measured" });
        }

        Connection.Start();
    }

    /// <summary>The data is good during the call.</summary>
    public delegate void Received(ReadOnlySpan<byte> data);

    public PeerConnection Connection { get; }

    /// <summary>From the first path to the first message that could pass: DTLS and SCTP, which a restart of ICE alone would not do again.</summary>
    public TimeSpan SetUp { get; private set; }

    /// <summary>With all its candidates: without servers to ask there are no more than at the start.</summary>
    public SessionDescription Description
    {
        get
        {
            lock (candidates)
            {
                return Connection.Describe() with { Candidates = [.. candidates], EndOfCandidates = true };
            }
        }
    }

    /// <summary>Two of this process that have met, the first of which sends.</summary>
    public static (MeasuredPeer From, MeasuredPeer To, DataChannel Channel) Pair(Received received)
    {
        MeasuredPeer from = new(offers: true), to = new(offers: false, received);
        to.Connection.SetRemote(from.Description);
        from.Connection.SetRemote(to.Description);
        return (from, to, from.WaitForChannel());
    }

    public DataChannel WaitForChannel() => opened.Task.WaitAsync(Patience).GetAwaiter().GetResult();

    /// <summary>Sends so many bytes, a megabyte or two ahead of what has left.</summary>
    public void Fill(long bytes)
    {
        left = bytes;
        Fill(WaitForChannel());
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    void IPeerOwner.Happened(IceEvent e)
    {
        if (e is IceEvent.Selected && pathAt == 0)
        {
            pathAt = Stopwatch.GetTimestamp();
        }

        if (e is IceEvent.LocalCandidate local)
        {
            lock (candidates)
            {
                candidates.Add(local.Candidate);
            }
        }
    }

    void IPeerOwner.Opened() => SetUp = Stopwatch.GetElapsedTime(pathAt);

    void IPeerOwner.Happened(in ChannelEvent e)
    {
        switch (e.Kind)
        {
            case ChannelEventKind.Opened or ChannelEventKind.Arrived:
                e.Channel.BufferedLowThreshold = Low;
                opened.TrySetResult(e.Channel);
                break;
            case ChannelEventKind.BufferedLow:
                Fill(e.Channel);
                break;
            case ChannelEventKind.Message:
                received(e.Data);
                break;
        }
    }

    void IPeerOwner.Ended(string reason) => opened.TrySetException(new InvalidOperationException(reason));

    private void Fill(DataChannel channel)
    {
        while (left > 0 && channel.BufferedAmount < High && Connection.TrySend(channel, isText: false, message))
        {
            left -= Message;
        }
    }
}
