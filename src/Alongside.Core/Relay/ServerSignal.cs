using System.Text.Json.Serialization;

namespace Alongside.Core.Relay;

/// <summary>Signalling from the server to a client (docs/protocol/relay.md, "Signalling, text").</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "t")]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(Joined), "joined")]
[JsonDerivedType(typeof(Number), "number")]
[JsonDerivedType(typeof(Expired), "expired")]
[JsonDerivedType(typeof(Arrived), "arrived")]
[JsonDerivedType(typeof(Left), "left")]
[JsonDerivedType(typeof(Lent), "turn")]
[JsonDerivedType(typeof(Error), "error")]
public abstract record ServerSignal
{
    private ServerSignal()
    {
    }

    /// <summary>The room is made; the sender is its opener. `number` and `seconds` only when a number was asked for. `stun` is the server's UDP port for STUN, if it has one; `turn` a TURN server that may be used.</summary>
    public sealed record Opened(string Room, ushort Member, string Token, int Window, [property: JsonPropertyName("number")] string? Digits = null,
        int? Seconds = null, int? Stun = null, TurnOffer? Turn = null) : ServerSignal;

    /// <summary>Answer to `join` and to `rejoin`. The list has everybody else, here or away.</summary>
    public sealed record Joined(string Room, ushort Member, string Token, MemberState[] Members, int Window, int? Stun = null, TurnOffer? Turn = null) : ServerSignal;

    /// <summary>Answer to `number`.</summary>
    public sealed record Number([property: JsonPropertyName("number")] string Digits, int Seconds) : ServerSignal;

    /// <summary>The number has lapsed.</summary>
    public sealed record Expired : ServerSignal;

    /// <summary>A member came in, or came back.</summary>
    public sealed record Arrived(ushort Member, MemberRole Role) : ServerSignal;

    /// <summary>A member's socket is gone; with `gone` its place as well.</summary>
    public sealed record Left(ushort Member, bool Gone) : ServerSignal;

    /// <summary>TURN servers that may be used instead of those of before, whose password ends.</summary>
    public sealed record Lent([property: JsonPropertyName("turn")] TurnOffer Offer) : ServerSignal;

    /// <summary>The reason in words; the socket closes right after.</summary>
    public sealed record Error(string Code, string Message) : ServerSignal;
}

/// <summary>One of `members` in `joined`.</summary>
public sealed record MemberState(ushort Member, MemberRole Role, bool Here);
