using System.Security.Cryptography;
using Alongside.Host.Tests.Linux;
using Alongside.Net.Tls;
using Alongside.Net.Vnc;
using Alongside.Vnc.Client;

namespace Alongside.Host.Tests.Vnc;

/// <summary>The kinds of security that know users, with TigerVNC's server, which asks PAM: here one that knows anna and her password.</summary>
[Collection(XServer.Tests)]
public sealed class UserAndPasswordTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("alongside-pam").FullName;
    private readonly string fingerprint;

    public UserAndPasswordTests()
    {
        using var made = SelfMadeCertificate.Create(DateTimeOffset.UtcNow);
        File.WriteAllText(Named("certificate"), made.ExportCertificatePem());
        File.WriteAllText(Named("key"), SelfMadeCertificate.KeyPem(made));
        fingerprint = made.GetCertHashString(HashAlgorithmName.SHA256);

        // PAM gives the password on standard input, with a zero behind it.
        File.WriteAllText(Named("check"), "[ \"$PAM_USER:$(tr -d '\\0')\" = anna:sesame ]\n");
        File.WriteAllText(Named("vnc"), $"auth required pam_exec.so expose_authtok quiet /bin/sh {Named("check")}\naccount required pam_permit.so\n");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("Plain", false)]
    [InlineData("TLSPlain", true)]
    [InlineData("X509Plain", true)]
    [InlineData("VncAuth,Plain,TLSPlain,X509Plain", true)]
    public async Task Who_is_known_comes_in_and_a_wrong_password_does_not(string types, bool encrypted)
    {
        using var vnc = RealVncServer.StartTigerWithPam(
            folder, "-SecurityTypes", types, "-PlainUsers", "anna", "-X509Cert", Named("certificate"), "-X509Key", Named("key"));
        var ears = new SourceSecurityTests.Ears();
        await using (var source = Source(vnc.Port, types, "sesame", ears))
        {
            source.Start();
            Assert.Equal(default, await source.FirstTry);
            await ears.Damaged.Task.WaitAsync(Until.Deadline);
            Assert.Equal(encrypted, ears.IsEncrypted);
        }

        await using var wrong = Source(vnc.Port, types, "simsalabim", new SourceSecurityTests.Ears());
        wrong.Start();
        var first = await wrong.FirstTry;
        Assert.True(first.IsFinal);
        Assert.Contains("refused the password", first.Trouble, StringComparison.Ordinal);
    }

    private VncSource Source(int port, string types, string password, IVncSourceSink ears) => new(
        new("127.0.0.1", port)
        {
            Fingerprint = types.Contains("X509", StringComparison.Ordinal) ? fingerprint : null,
            Client = new() { User = "anna", Password = password, AllowCleartextPassword = true, AllowUnverifiedServer = true },
        },
        ears);

    private string Named(string file) => Path.Combine(folder, file);
}
