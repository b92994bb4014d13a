using System.Diagnostics.CodeAnalysis;
using Alongside.Core.Wire;
using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Receiving;
using Alongside.Rtc.Sctp.Sending;

namespace Alongside.Rtc.DataChannels;

/// <summary>
/// The data channels of one association (RFC 8831, RFC 8832). Opening costs no round trip: messages follow the opening at once, in order until the
/// peer has taken it. A channel closes by resetting its stream, each half for itself. Reads all the association's messages and events.
/// </summary>
public sealed class ChannelSet
{
    private const uint Control = 50, Text = 51, Binary = 53, EmptyText = 56, EmptyBinary = 57;

    /// <summary>Numbers that are given out, and channels a set may have: what browsers hold to as well.</summary>
    public const int Most = 1024;

    private static readonly byte[] Nothing = [0];
    private static readonly SendTerms Reliable = new(Unordered: false);

    private readonly SctpAssociation association;
    private readonly Dictionary<ushort, DataChannel> channels = [];
    private readonly Queue<(ChannelEventKind Kind, DataChannel Channel)> events = new();
    private readonly ushort parity;
    private readonly int most;

    /// <summary>
    /// An opening under the number of a channel of which only the peer's half is over: some take a number again before ours is. Nothing more is read until it is
    /// free, since what follows belongs to the new channel.
    /// </summary>
    private (ushort Id, ChannelTerms Terms)? successor;

    /// <param name="isDtlsClient">Whether ours are the even numbers (RFC 8832, section 6). The peer's may be any that are free.</param>
    /// <param name="most">Channels there may be, of both ends: 1 to <see cref="Most"/>. One more of the peer's ends the association.</param>
    public ChannelSet(SctpAssociation association, bool isDtlsClient, int most = Most)
    {
        this.association = association;
        this.most = most;
        parity = (ushort)(isDtlsClient ? 0 : 1);
    }

    public IReadOnlyCollection<DataChannel> Channels => channels.Values;

    /// <summary>Why the association is no more; null while it is, or is not yet.</summary>
    public string? EndReason { get; private set; }

    /// <summary>Opens a channel; it can be sent on at once. Null when all numbers are taken, or the association has ended.</summary>
    public DataChannel? Open(long now, ChannelTerms terms)
    {
        if (terms.MaxRetransmits is not null && terms.MaxPacketLifetime is not null)
        {
            throw new ArgumentException("A channel has one limit, not two.", nameof(terms));
        }

        for (ushort id = parity; id < Most && channels.Count < most; id += 2)
        {
            if (channels.ContainsKey(id))
            {
                continue;
            }

            if (!association.TrySend(now, id, Control, Reliable, OpenMessage.Write(terms)))
            {
                return null;
            }

            var channel = new DataChannel(id, terms, isOurs: true);
            channels.Add(id, channel);
            return channel;
        }

        return null;
    }

    public bool TrySendText(long now, DataChannel channel, ReadOnlySpan<byte> utf8) => TrySend(now, channel, utf8, Text, EmptyText);

    /// <summary>False: the channel is closed, or too much waits already.</summary>
    public bool TrySend(long now, DataChannel channel, ReadOnlySpan<byte> data) => TrySend(now, channel, data, Binary, EmptyBinary);

    /// <summary>Ends this end's half after what waits has been sent; the peer then ends the other.</summary>
    public void Close(DataChannel channel)
    {
        if (channel.State is not (ChannelState.Closing or ChannelState.Closed))
        {
            channel.State = ChannelState.Closing;
            ResetOurHalf(channel);
        }
    }

    /// <summary>The next thing that has happened. Ask until there is none, after every packet and before waiting.</summary>
    public bool TryPoll(long now, out ChannelEvent happened)
    {
        while (association.TryPollEvent(out var event_))
        {
            OnAssociationEvent(now, event_);
        }

        while (events.Count == 0 && successor is null && association.TryRead(out var message))
        {
            if (OnMessage(now, message, out happened))
            {
                return true;
            }
        }

        // A message may be the last before the end of its stream.
        while (association.TryPollEvent(out var event_))
        {
            OnAssociationEvent(now, event_);
        }

        if (events.Count == 0)
        {
            WatchBuffers();
        }

        bool any = events.TryDequeue(out var next);
        happened = any ? new ChannelEvent { Kind = next.Kind, Channel = next.Channel } : default;
        return any;
    }

    private bool TrySend(long now, DataChannel channel, ReadOnlySpan<byte> data, uint protocol, uint emptyProtocol)
    {
        if (channel.State is ChannelState.Closing or ChannelState.Closed)
        {
            return false;
        }

        // What is out of order could overtake the opening it belongs to (RFC 8832, section 6).
        var terms = channel.Terms.ForMessages with { Unordered = !channel.Terms.IsOrdered && channel.State == ChannelState.Open };
        bool taken = data.IsEmpty
            ? association.TrySend(now, channel.Id, emptyProtocol, terms, Nothing)
            : association.TrySend(now, channel.Id, protocol, terms, data);
        channel.BufferedAmount = association.BufferedOn(channel.Id);
        channel.IsAboveThreshold |= channel.BufferedAmount > channel.BufferedLowThreshold;
        return taken;
    }

    private bool OnMessage(long now, IncomingMessage message, out ChannelEvent happened)
    {
        happened = default;
        if (message.ProtocolId == Control)
        {
            OnControl(now, message);
            return false;
        }

        // On a stream that is no channel there is nobody to read.
        if (!channels.TryGetValue(message.Stream, out var channel) || message.ProtocolId is not (Text or Binary or EmptyText or EmptyBinary))
        {
            return false;
        }

        TakenByPeer(channel);
        bool isEmpty = message.ProtocolId is EmptyText or EmptyBinary;
        happened = new ChannelEvent
        {
            Kind = ChannelEventKind.Message,
            Channel = channel,
            Data = isEmpty ? [] : message.Data,
            IsText = message.ProtocolId is Text or EmptyText,
        };
        return true;
    }

    private void OnControl(long now, IncomingMessage message)
    {
        if (message.Data[0] == OpenMessage.AckType)
        {
            if (channels.TryGetValue(message.Stream, out var opened))
            {
                TakenByPeer(opened);
            }

            return;
        }

        ChannelTerms terms;
        try
        {
            terms = OpenMessage.Read(message.Data);

            if (channels.TryGetValue(message.Stream, out var before) && before.IsTheirHalfDone)
            {
                successor = (message.Stream, terms);
                return;
            }

            // Some peers number by their ICE role: which half a number is of does not matter while it is free.
            if (channels.ContainsKey(message.Stream))
            {
                throw new ProtocolException("A data channel was opened under a number that was not free.");
            }

            if (channels.Count >= most)
            {
                throw new ProtocolException("More data channels were opened than are taken.");
            }
        }
        catch (ProtocolException mistake)
        {
            association.Abort(mistake.Message);
            return;
        }

        Arrived(now, message.Stream, terms);
    }

    private void Arrived(long now, ushort id, ChannelTerms terms)
    {
        var channel = new DataChannel(id, terms, isOurs: false);
        channels.Add(channel.Id, channel);
        events.Enqueue((ChannelEventKind.Arrived, channel));
        association.TrySend(now, channel.Id, Control, Reliable, [OpenMessage.AckType]);
    }

    /// <summary>An acknowledgement, or a message that says as much.</summary>
    private void TakenByPeer(DataChannel channel)
    {
        if (channel.State == ChannelState.Connecting)
        {
            channel.State = ChannelState.Open;
            events.Enqueue((ChannelEventKind.Opened, channel));
        }
    }

    private void OnAssociationEvent(long now, in SctpEvent happened)
    {
        switch (happened.Kind)
        {
            case SctpEventKind.StreamReset when Find(happened.Stream, out var channel):
                channel.State = ChannelState.Closing;
                channel.IsTheirHalfDone = true;
                ResetOurHalf(channel);
                CloseIfDone(now, channel);
                break;
            case SctpEventKind.StreamResetDone when Find(happened.Stream, out var channel):
                channel.IsOurHalfDone = true;
                CloseIfDone(now, channel);
                break;
            case SctpEventKind.Restarted:
                CloseAll();
                break;
            case SctpEventKind.Closed:
                EndReason = happened.Reason;
                CloseAll();
                break;
        }
    }

    private bool Find(ushort id, [NotNullWhen(true)] out DataChannel? channel) => channels.TryGetValue(id, out channel);

    private void ResetOurHalf(DataChannel channel)
    {
        if (!channel.HasSentReset)
        {
            channel.HasSentReset = true;
            association.ResetStream(channel.Id);
        }
    }

    private void CloseIfDone(long now, DataChannel channel)
    {
        if (channel.IsOurHalfDone && channel.IsTheirHalfDone)
        {
            channels.Remove(channel.Id);
            Close(channel, ChannelState.Closed);
            if (successor is { } opening && opening.Id == channel.Id)
            {
                successor = null;
                Arrived(now, opening.Id, opening.Terms);
            }
        }
    }

    private void CloseAll()
    {
        successor = null;
        foreach (var channel in channels.Values)
        {
            Close(channel, ChannelState.Closed);
        }

        channels.Clear();
    }

    private void Close(DataChannel channel, ChannelState state)
    {
        channel.State = state;
        events.Enqueue((ChannelEventKind.Closed, channel));
    }

    private void WatchBuffers()
    {
        foreach (var channel in channels.Values)
        {
            channel.BufferedAmount = association.BufferedOn(channel.Id);
            if (channel.IsAboveThreshold && channel.BufferedAmount <= channel.BufferedLowThreshold)
            {
                channel.IsAboveThreshold = false;
                events.Enqueue((ChannelEventKind.BufferedLow, channel));
            }
        }
    }
}
