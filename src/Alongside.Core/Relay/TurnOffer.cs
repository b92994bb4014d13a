namespace Alongside.Core.Relay;

/// <summary>TURN servers that a member may use, and what opens them for a while (docs/protocol/relay.md).</summary>
/// <param name="Urls">RFC 7065: <c>turn:host:port?transport=udp</c>, <c>turns:host</c>. One to eight.</param>
/// <param name="Seconds">How long the password is good, from now.</param>
public sealed record TurnOffer(string[] Urls, string Username, string Credential, int Seconds)
{
    private const int MaxUrls = 8, MaxText = 256;

    /// <summary>Whether it is within what a member takes.</summary>
    public bool IsWellFormed => Urls.Length is > 0 and <= MaxUrls && Array.TrueForAll(Urls, IsUrl) && IsText(Username) && IsText(Credential) && Seconds is > 0 and <= 604_800;

    private static bool IsUrl(string? url) => url is not null && IsText(url) && (url.StartsWith("turn:", StringComparison.Ordinal) || url.StartsWith("turns:", StringComparison.Ordinal));

    private static bool IsText(string text) => text.Length is > 0 and <= MaxText && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
