namespace Alongside.Rtc.Sctp.Sending;

internal enum ChunkState : byte
{
    /// <summary>Cumulatively acknowledged, or never sent.</summary>
    None,

    InFlight,

    /// <summary>Believed lost, waits to be sent again.</summary>
    Lost,

    /// <summary>Acknowledged above a gap; kept, for the receiver may still change its mind (RFC 9260 6.2).</summary>
    Acked,

    /// <summary>Given up: FORWARD TSN takes the receiver over it (RFC 3758).</summary>
    Abandoned,
}

/// <summary>One chunk under way, in the ring of <see cref="SentRing"/>. Links are TSNs of the list its state puts it in; its own TSN where the list ends.</summary>
internal struct SentChunk
{
    public OutgoingMessage? Message;
    public int Offset;
    public int Length;
    public long SentAt;
    public uint Previous;
    public uint Next;
    public ChunkState State;
    public byte Flags;
    public ushort Transmissions;

    /// <summary>Left last in a packet longer than every path carries.</summary>
    public bool IsLong;

    /// <summary>What it counts for in flight: its header too, or a thousand small messages would weigh nothing.</summary>
    public readonly int Weight => Length + 16;
}
