using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Alongside.Net.Tls;

namespace Alongside.Net.Tests.Tls;

public sealed class Fingerprints
{
    [Fact]
    public void A_certificate_matches_its_own_in_either_form_and_no_other()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        var fingerprint = CertificateFingerprint.Of(certificate);
        var hex = Convert.ToHexString(SHA256.HashData(certificate.RawData));
        Assert.True(CertificateFingerprint.Matches(certificate, fingerprint));
        Assert.True(CertificateFingerprint.Matches(certificate, hex));
        Assert.True(CertificateFingerprint.Matches(certificate, string.Join(':', hex.Chunk(2).Select(pair => new string(pair))).ToLowerInvariant()));
        Assert.False(CertificateFingerprint.Matches(certificate, (fingerprint[0] == 'A' ? 'B' : 'A') + fingerprint[1..]));
        Assert.False(CertificateFingerprint.Matches(certificate, ""));
        Assert.False(CertificateFingerprint.Matches(certificate, fingerprint[..42]));
        Assert.False(CertificateFingerprint.Matches(certificate, new string('!', 43)));
        Assert.False(CertificateFingerprint.Matches(null, fingerprint));
    }
}
