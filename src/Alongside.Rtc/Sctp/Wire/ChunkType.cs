namespace Alongside.Rtc.Sctp.Wire;

/// <summary>The chunks this end knows (RFC 9260 3.2, RFC 6525 3.1, RFC 3758 3.2).</summary>
internal static class ChunkType
{
    public const byte Data = 0, Init = 1, InitAck = 2, Sack = 3, Heartbeat = 4, HeartbeatAck = 5, Abort = 6, Shutdown = 7, ShutdownAck = 8,
        Error = 9, CookieEcho = 10, CookieAck = 11, ShutdownComplete = 14, ReConfig = 130, ForwardTsn = 192;

    /// <summary>Flags of DATA: acknowledge at once, unordered, first and last fragment of a message.</summary>
    public const byte Immediate = 8, Unordered = 4, Beginning = 2, Ending = 1;

    /// <summary>Flag of ABORT and SHUTDOWN COMPLETE: the tag is the receiver's own, reflected.</summary>
    public const byte Reflected = 1;

    /// <summary>Whether a packet may go on behind a chunk of this type that nobody knows: its highest bit says so.</summary>
    public static bool MayBeSkipped(byte unknown) => (unknown & 0x80) != 0;
}

/// <summary>Parameters of INIT, INIT ACK and RE-CONFIG.</summary>
internal static class ParameterType
{
    public const ushort StateCookie = 7, OutgoingReset = 13, IncomingReset = 14, AssociationReset = 15, ResetResponse = 16, AddOutgoing = 17,
        AddIncoming = 18, ZeroChecksum = 0x8001, SupportedExtensions = 0x8008, ForwardTsn = 0xC000;
}

/// <summary>Causes in ABORT and ERROR (RFC 9260 3.3.10).</summary>
internal static class ErrorCause
{
    public const ushort StaleCookie = 3, UserAbort = 12, ProtocolViolation = 13;
}
