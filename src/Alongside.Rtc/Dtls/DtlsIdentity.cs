using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Alongside.Core.Secure;
using Alongside.Rtc.Dtls.OpenSsl;

namespace Alongside.Rtc.Dtls;

/// <summary>
/// A key on P-256 and the certificate that shows it, made for one session: nobody is to recognise an end by it. What vouches for it is its
/// <see cref="Fingerprint"/>, which travels inside the secure channel.
/// </summary>
public sealed class DtlsIdentity : IDisposable
{
    /// <summary>No peer looks at the dates; these are always good, and tell nothing of this machine's clock.</summary>
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), To = new(2099, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private DtlsIdentity(CertificateHandle certificate, KeyHandle key, Fingerprint fingerprint) =>
        (Certificate, Key, Fingerprint) = (certificate, key, fingerprint);

    public Fingerprint Fingerprint { get; }

    internal CertificateHandle Certificate { get; }

    internal KeyHandle Key { get; }

    /// <summary>The key itself is drawn by the system's library; <paramref name="random"/> gives the serial number.</summary>
    public static unsafe DtlsIdentity Create(IRandomSource random)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Alongside", key, HashAlgorithmName.SHA256);
        byte[] serial = new byte[16];
        random.Fill(serial);
        serial[0] &= 0x7F;
        using var made = request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), From, To, serial);
        byte[] der = made.RawData, pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            fixed (byte* derStart = der, keyStart = pkcs8)
            {
                byte* derAt = derStart, keyAt = keyStart;
                var certificate = LibSsl.ReadCertificate(0, &derAt, der.Length);
                var privateKey = LibSsl.ReadKey(0, &keyAt, pkcs8.Length);
                if (certificate.IsInvalid || privateKey.IsInvalid)
                {
                    throw new InvalidOperationException($"OpenSSL did not take a key: {LibSsl.TakeError()}.");
                }

                return new DtlsIdentity(certificate, privateKey, Fingerprint.OfCertificate(der));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    public void Dispose()
    {
        Certificate.Dispose();
        Key.Dispose();
    }
}
