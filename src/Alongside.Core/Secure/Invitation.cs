using System.Text;

namespace Alongside.Core.Secure;

/// <summary>Where a link leads: who opens it.</summary>
public enum LinkPurpose : byte
{
    /// <summary>`/join`: a helper enters a host's room.</summary>
    Join,

    /// <summary>`/help`: a customer's host enters a helper's room.</summary>
    Help,
}

/// <summary>What was typed or opened: a code or a link.</summary>
public abstract record Invitation
{
    public abstract Credential Credential { get; }
}

/// <param name="Number">The room's number, 3 to 5 digits; the server knows it.</param>
/// <param name="Secret">Six digits that the server never sees.</param>
public sealed record CodeInvitation(string Number, string Secret) : Invitation
{
    public override Credential Credential => new(CredentialKind.Code, Number, Encoding.ASCII.GetBytes(Secret));

    public override string ToString() => $"code of room {Number}";
}

/// <param name="Server">The server's origin, such as `https://help.example`.</param>
/// <param name="Fingerprint">SHA-256 of the server's certificate, 43 base64url characters; null: a public authority vouches for it.</param>
public sealed record LinkInvitation(string Server, LinkPurpose Purpose, string Room, string Secret, string? Fingerprint) : Invitation
{
    public override Credential Credential => new(CredentialKind.Link, Room, Encoding.ASCII.GetBytes(Secret));

    public override string ToString() => $"link to room {Room} at {Server}";
}

/// <summary>Why what was typed is neither code nor link.</summary>
public enum RoomCodeError : byte
{
    None,
    Empty,

    /// <summary>Something else than digits, spaces and dashes, and no link.</summary>
    NotACode,
    TooFewDigits,
    TooManyDigits,

    /// <summary>A link, but not to `/join` or `/help` of an http or https server.</summary>
    NotOurLink,

    /// <summary>The part after # is missing: many programs cut it off.</summary>
    LinkWithoutSecret,

    /// <summary>The part after # is damaged or cut short.</summary>
    DamagedLink,
}
