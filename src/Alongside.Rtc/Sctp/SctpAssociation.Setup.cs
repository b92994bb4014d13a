using Alongside.Core.Wire;
using Alongside.Rtc.Sctp.Receiving;
using Alongside.Rtc.Sctp.Sending;
using Alongside.Rtc.Sctp.Wire;

namespace Alongside.Rtc.Sctp;

// INIT -> INIT ACK -> COOKIE ECHO -> COOKIE ACK (RFC 9260 5.1), both ends at once too, and a peer that starts again (5.2). An INIT is answered from what
// it says and forgotten. The first TSN of an end is its tag: both are random, and the cookie need not carry two.
public sealed partial class SctpAssociation
{
    private readonly List<ushort> pendingResets = [];
    private byte[] peerCookie = [];

    /// <summary>Asks the peer for an association. Either end may, and both.</summary>
    public void Connect(long now)
    {
        if (State == SctpState.Closed)
        {
            State = SctpState.CookieWait;
            StartSetup(now);
        }
    }

    private InitChunk OwnInit(uint tag) => new(
        tag, (uint)options.ReceiveWindow, ushort.MaxValue, ushort.MaxValue, tag, HasForwardTsn: true, HasReConfig: true, options.ZeroChecksum);

    private void OnInit(long now, ReadOnlySpan<byte> value)
    {
        var init = InitChunk.Read(value, out _);
        bool stands = State >= SctpState.Established;
        uint tag = stands ? NewTag() : localTag;
        var state = stands ? new StateCookie(now, tag, localTag, peer.Tag, init) : new StateCookie(now, tag, 0, 0, init);
        Span<byte> cookie = stackalloc byte[StateCookie.Length];
        state.Write(cookie, cookieKey);
        if (BeginReply() is not { } place)
        {
            return;
        }

        var reply = new PacketWriter(place, options.LocalPort, options.RemotePort, init.Tag);
        OwnInit(tag).Write(ref reply, ChunkType.InitAck, cookie);
        EndReply(place, reply.Finish(withChecksum: true));
    }

    private void OnInitAck(long now, ReadOnlySpan<byte> value)
    {
        if (State != SctpState.CookieWait)
        {
            return;
        }

        var init = InitChunk.Read(value, out var cookie);
        if (cookie.IsEmpty || cookie.Length > options.MaxPacket - PacketWriter.HeaderLength - ChunkReader.HeaderLength)
        {
            throw new ProtocolException("An INIT ACK had no cookie that could be sent back.");
        }

        peerCookie = cookie.ToArray();
        Meet(init);
        State = SctpState.CookieEchoed;
        StartSetup(now);
    }

    /// <summary>RFC 9260 5.2.4, by its table's letters. False: the rest of the packet belongs to nothing.</summary>
    private bool OnCookieEcho(long now, ReadOnlySpan<byte> value)
    {
        if (!StateCookie.TryRead(value, cookieKey, out var cookie))
        {
            packetsDropped++;
            return false;
        }

        bool isOurs = cookie.LocalTag == localTag, isPeers = cookie.Peer.Tag == peer.Tag;
        if (now - cookie.MadeAt > options.CookieLifetime && !(isOurs && isPeers))
        {
            ReplyStaleCookie(cookie.Peer.Tag);
            return false;
        }

        if (State < SctpState.Established)
        {
            if (!isOurs)
            {
                // C: made before this end knew the peer's present tag.
                return false;
            }

            if (!isPeers || receiver is null)
            {
                // B, or the end that was asked.
                Meet(cookie.Peer);
            }

            Stand(now);
        }
        else if (!isOurs && !isPeers)
        {
            if (cookie.LocalTie != localTag || cookie.PeerTie != peer.Tag)
            {
                return false;
            }

            // A: the peer has started again.
            StartAgain(now, cookie);
        }
        else if (!isOurs || !isPeers)
        {
            return false;
        }

        isCookieAckDue = true;
        return true;
    }

    private void OnCookieAck(long now)
    {
        if (State == SctpState.CookieEchoed)
        {
            Stand(now);
        }
    }

    private void OnError(long now, ReadOnlySpan<byte> value)
    {
        var causes = new ChunkReader(value);
        while (causes.MoveNext())
        {
            if (causes.ParameterType == ErrorCause.StaleCookie && State == SctpState.CookieEchoed)
            {
                State = SctpState.CookieWait;
                StartSetup(now);
            }
        }
    }

    /// <summary>Knows who the peer is: nothing has been exchanged yet.</summary>
    private void Meet(in InitChunk init)
    {
        peer = init;
        receiver?.Close();
        receiver = new Receiver(options, init.InitialTsn);
        sender = new Sender(options, queue, times, mtu, localTag, init);
        reset = new StreamReset(queue, times, events, localTag, init.InitialTsn, init.HasReConfig);
    }

    private void Stand(long now)
    {
        State = SctpState.Established;
        setupAt = long.MaxValue;
        peerCookie = [];
        foreach (ushort stream in pendingResets)
        {
            reset!.Ask(stream);
        }

        heartbeatAt = now + options.HeartbeatInterval;
        mtu.Begin(now);
        events.Enqueue(new SctpEvent(SctpEventKind.Connected));
    }

    private void StartAgain(long now, in StateCookie cookie)
    {
        localTag = cookie.LocalTag;
        queue = new SendQueue();
        times = new RtoEstimator(options);
        pendingResets.Clear();
        Meet(cookie.Peer);
        State = SctpState.Established;
        heartbeatAt = now + options.HeartbeatInterval;
        events.Enqueue(new SctpEvent(SctpEventKind.Restarted));
    }
}
