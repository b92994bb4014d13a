using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Turn;

/// <summary>How a TURN server is reached. What the allocation itself carries is UDP in each case.</summary>
public enum TurnTransport : byte
{
    Udp,
    Tcp,
    Tls,
}

/// <summary>A TURN server and what opens it.</summary>
public sealed record TurnServer(TurnTransport Transport, TransportAddress Address, string Username, string Password)
{
    /// <summary>The name its certificate must bear; null: its address is what it is known by.</summary>
    public string? Name { get; init; }
}

/// <summary>Why there is no allocation.</summary>
public enum TurnFailure : byte
{
    None,

    /// <summary>No answer to any try.</summary>
    NoAnswer,

    /// <summary>The name or the password is wrong, or has expired.</summary>
    Unauthorised,

    /// <summary>The server has none left for us (486).</summary>
    QuotaReached,

    /// <summary>The server has none left for anybody (508).</summary>
    NoCapacity,

    /// <summary>The server says that there is one already, or none any more (437): another socket may have more luck.</summary>
    Mismatch,

    /// <summary>Another error, of which <see cref="TurnEvent.Failed.Code"/> says which.</summary>
    Refused,

    /// <summary>What the server says cannot be true.</summary>
    NotCredible,

    /// <summary>The connection to it broke.</summary>
    Disconnected,
}

public abstract record TurnEvent
{
    /// <param name="Relayed">Where peers reach us by way of the server.</param>
    /// <param name="Mapped">How the server sees us.</param>
    public sealed record Allocated(TransportAddress Relayed, TransportAddress? Mapped) : TurnEvent;

    /// <summary>Over, for good.</summary>
    public sealed record Failed(TurnFailure Why, int Code) : TurnEvent;

    /// <summary>The server sends us to another (300). Over UDP the client goes there by itself; over a stream the driver connects, and begins anew.</summary>
    public sealed record Redirected(TransportAddress Address) : TurnEvent;
}
