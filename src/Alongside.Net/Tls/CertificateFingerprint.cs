using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Alongside.Net.Tls;

/// <summary>A certificate's SHA-256, written as 43 characters of base64url, the form in links and in `--fingerprint`.</summary>
public static class CertificateFingerprint
{
    public static string Of(X509Certificate certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.GetRawCertData()));

    /// <summary>Whether the certificate has this fingerprint, given in base64url or, as other programs print it, in hex with or without colons.</summary>
    public static bool Matches(X509Certificate? certificate, string fingerprint) =>
        certificate is not null && TryRead(fingerprint, out var expected)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.GetRawCertData()), expected);

    /// <summary>Whether the text is a fingerprint at all.</summary>
    public static bool TryRead(string text, out byte[] hash)
    {
        var hex = text.Replace(":", "", StringComparison.Ordinal);
        hash = [];
        if (hex.Length == 64 && !hex.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF"))
        {
            hash = Convert.FromHexString(hex);
        }
        else if (text.Length == 43 && Base64Url.IsValid(text))
        {
            hash = Base64Url.DecodeFromChars(text);
        }

        return hash.Length == 32;
    }
}
