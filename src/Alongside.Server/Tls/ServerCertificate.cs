using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Alongside.Net.Tls;
using Alongside.Server.Health;

namespace Alongside.Server.Tls;

/// <summary>
/// The certificate the server shows: one of its own making, which links pin by fingerprint, or the operator's files, which are read again when they
/// change (a renewal needs no restart).
/// </summary>
public sealed class ServerCertificate
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(30);
    private readonly string certFile;
    private readonly string keyFile;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Lock gate = new();
    private SslStreamCertificateContext context;
    private DateTime written;
    private long looked;

    private ServerCertificate(string certFile, string keyFile, bool selfMade, TimeProvider time, ILogger log)
    {
        this.certFile = certFile;
        this.keyFile = keyFile;
        this.time = time;
        this.log = log;
        written = LastWritten();
        looked = time.GetTimestamp();
        context = Read(certFile, keyFile);
        Fingerprint = selfMade ? CertificateFingerprint.Of(context.TargetCertificate) : null;
    }

    /// <summary>Given when nobody but its fingerprint vouches for it.</summary>
    public string? Fingerprint { get; }

    /// <summary>Null without TLS.</summary>
    /// <exception cref="Alongside.Net.Settings.SettingsException">The files cannot be used.</exception>
    public static ServerCertificate? From(ServerSettings settings, TimeProvider time, ILogger log)
    {
        try
        {
            if (settings.TlsCert is not null)
            {
                return new ServerCertificate(settings.TlsCert, settings.TlsKey!, selfMade: false, time, log);
            }

            return settings.SelfMadeTls ? new ServerCertificate(SelfMade(settings.Data, time), Path.Combine(settings.Data, "tls-key.pem"), selfMade: true, time, log) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new Alongside.Net.Settings.SettingsException($"The certificate cannot be used: {error.Message}");
        }
    }

    /// <summary>What a handshake shows now.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (gate)
        {
            if (time.GetElapsedTime(looked) > Glance)
            {
                looked = time.GetTimestamp();
                ReadIfChanged();
            }

            return context;
        }
    }

    /// <summary>A key that does not belong to the certificate, as in the middle of a renewal, is an ArgumentException of the platform's.</summary>
    private void ReadIfChanged()
    {
        try
        {
            var now = LastWritten();
            if (now != written)
            {
                context = Read(certFile, keyFile);
                written = now;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            log.CertificateStays(error.Message);
        }
    }

    private DateTime LastWritten() => new[] { File.GetLastWriteTimeUtc(certFile), File.GetLastWriteTimeUtc(keyFile) }.Max();

    private static SslStreamCertificateContext Read(string certFile, string keyFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certFile);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certFile, keyFile), chain, offline: true);
    }

    /// <summary>Makes the certificate once; its fingerprint is what counts.</summary>
    private static string SelfMade(string data, TimeProvider time)
    {
        var certFile = Path.Combine(data, "tls-cert.pem");
        var keyFile = Path.Combine(data, "tls-key.pem");
        if (File.Exists(certFile) && File.Exists(keyFile))
        {
            return certFile;
        }

        Directory.CreateDirectory(data);
        using var certificate = SelfMadeCertificate.Create(time.GetUtcNow());

        // The key first, and the certificate in one step: a start that is killed in between makes both anew.
        SelfMadeCertificate.WriteSecret(keyFile, SelfMadeCertificate.KeyPem(certificate));
        File.WriteAllText(certFile + ".new", certificate.ExportCertificatePem());
        File.Move(certFile + ".new", certFile, overwrite: true);
        return certFile;
    }
}
