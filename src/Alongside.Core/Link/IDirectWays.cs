namespace Alongside.Core.Link;

/// <summary>The channels of direct ways, which the driver has: one ordered reliable channel a way.</summary>
public interface IDirectWays
{
    /// <summary>Sends one message of at most 16,384 bytes; it is copied.</summary>
    /// <returns>False: the channel is not open any more, or holds more than it takes. The way is given up.</returns>
    bool TrySend(ushort member, int way, ReadOnlySpan<byte> message);

    /// <summary>The last round trip that was measured over the way, in microseconds; null: none was, or who has the driver does not ask.</summary>
    long? RoundTrip(ushort member, int way) => null;

    /// <summary>Packets that have left over the way, and how many of them were lost; zeros where nobody counts.</summary>
    (long Sent, long Lost) Counts(ushort member, int way) => default;
}

/// <summary>Whose link it is.</summary>
internal interface ILinkOwner
{
    /// <summary>A payload of this member, in its order, whichever path it took. The bytes are good during the call.</summary>
    void Deliver(long now, ushort member, ReadOnlySpan<byte> payload);

    /// <summary>Payloads to this member leave by another path from now on.</summary>
    void PathChanged(long now, ushort member, bool isDirect);

    /// <summary>The way is over, and what it was made of can be closed.</summary>
    void WayEnded(long now, ushort member, int way, string why);

    /// <summary>The way is dead and the relay did not take its place: what was underway is lost, and only another handshake helps. The switch is to be reset.</summary>
    void Stranded(long now, ushort member, string why);

    /// <summary>The shortest round trip lately of what leaves by the relay, in microseconds; null: not known. Asked of who leads.</summary>
    long? RelayRoundTrip(ushort member);
}
