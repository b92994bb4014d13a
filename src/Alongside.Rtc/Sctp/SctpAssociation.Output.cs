using System.Buffers.Binary;
using Alongside.Rtc.Sctp.Wire;

namespace Alongside.Rtc.Sctp;

// What leaves, in this order: answers to what was asked, the chunks of setting up, then one packet of SACK, control and data at a time.
public sealed partial class SctpAssociation
{
    /// <summary>Answers that wait to leave. A flood of INITs or HEARTBEATs finds the rest dropped.</summary>
    private const int MaxReplies = 8;

    private const ushort HeartbeatInfo = 1;

    private const int HeartbeatLength = 12;

    private readonly Queue<ArraySegment<byte>> replies = new();
    private readonly Stack<byte[]> freeReplies = new();
    private long packetsIn;
    private long packetsOut;
    private long packetsDropped;

    private bool isSetupDue;
    private bool isCookieAckDue;
    private bool isHeartbeatDue;
    private int setupTries;
    private long setupAt = long.MaxValue;
    private long heartbeatAt = long.MaxValue;
    private ulong heartbeatNonce;
    private long heartbeatSentAt = -1;
    private ulong triedNonce;

    /// <summary>0: no try is to be answered.</summary>
    private int triedLength;

    /// <summary>When to poll again though nothing came: microseconds of the clock that is passed in.</summary>
    public long NextTimeout
    {
        get
        {
            if (HasEnded)
            {
                return long.MaxValue;
            }

            long next = Math.Min(setupAt, Math.Min(heartbeatAt, shutdownAt));
            return sender is null || !Stands ? next
                : Math.Min(Math.Min(Math.Min(next, CanTryLengths ? mtu.NextTimeout : long.MaxValue), sender.NextTimeout), Math.Min(receiver!.NextTimeout, reset!.NextTimeout));
        }
    }

    private bool Stands => State is >= SctpState.Established and < SctpState.Ended;

    private bool CanTryLengths => State == SctpState.Established;

    /// <summary>Writes the next packet and gives its length; 0 when there is none now. It may fill the place that is given, which holds <see cref="SctpOptions.MaxPacket"/> at least.</summary>
    public int Poll(long now, Span<byte> packet)
    {
        int length = HasEnded ? WriteReply(packet) : Write(now, packet);
        packetsOut += length > 0 ? 1 : 0;
        return length;
    }

    private int Write(long now, Span<byte> packet)
    {
        RunTimers(now);
        if (WriteReply(packet) is > 0 and var reply)
        {
            return reply;
        }

        if (CanTryLengths && mtu.Due(now, times.Smoothed) is > 0 and var tried && tried <= packet.Length)
        {
            return WriteTry(packet[..tried]);
        }

        packet = packet[..Math.Min(packet.Length, mtu.Current)];
        if (State is SctpState.CookieWait or SctpState.CookieEchoed)
        {
            return WriteSetup(packet);
        }

        if (!Stands)
        {
            return 0;
        }

        var writer = new PacketWriter(packet, options.LocalPort, options.RemotePort, peer.Tag);
        if (isCookieAckDue)
        {
            isCookieAckDue = false;
            writer.Add(ChunkType.CookieAck, 0, 0);
        }

        if (receiver!.IsSackDue || (receiver.NextTimeout != long.MaxValue && queue.HasMore))
        {
            receiver.WriteSack(ref writer);
        }

        reset!.Write(now, ref writer, sender!);
        WriteHeartbeat(now, ref writer);
        WriteShutdown(now, ref writer);
        if (State is SctpState.Established or SctpState.ShutdownPending or SctpState.ShutdownReceived)
        {
            sender!.Write(now, ref writer);
        }

        return writer.IsEmpty ? 0 : writer.Finish(withChecksum: !(options.ZeroChecksum && peer.TakesZeroChecksum));
    }

    private void RunTimers(long now)
    {
        if (now >= setupAt)
        {
            setupTries++;
            StartSetupTimer(now);
        }

        if (!Stands)
        {
            GiveUpIfTooOften(setupTries);
            return;
        }

        sender!.OnTimeout(now);
        receiver!.OnTimeout(now);
        if (now >= heartbeatAt)
        {
            isHeartbeatDue = true;
            heartbeatAt = now + options.HeartbeatInterval;
        }

        if (now >= shutdownAt)
        {
            StartShutdownTimer(now);
        }

        AdvanceShutdown(now);
        GiveUpIfTooOften(sender.TimeoutsInARow);
    }

    private void GiveUpIfTooOften(int tries)
    {
        if (tries > (options.GiveUpAfter ?? int.MaxValue))
        {
            Abort("The peer does not answer.", ErrorCause.UserAbort);
        }
    }

    private void StartSetup(long now)
    {
        setupTries = 0;
        StartSetupTimer(now);
    }

    private void StartSetupTimer(long now)
    {
        isSetupDue = true;
        setupAt = now + Math.Min(options.RtoMax, options.RtoInitial << Math.Min(setupTries, 8));
    }

    private int WriteSetup(Span<byte> packet)
    {
        if (!isSetupDue)
        {
            return 0;
        }

        isSetupDue = false;
        bool isInit = State == SctpState.CookieWait;
        var writer = new PacketWriter(packet, options.LocalPort, options.RemotePort, isInit ? 0 : peer.Tag);
        if (isInit)
        {
            OwnInit(localTag).Write(ref writer, ChunkType.Init, []);
        }
        else
        {
            peerCookie.CopyTo(writer.Add(ChunkType.CookieEcho, 0, peerCookie.Length));
        }

        return writer.Finish(withChecksum: true);
    }

    private void WriteHeartbeat(long now, ref PacketWriter packet)
    {
        if (isHeartbeatDue && packet.Room >= HeartbeatLength)
        {
            isHeartbeatDue = false;
            heartbeatNonce = NewNonce();
            heartbeatSentAt = now;
            AddHeartbeat(ref packet, heartbeatNonce);
        }
    }

    /// <summary>A heartbeat that fills a packet of the length to be tried. Its answer is short, and says that all of it came (RFC 8899 6.2).</summary>
    private int WriteTry(Span<byte> packet)
    {
        var writer = new PacketWriter(packet, options.LocalPort, options.RemotePort, peer.Tag);
        if (triedLength != packet.Length)
        {
            // The same for each try of a length: a late answer to the first is as good.
            triedLength = packet.Length;
            triedNonce = NewNonce();
        }

        AddHeartbeat(ref writer, triedNonce);

        // RFC 4820's PAD is what this should be; a peer that does not know it should pass by, and werift fails. All know an answer, and this one answers nothing.
        var filling = writer.Add(ChunkType.HeartbeatAck, 0, writer.Room);
        filling.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(filling, HeartbeatInfo);
        BinaryPrimitives.WriteUInt16BigEndian(filling[2..], (ushort)filling.Length);
        return writer.Finish(withChecksum: true);
    }

    /// <remarks><code>information parameter: 1:u16  length:u16  nonce:u64</code></remarks>
    private static void AddHeartbeat(ref PacketWriter packet, ulong nonce)
    {
        var value = packet.Add(ChunkType.Heartbeat, 0, HeartbeatLength);
        BinaryPrimitives.WriteUInt16BigEndian(value, HeartbeatInfo);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], HeartbeatLength);
        BinaryPrimitives.WriteUInt64BigEndian(value[4..], nonce);
    }

    private ulong NewNonce()
    {
        Span<byte> nonce = stackalloc byte[8];
        random.Fill(nonce);
        return BinaryPrimitives.ReadUInt64BigEndian(nonce);
    }

    private void OnHeartbeat(ReadOnlySpan<byte> value)
    {
        if (State < SctpState.CookieEchoed || value.Length > options.MaxPacket - 64 || BeginReply() is not { } place)
        {
            return;
        }

        var reply = new PacketWriter(place, options.LocalPort, options.RemotePort, peer.Tag);
        value.CopyTo(reply.Add(ChunkType.HeartbeatAck, 0, value.Length));
        EndReply(place, reply.Finish(withChecksum: true));
    }

    private void OnHeartbeatAck(long now, ReadOnlySpan<byte> value)
    {
        if (value.Length != HeartbeatLength)
        {
            return;
        }

        ulong nonce = BinaryPrimitives.ReadUInt64BigEndian(value[4..]);
        if (heartbeatSentAt >= 0 && nonce == heartbeatNonce)
        {
            times.Measure(now, now - heartbeatSentAt);
            heartbeatSentAt = -1;
        }
        else if (triedLength > 0 && nonce == triedNonce)
        {
            mtu.Arrived(now, triedLength);
            triedLength = 0;
        }
    }

    private void ReplyStaleCookie(uint tag)
    {
        if (BeginReply() is not { } place)
        {
            return;
        }

        var reply = new PacketWriter(place, options.LocalPort, options.RemotePort, tag);
        BinaryPrimitives.WriteUInt64BigEndian(reply.Add(ChunkType.Error, 0, 8), ((ulong)ErrorCause.StaleCookie << 48) | (8UL << 32));
        EndReply(place, reply.Finish(withChecksum: true));
    }

    private byte[]? BeginReply() => replies.Count >= MaxReplies ? null : freeReplies.TryPop(out byte[]? used) ? used : new byte[options.MaxPacket];

    private void EndReply(byte[] place, int length) => replies.Enqueue(new ArraySegment<byte>(place, 0, length));

    private int WriteReply(Span<byte> packet)
    {
        if (!replies.TryDequeue(out var reply))
        {
            return 0;
        }

        reply.AsSpan().CopyTo(packet);
        freeReplies.Push(reply.Array!);
        return reply.Count;
    }
}
