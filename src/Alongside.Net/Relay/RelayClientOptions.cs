namespace Alongside.Net.Relay;

/// <summary>How a <see cref="RelayClient"/> reaches its server.</summary>
public sealed record RelayClientOptions
{
    /// <summary>SHA-256 of the server's certificate (<see cref="Tls.CertificateFingerprint"/>). When given, this certificate is taken and no
    /// other, whoever signed it; when null, the system decides.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>How long one attempt to connect may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A ping after this much silence, and the end of the connection after as much again without an answer.</summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>The clock of waiting between attempts, and of how long what the server lends is good.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Who sends hears of arrivals later than the sink does, and says so by <see cref="RelayClient.HasHeardOf"/>: until then a member that came in anew is sent nothing. What there is to be sent was
    /// meant for who was there before.
    /// </summary>
    public bool ArrivalsAreHeardLater { get; init; }
}
