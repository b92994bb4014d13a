namespace Alongside.Rtc.Sctp;

/// <summary>What has happened to an association, besides messages.</summary>
public readonly record struct SctpEvent(SctpEventKind Kind, ushort Stream = 0, string? Reason = null);

public enum SctpEventKind
{
    Connected,

    /// <summary>The peer lost its state and began anew on the same path; what was under way is lost.</summary>
    Restarted,

    /// <summary>The peer has ended its half of a stream.</summary>
    StreamReset,

    /// <summary>This end's half of a stream has ended, after all that was sent on it.</summary>
    StreamResetDone,

    /// <summary>Nothing more comes or goes; <see cref="SctpEvent.Reason"/> says why.</summary>
    Closed,
}

public enum SctpState
{
    Closed,
    CookieWait,
    CookieEchoed,
    Established,
    ShutdownPending,
    ShutdownSent,
    ShutdownReceived,
    ShutdownAckSent,
    Ended,
}
