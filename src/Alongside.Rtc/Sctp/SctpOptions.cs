namespace Alongside.Rtc.Sctp;

/// <summary>How one association behaves. Times in microseconds, sizes in bytes.</summary>
public sealed record SctpOptions
{
    /// <summary>What WebRTC calls the only association of a DTLS session (RFC 8841).</summary>
    public ushort LocalPort { get; init; } = 5000;

    public ushort RemotePort { get; init; } = 5000;

    /// <summary>The longest packet that every path carries, its header included: 1280 less IPv6, UDP, a TURN channel and DTLS 1.2 with AES-GCM. 256 to 65,532.</summary>
    public int MaxPacket { get; init; } = 1191;

    /// <summary>The longest packet that is tried whether the path carries it (<see cref="PathMtu"/>): with DTLS around it in a buffer of 2,048. No more than <see cref="MaxPacket"/>: none is.</summary>
    public int MaxTried { get; init; } = 2008;

    /// <summary>The longest message sent or taken.</summary>
    public int MaxMessage { get; init; } = 256 * 1024;

    /// <summary>What the peer may have sent that has not been read here.</summary>
    public int ReceiveWindow { get; init; } = 6 * 1024 * 1024;

    /// <summary>What may wait here to be sent; a message above it is refused, and can be offered again later.</summary>
    public int SendBuffer { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many chunks may be under way: what the table of them may grow to.</summary>
    public int MaxChunksInFlight { get; init; } = 16 * 1024;

    /// <summary>How far ahead of what is complete a received chunk may be.</summary>
    public int MaxChunksAhead { get; init; } = 32 * 1024;

    /// <summary>How long an acknowledgement may wait for company.</summary>
    public long SackDelay { get; init; } = 20_000;

    public long RtoInitial { get; init; } = 500_000;

    public long RtoMin { get; init; } = 200_000;

    /// <summary>The standard's 60 s would leave a path that is back unnoticed for as long.</summary>
    public long RtoMax { get; init; } = 2_000_000;

    public long HeartbeatInterval { get; init; } = 15_000_000;

    public long CookieLifetime { get; init; } = 60_000_000;

    /// <summary>After how many timeouts in a row to give up; null leaves that to who knows the path (ICE).</summary>
    public int? GiveUpAfter { get; init; }

    /// <summary>Take packets without a checksum and, if the peer does too, send them (RFC 9653). Only over DTLS.</summary>
    public bool ZeroChecksum { get; init; } = true;

    public CongestionPolicy Congestion { get; init; } = CongestionPolicy.Cubic;
}

/// <summary>Who decides how much may be under way (Congestion/).</summary>
public enum CongestionPolicy
{
    /// <summary>CUBIC, which cuts to what the path delivered when a loss comes without a queue.</summary>
    Cubic,

    /// <summary>The standard's window (RFC 9260 7.2): the yardstick.</summary>
    Reno,
}
