using System.Text.Json.Serialization;

namespace Alongside.Core.Relay;

/// <summary>Signalling from a client to the server (docs/protocol/relay.md, "Signalling, text").</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "t")]
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Join), "join")]
[JsonDerivedType(typeof(Rejoin), "rejoin")]
[JsonDerivedType(typeof(NewNumber), "number")]
[JsonDerivedType(typeof(DropNumber), "unnumber")]
[JsonDerivedType(typeof(Remove), "remove")]
[JsonDerivedType(typeof(Close), "close")]
public abstract record ClientSignal
{
    private ClientSignal()
    {
    }

    /// <summary>{"t":"open","v":1,"role":"host","number":true}</summary>
    public sealed record Open(int V, MemberRole Role, bool Number = false) : ClientSignal;

    /// <summary>{"t":"join","v":1,"role":"viewer","number":"482"}, or with "room". Exactly one of the two.</summary>
    public sealed record Join(int V, MemberRole Role, string? Number = null, string? Room = null) : ClientSignal;

    /// <summary>{"t":"rejoin","v":1,"room":"…","member":2,"token":"…"}</summary>
    public sealed record Rejoin(int V, string Room, ushort Member, string Token) : ClientSignal;

    /// <summary>{"t":"number"}</summary>
    public sealed record NewNumber : ClientSignal;

    /// <summary>{"t":"unnumber"}</summary>
    public sealed record DropNumber : ClientSignal;

    /// <summary>{"t":"remove","member":3}</summary>
    public sealed record Remove(ushort Member) : ClientSignal;

    /// <summary>{"t":"close"}</summary>
    public sealed record Close : ClientSignal;
}
