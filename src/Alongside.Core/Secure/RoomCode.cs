using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Alongside.Core.Secure;

/// <summary>Makes, shows and reads codes and links.</summary>
public static partial class RoomCode
{
    public const int SecretDigits = 6;
    public const int MinNumberDigits = 3;
    public const int MaxNumberDigits = 5;

    /// <summary>16 bytes in base64url.</summary>
    private const int TokenLength = 22;

    /// <summary>32 bytes in base64url.</summary>
    private const int FingerprintLength = 43;

    /// <summary>Longer than any link we make; what is typed beyond it is not looked at.</summary>
    private const int MaxTyped = 512;

    /// <summary>Six digits, each value equally likely: draws that would favour the low ones are drawn again.</summary>
    public static string MakeDigits(IRandomSource random)
    {
        const uint values = 1_000_000;
        const uint limit = uint.MaxValue - (uint.MaxValue % values);
        Span<byte> bytes = stackalloc byte[4];
        uint drawn;
        do
        {
            random.Fill(bytes);
            drawn = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }
        while (drawn >= limit);

        return (drawn % values).ToString("D6", null);
    }

    /// <summary>The secret of a link: 16 random bytes as 22 base64url characters.</summary>
    public static string MakeLinkSecret(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>"482 190 573"; a longer number stays whole: "4821 905 731".</summary>
    public static string Format(string number, string secret) => $"{number} {FormatDigits(secret)}";

    /// <summary>"418 207"</summary>
    public static string FormatDigits(string sixDigits) => $"{sixDigits[..3]} {sixDigits[3..]}";

    /// <summary>`https://host/join#ROOM.SECRET` with `.FINGERPRINT` where there is one. The part after # never goes to the server.</summary>
    public static string MakeLink(LinkInvitation link)
    {
        var page = link.Purpose == LinkPurpose.Join ? "join" : "help";
        var fingerprint = link.Fingerprint is null ? string.Empty : $".{link.Fingerprint}";
        return $"{link.Server}/{page}#{link.Room}.{link.Secret}{fingerprint}";
    }

    /// <summary>Reads what a person typed or pasted: a code with any spaces, dashes or dots, or a link.</summary>
    public static bool TryParse(string typed, [NotNullWhen(true)] out Invitation? invitation, out RoomCodeError error)
    {
        invitation = null;
        var text = typed.AsSpan().Trim();
        if (text.IsEmpty)
        {
            error = RoomCodeError.Empty;
        }
        else if (text.Length > MaxTyped)
        {
            error = RoomCodeError.NotACode;
        }
        else if (text.Contains("://", StringComparison.Ordinal))
        {
            error = ParseLink(text, out invitation);
        }
        else
        {
            error = ParseCode(text, out invitation);
        }

        return invitation is not null;
    }

    private static RoomCodeError ParseCode(ReadOnlySpan<char> text, out Invitation? invitation)
    {
        invitation = null;
        Span<char> digits = stackalloc char[MaxTyped];
        var count = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                digits[count++] = c;
            }
            else if (!IsSeparator(c))
            {
                return RoomCodeError.NotACode;
            }
        }

        switch (count)
        {
            case 0:
                return RoomCodeError.NotACode;
            case < MinNumberDigits + SecretDigits:
                return RoomCodeError.TooFewDigits;
            case > MaxNumberDigits + SecretDigits:
                return RoomCodeError.TooManyDigits;
            default:
                var secretAt = count - SecretDigits;
                invitation = new CodeInvitation(digits[..secretAt].ToString(), digits[secretAt..count].ToString());
                return RoomCodeError.None;
        }
    }

    private static RoomCodeError ParseLink(ReadOnlySpan<char> text, out Invitation? invitation)
    {
        invitation = null;
        var match = Link().Match(text.ToString());
        if (!match.Success)
        {
            return RoomCodeError.NotOurLink;
        }

        var fragment = match.Groups["fragment"].Value;
        if (fragment.Length == 0)
        {
            return RoomCodeError.LinkWithoutSecret;
        }

        var parts = fragment.Split('.');
        if (parts.Length is < 2 or > 3 || !IsBase64Url(parts[0], TokenLength, "AQgw") || !IsBase64Url(parts[1], TokenLength, "AQgw")
            || (parts.Length == 3 && !IsBase64Url(parts[2], FingerprintLength, "AEIMQUYcgkosw048")))
        {
            return RoomCodeError.DamagedLink;
        }

        var purpose = match.Groups["page"].Value == "join" ? LinkPurpose.Join : LinkPurpose.Help;
        invitation = new LinkInvitation(
            match.Groups["server"].Value.ToLowerInvariant(), purpose, parts[0], parts[1], parts.Length == 3 ? parts[2] : null);
        return RoomCodeError.None;
    }

    /// <summary>A query may stand before the #: the viewer's page takes options there.</summary>
    [GeneratedRegex(
        """
        ^(?<server>[Hh][Tt][Tt][Pp][Ss]?://(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?)/(?<page>join|help)(?:\?[^\#]*)?(?:\#(?<fragment>.*))?$
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Link();

    /// <summary>Spaces of any width, dashes of any length, dots.</summary>
    private static bool IsSeparator(char c) => char.IsWhiteSpace(c) || c is '-' or '.' or (>= '\u2010' and <= '\u2015') or '\u2212' or '\u200b';

    /// <summary>The last character carries fewer than six bits, so only some can stand there: another means a damaged link.</summary>
    private static bool IsBase64Url(string text, int length, string last) =>
        text.Length == length && last.Contains(text[^1]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
