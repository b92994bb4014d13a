using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Alongside.Rtc.Dtls;

/// <summary>SHA-256 of a certificate, as an offer or answer states it: <c>sha-256 AB:CD:...</c> (RFC 8122, section 5).</summary>
public sealed class Fingerprint : IEquatable<Fingerprint>
{
    private const string Prefix = "sha-256 ";

    private readonly byte[] hash;

    private Fingerprint(byte[] hash) => this.hash = hash;

    public static Fingerprint OfCertificate(ReadOnlySpan<byte> der) => new(SHA256.HashData(der));

    /// <param name="hash">32 bytes.</param>
    public static Fingerprint FromSha256(ReadOnlySpan<byte> hash) =>
        hash.Length == 32 ? new(hash.ToArray()) : throw new ArgumentException("SHA-256 has 32 bytes.", nameof(hash));

    public ReadOnlySpan<byte> Sha256 => hash;

    public static bool TryParse(string text, [NotNullWhen(true)] out Fingerprint? fingerprint)
    {
        fingerprint = null;
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || text.Length != Prefix.Length + (3 * 32) - 1)
        {
            return false;
        }

        byte[] hash = new byte[32];
        for (int i = 0; i < hash.Length; i++)
        {
            int at = Prefix.Length + (3 * i);
            if (!byte.TryParse(text.AsSpan(at, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out hash[i]) || (i < 31 && text[at + 2] != ':'))
            {
                return false;
            }
        }

        fingerprint = new Fingerprint(hash);
        return true;
    }

    public bool Equals(Fingerprint? other) => other is not null && CryptographicOperations.FixedTimeEquals(hash, other.hash);

    public override bool Equals(object? obj) => Equals(obj as Fingerprint);

    public override int GetHashCode() => BitConverter.ToInt32(hash);

    public override string ToString() => Prefix + string.Join(':', hash.Select(value => value.ToString("X2")));
}
