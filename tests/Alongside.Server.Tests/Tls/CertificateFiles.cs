using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Alongside.Server.Tls;
using Alongside.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Alongside.Server.Tests.Tls;

/// <summary>`--tls-cert` and `--tls-key`: the operator's files, read again when they change.</summary>
public sealed class CertificateFiles : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("alongside-cert-").FullName;
    private readonly ManualTime time = new();
    private int writes;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_renewal_is_shown_without_a_restart()
    {
        Write("one.example");
        var certificate = Served();
        Write("two.example");
        Assert.Equal("CN=one.example", certificate.Current().TargetCertificate.Subject);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("CN=two.example", certificate.Current().TargetCertificate.Subject);
        // A public authority vouches for it; nothing is pinned.
        Assert.Null(certificate.Fingerprint);
    }

    [Fact]
    public void Half_a_renewal_leaves_the_old_one_in_use_until_it_is_whole()
    {
        Write("one.example");
        var certificate = Served();
        Write("two.example", key: false);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("CN=one.example", certificate.Current().TargetCertificate.Subject);
        File.WriteAllText(CertFile, "not a certificate");
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("CN=one.example", certificate.Current().TargetCertificate.Subject);
        Write("three.example");
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("CN=three.example", certificate.Current().TargetCertificate.Subject);
    }

    private string CertFile => Path.Combine(folder, "cert.pem");

    private string KeyFile => Path.Combine(folder, "key.pem");

    private ServerCertificate Served() =>
        ServerCertificate.From(new ServerSettings { TlsCert = CertFile, TlsKey = KeyFile }, time, NullLogger.Instance)!;

    private void Write(string name, bool key = true)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", pair, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(time.GetUtcNow().AddDays(-1), time.GetUtcNow().AddDays(1));
        File.WriteAllText(CertFile, made.ExportCertificatePem());
        if (key)
        {
            File.WriteAllText(KeyFile, pair.ExportPkcs8PrivateKeyPem());
        }

        // Writes of one test may fall into one tick of the disk's clock.
        File.SetLastWriteTimeUtc(CertFile, new DateTime(2030, 1, 1, 0, ++writes, 0, DateTimeKind.Utc));
    }
}
