using System.Diagnostics.CodeAnalysis;
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

/// <summary>Makes, shows and reads codes and links.</summary>
public static class RoomCode
{
    /// <summary>Six digits, each value equally likely.</summary>
    public static string MakeDigits(IRandomSource random) => throw new InvalidOperationException();

    /// <summary>The secret of a link: 16 random bytes as 22 base64url characters.</summary>
    public static string MakeLinkSecret(IRandomSource random) => throw new InvalidOperationException();

    /// <summary>"482 190 573"; a longer number stays whole: "4821 905 731".</summary>
    public static string Format(string number, string secret) => throw new InvalidOperationException();

    public static string MakeLink(LinkInvitation link) => throw new InvalidOperationException();

    public static bool TryParse(string typed, [NotNullWhen(true)] out Invitation? invitation, out RoomCodeError error) => throw new InvalidOperationException();
}
