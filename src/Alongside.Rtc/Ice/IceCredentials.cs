using Alongside.Core.Secure;

namespace Alongside.Rtc.Ice;

/// <summary>
/// The names by which two agents know each other's checks (RFC 8445, 5.3), new with every restart: 48 and 144 random bits, in letters of the ice-char set.
/// </summary>
public sealed record IceCredentials(string UsernameFragment, string Password)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public static IceCredentials New(IRandomSource random) => new(Text(random, 8), Text(random, 24));

    /// <summary>Whether these are as long as they must be, and of letters that may be.</summary>
    public bool IsWellFormed => IsText(UsernameFragment, 4) && IsText(Password, 22);

    private static bool IsText(string text, int least) =>
        text.Length >= least && text.Length <= 256 && !text.AsSpan().ContainsAnyExcept(Letters.AsSpan());

    private static string Text(IRandomSource random, int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        Span<char> text = stackalloc char[length];
        random.Fill(bytes);
        for (int i = 0; i < length; i++)
        {
            text[i] = Letters[bytes[i] & 63];
        }

        return new(text);
    }
}
