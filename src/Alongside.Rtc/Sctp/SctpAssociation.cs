using System.Buffers.Binary;
using Alongside.Core.Secure;
using Alongside.Core.Wire;
using Alongside.Rtc.Sctp.Receiving;
using Alongside.Rtc.Sctp.Sending;
using Alongside.Rtc.Sctp.Wire;

namespace Alongside.Rtc.Sctp;

/// <summary>
/// One SCTP association (RFC 9260) as a state machine: packets and the time go in, packets, messages and events come out. After every call, and at
/// <see cref="NextTimeout"/>, its owner polls until there is no more packet. Times in microseconds of any clock that does not go back.
/// </summary>
/// <remarks>
/// Data out: <see cref="TrySend"/> -> SendQueue -> Sender -> <see cref="Poll"/>. Data in: <see cref="Handle"/> -> Receiver -> <see cref="TryRead"/>.
/// Setting up and starting again: SctpAssociation.Setup.cs; ending: .Closing.cs; what leaves and when: .Output.cs.
/// </remarks>
public sealed partial class SctpAssociation
{
    private readonly SctpOptions options;
    private readonly IRandomSource random;
    private readonly byte[] cookieKey = new byte[32];
    private readonly Queue<SctpEvent> events = new();
    private SendQueue queue = new();
    private readonly PathMtu mtu;
    private RtoEstimator times;
    private Sender? sender;
    private Receiver? receiver;
    private StreamReset? reset;

    private uint localTag;
    private InitChunk peer;

    public SctpAssociation(SctpOptions options, IRandomSource random)
    {
        (this.options, this.random) = (options, random);
        random.Fill(cookieKey);
        localTag = NewTag();
        times = new RtoEstimator(options);
        mtu = new PathMtu(options.MaxPacket, options.MaxTried);
    }

    public SctpState State { get; private set; }

    /// <summary>Whether messages can come and go.</summary>
    public bool IsOpen => State == SctpState.Established;

    public bool HasEnded => State == SctpState.Ended;

    /// <summary>Bytes given to <see cref="TrySend"/> that have not left.</summary>
    public long Buffered => queue.Buffered;

    public SctpStatistics Statistics => new(
        times.Smoothed, sender?.CongestionWindow ?? 0, sender?.BytesInFlight ?? 0, sender?.Retransmitted ?? 0, packetsIn, packetsOut, packetsDropped,
        sender?.ChunksSent ?? 0, mtu.Current);

    public long BufferedOn(ushort stream) => queue.Stream(stream).Buffered;

    /// <summary>
    /// Takes a message to be sent; also before the association stands. False: too much waits already, or it has ended. An empty message SCTP does not
    /// have: who needs one says so in the protocol (RFC 8831 6.6).
    /// </summary>
    public bool TrySend(long now, ushort stream, uint protocolId, in SendTerms terms, ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfZero(data.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, options.MaxMessage);
        if (State > SctpState.Established || queue.Held + data.Length > options.SendBuffer)
        {
            return false;
        }

        queue.Add(stream, protocolId, terms, now, data);
        return true;
    }

    /// <summary>Ends this end's half of streams, after what waits on them has been sent (RFC 6525).</summary>
    public void ResetStream(ushort stream)
    {
        pendingResets.Add(stream);
        reset?.Ask(stream);
    }

    /// <summary>Packets take another path from now on, of which nothing is known.</summary>
    public void PathChanged(long now)
    {
        if (Stands)
        {
            triedLength = 0;
            mtu.Begin(now);
        }
    }

    /// <summary>The next whole message. It is good until the next call.</summary>
    public bool TryRead(out IncomingMessage message)
    {
        message = null!;
        return receiver is not null && receiver.TryRead(out message);
    }

    public bool TryPollEvent(out SctpEvent happened) => events.TryDequeue(out happened);

    /// <summary>Takes a packet. What is not a packet of this association is dropped; what the peer may not do ends it.</summary>
    public void Handle(long now, ReadOnlySpan<byte> packet)
    {
        if (HasEnded || !IsWhole(packet))
        {
            packetsDropped++;
            return;
        }

        packetsIn++;
        receiver?.OnPacket();
        try
        {
            HandleChunks(now, BinaryPrimitives.ReadUInt32BigEndian(packet[4..]), packet);
        }
        catch (ProtocolException mistake)
        {
            Abort(mistake.Message, ErrorCause.ProtocolViolation);
        }
    }

    private bool IsWhole(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < PacketWriter.HeaderLength + ChunkReader.HeaderLength
            || BinaryPrimitives.ReadUInt16BigEndian(packet) != options.RemotePort || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != options.LocalPort)
        {
            return false;
        }

        uint sum = BinaryPrimitives.ReadUInt32LittleEndian(packet[8..]);
        bool needsNone = sum == 0 && options.ZeroChecksum && packet[PacketWriter.HeaderLength] is not (ChunkType.Init or ChunkType.CookieEcho);
        return needsNone || sum == Crc32c.OfPacket(packet);
    }

    private void HandleChunks(long now, uint tag, ReadOnlySpan<byte> packet)
    {
        var chunks = new ChunkReader(packet[PacketWriter.HeaderLength..]);
        bool isFirst = true;
        while (!HasEnded && chunks.MoveNext())
        {
            if (!IsTagRight(tag, chunks, isFirst))
            {
                packetsDropped++;
                return;
            }

            if (!HandleChunk(now, chunks.Type, chunks.Flags, chunks.Value))
            {
                return;
            }

            isFirst = false;
        }

        AfterChunks(now);
    }

    private bool IsTagRight(uint tag, in ChunkReader chunk, bool isFirst) => chunk.Type switch
    {
        ChunkType.Init => tag == 0 && isFirst,
        ChunkType.CookieEcho => isFirst,
        ChunkType.Abort or ChunkType.ShutdownComplete when (chunk.Flags & ChunkType.Reflected) != 0 => tag == peer.Tag && tag != 0,
        _ => tag == localTag,
    };

    /// <summary>False: the rest of the packet is not to be read.</summary>
    private bool HandleChunk(long now, byte type, byte flags, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case ChunkType.Data when CanReceive:
                receiver!.OnData(now, flags, value);
                return true;
            case ChunkType.Sack when CanReceive:
                sender!.OnSack(now, value);
                return true;
            case ChunkType.ForwardTsn when CanReceive:
                receiver!.OnForwardTsn(now, value);
                return true;
            case ChunkType.ReConfig when CanReceive:
                reset!.OnChunk(now, value, receiver!);
                return true;
            case ChunkType.Init:
                OnInit(now, value);
                return false;
            case ChunkType.InitAck:
                OnInitAck(now, value);
                return true;
            case ChunkType.CookieEcho:
                return OnCookieEcho(now, value);
            case ChunkType.CookieAck:
                OnCookieAck(now);
                return true;
            case ChunkType.Heartbeat:
                OnHeartbeat(value);
                return true;
            case ChunkType.HeartbeatAck:
                OnHeartbeatAck(now, value);
                return true;
            case ChunkType.Abort:
                End("The peer ended the association.");
                return false;
            case ChunkType.Error:
                OnError(now, value);
                return true;
            case ChunkType.Shutdown or ChunkType.ShutdownAck or ChunkType.ShutdownComplete:
                OnShutdownChunk(now, type, value);
                return true;
            case ChunkType.Data or ChunkType.Sack or ChunkType.ForwardTsn or ChunkType.ReConfig:
                return true;
            default:
                return ChunkType.MayBeSkipped(type);
        }
    }

    /// <summary>From the peer's INIT ACK on, for its data may overtake its COOKIE ACK.</summary>
    private bool CanReceive => State is >= SctpState.CookieEchoed and < SctpState.Ended && receiver is not null;

    private void AfterChunks(long now)
    {
        reset?.AfterData(receiver!);
        AdvanceShutdown(now);
    }

    private uint NewTag()
    {
        Span<byte> bytes = stackalloc byte[4];
        uint tag;
        do
        {
            random.Fill(bytes);
            tag = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }
        while (tag == 0);
        return tag;
    }
}

/// <summary>What an association has seen. Times in microseconds.</summary>
/// <param name="Retransmitted">Chunks of data that were sent again.</param>
/// <param name="ChunksSent">Chunks of data that were sent, again or not.</param>
/// <param name="LongestPacket">What the path is known to carry, in bytes.</param>
public readonly record struct SctpStatistics(
    long RoundTrip, int CongestionWindow, int BytesInFlight, long Retransmitted, long PacketsIn, long PacketsOut, long PacketsDropped, long ChunksSent, int LongestPacket);
