namespace Alongside.Core.Secure;

public enum SecureEventKind : byte
{
    /// <summary>A handshake has finished: <see cref="SecureEvent.Details"/>. From now everything is under its keys.</summary>
    Secured,

    /// <summary>A whole message: <see cref="SecureEvent.Channel"/>, <see cref="SecureEvent.Bytes"/>.</summary>
    Message,

    /// <summary>A handshake was refused, by the other side or by us: <see cref="SecureEvent.Refusal"/>.</summary>
    Refused,

    /// <summary>
    /// The session, or a handshake that got no answer or nonsense, is over: <see cref="SecureEvent.Reason"/>. Whether an older session
    /// still runs says <see cref="SecurePeer.IsSecured"/>.
    /// </summary>
    Ended,
}

/// <summary>Why a handshake was refused. The numbers are the wire's.</summary>
public enum RefuseReason : byte
{
    Version = 1,

    /// <summary>No such credential: unknown place, lapsed, burnt.</summary>
    Credential = 2,

    /// <summary>The other side's confirmation was wrong: a wrong code, or somebody in between.</summary>
    Confirmation = 3,

    Busy = 4,
}

/// <summary>What a finished handshake has established.</summary>
/// <param name="CheckDigits">Six digits, the same on both sides, shown as "418 207".</param>
/// <param name="PeerCapabilities">What the other side understands, ascending, without repeats.</param>
/// <param name="CredentialKind">What both sides knew.</param>
/// <param name="Place">The credential's place; of a resume, the id of the session that goes on.</param>
/// <param name="ResumeCredential">For coming back after a break; secret.</param>
public sealed record SecuredDetails(
    string CheckDigits, IReadOnlyList<ushort> PeerCapabilities, CredentialKind CredentialKind, string Place, Credential ResumeCredential)
{
    public bool Resumed => CredentialKind == CredentialKind.Resume;
}

/// <summary>What a <see cref="SecurePeer"/> has to tell. Only the members of its kind are set.</summary>
public readonly struct SecureEvent
{
    public SecureEventKind Kind { get; private init; }

    public byte Channel { get; private init; }

    /// <summary>The message, valid until the next poll of an event from the same peer.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    public SecuredDetails? Details { get; private init; }

    public RefuseReason Refusal { get; private init; }

    /// <summary>In words, fit to be shown and logged.</summary>
    public string? Reason { get; private init; }

    internal byte[]? Lent { get; private init; }

    internal static SecureEvent Secured(SecuredDetails details) => new() { Kind = SecureEventKind.Secured, Details = details };

    /// <param name="channel">Where it came.</param>
    /// <param name="lent">An array of the shared pool, which the peer returns after the next poll.</param>
    /// <param name="length">How much of it is the message.</param>
    internal static SecureEvent Message(byte channel, byte[] lent, int length) =>
        new() { Kind = SecureEventKind.Message, Channel = channel, Bytes = lent.AsMemory(0, length), Lent = lent };

    internal static SecureEvent Refused(RefuseReason refusal) => new() { Kind = SecureEventKind.Refused, Refusal = refusal };

    internal static SecureEvent Ended(string reason) => new() { Kind = SecureEventKind.Ended, Reason = reason };
}
