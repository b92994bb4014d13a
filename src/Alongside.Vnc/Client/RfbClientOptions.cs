using System.Security.Cryptography;
using Alongside.Vnc.Security;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Client;

/// <summary>What a client brings to a server and wants from it.</summary>
public sealed record RfbClientOptions
{
    /// <summary>For the kinds of security that know users; null: those are not chosen.</summary>
    public string? User { get; init; }

    /// <summary>Null: kinds of security that need one are not chosen.</summary>
    public string? Password { get; init; }

    /// <summary>Whether the password may go over the wire as it is, when the server offers nothing better. For loopback.</summary>
    public bool AllowCleartextPassword { get; init; }

    /// <summary>
    /// Whether the password itself may go to a server that shows nothing of itself: under TLS without a certificate (TLSPlain) whoever stands between reads it.
    /// Kinds that answer a challenge don't say the password, and are not asked about.
    /// </summary>
    public bool AllowUnverifiedServer { get; init; }

    /// <summary>
    /// Only a server that shows a certificate or key, and keeps to it until the end, will do: kinds of security without (TLSNone, TLSVnc, VNC, None), and those where
    /// a key protects the password alone, are not chosen. Whoever stands between could leave only those in the server's list.
    /// </summary>
    public bool WantsKnownServer { get; init; }

    /// <summary>VeNCrypt is not chosen: what it holds there was found to be nothing for this client (<see cref="RfbClient.HasOtherSecurity"/>).</summary>
    public bool AvoidsVeNCrypt { get; init; }

    /// <summary>Makes a key pair of RSA, of 2048 bits, for one connection; null: RSA-AES is not chosen. With it goes <see cref="Random"/>.</summary>
    public Func<RSA>? NewKey { get; init; }

    /// <summary>Random bytes of an operating system, for RSA-AES; null: that is not chosen.</summary>
    public FillRandom? Random { get; init; }

    /// <summary>Why the key of RSA-AES with this SHA-256 is not taken for the server's, in words; null: it is. Asked before anything secret is said.</summary>
    public Func<byte[], string?>? KeyRefusal { get; init; }

    /// <summary>Others who are connected to the server stay so.</summary>
    public bool Shared { get; init; } = true;

    /// <summary>Encodings of pixels, the one liked best first. Raw is understood in any case.</summary>
    public IReadOnlyList<int> Encodings { get; init; } =
        [EncodingNumber.CopyRect, EncodingNumber.Tight, EncodingNumber.Zrle, EncodingNumber.Zlib, EncodingNumber.Hextile, EncodingNumber.Rre, EncodingNumber.Raw];

    /// <summary>How hard the server compresses: 0 (hardly, fast) to 9.</summary>
    public int Compression { get; init; } = 2;

    /// <summary>0 to 9: the server may use JPEG of this quality. Null: every pixel is exact.</summary>
    public int? Quality { get; init; }
}
