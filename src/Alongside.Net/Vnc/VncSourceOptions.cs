using System.Net;
using Alongside.Vnc.Client;

namespace Alongside.Net.Vnc;

/// <summary>Which VNC server, and whom to take for it.</summary>
public sealed record VncSourceOptions(string Host, int Port)
{
    public RfbClientOptions Client { get; init; } = new();

    /// <summary>
    /// SHA-256 of the server's certificate, in hex or base64url: this one and no other, and no kind of security that shows none. Null: one that an authority of this
    /// system vouches for.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>Any certificate will do: who listens learns nothing, who stands between can.</summary>
    public bool TrustsAny { get; init; }

    /// <summary>On this machine there is nobody between.</summary>
    public bool IsLoopback => Host is "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The address, without a secret.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
