using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Alongside.Rtc.Turn;

/// <summary>
/// Where a TURN server is, as RFC 7065 writes it:
/// <code>
/// turn:host[:port][?transport=udp|tcp]     turns:host[:port][?transport=tcp]     an IPv6 address in brackets
/// </code>
/// </summary>
public sealed record TurnUrl(TurnTransport Transport, string Host, ushort Port)
{
    private const ushort PlainPort = 3478, TlsPort = 5349;

    public static bool TryParse(string text, [NotNullWhen(true)] out TurnUrl? url)
    {
        url = null;
        bool isTls = text.StartsWith("turns:", StringComparison.Ordinal);
        if (!isTls && !text.StartsWith("turn:", StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = text[(isTls ? 6 : 5)..].Split('?');
        TurnTransport? transport = parts switch
        {
            [_] => isTls ? TurnTransport.Tls : TurnTransport.Udp,
            [_, "transport=tcp"] => isTls ? TurnTransport.Tls : TurnTransport.Tcp,
            [_, "transport=udp"] when !isTls => TurnTransport.Udp,
            _ => null,
        };
        int end = parts[0].StartsWith('[') ? parts[0].IndexOf(']', StringComparison.Ordinal) + 1 : parts[0].IndexOf(':', StringComparison.Ordinal);
        string host = end < 0 ? parts[0] : parts[0][..end], rest = end < 0 ? "" : parts[0][end..];
        ushort port = isTls ? TlsPort : PlainPort;
        if (transport is not { } known || Uri.CheckHostName(host) == UriHostNameType.Unknown
            || (rest.Length > 0 && (rest[0] != ':' || !ushort.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0)))
        {
            return false;
        }

        url = new(known, host.Trim('[', ']'), port);
        return true;
    }
}
