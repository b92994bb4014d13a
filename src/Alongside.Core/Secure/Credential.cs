namespace Alongside.Core.Secure;

/// <summary>What two people or two programs share before the handshake. The numbers are the wire's.</summary>
public enum CredentialKind : byte
{
    /// <summary>Six digits, one guess.</summary>
    Code = 1,

    /// <summary>128 random bits in a link's fragment.</summary>
    Link = 2,

    /// <summary>What an earlier handshake left for coming back after a break.</summary>
    Resume = 3,
}

/// <summary>
/// A shared secret and the public place it belongs to: a room's number (code), a room's id (link) or a session's id (resume).
/// The place is printable ASCII of at most 64 characters.
/// </summary>
public sealed record Credential(CredentialKind Kind, string Place, byte[] Secret)
{
    /// <summary>The longest place, in characters.</summary>
    public const int MaxPlace = 64;

    /// <summary>Says what it is for, never the secret: records print all their members.</summary>
    public override string ToString() => $"{Kind} at {Place}";
}
