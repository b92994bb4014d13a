using System.Security.Cryptography;
using Alongside.Host.Tests.Linux;
using Alongside.Net.Tls;
using Alongside.Net.Vnc;
using Alongside.Vnc.Client;

namespace Alongside.Host.Tests.Vnc;

/// <summary>Every kind of security that TigerVNC's server has for a password alone, and what is said when it is refused.</summary>
[Collection(XServer.Tests)]
public sealed class SourceSecurityTests : IDisposable
{
    private readonly string certificate = Path.GetTempFileName();
    private readonly string key = Path.GetTempFileName();
    private readonly string password = SourceTests.PasswordOf("sesame");
    private readonly string fingerprint;

    public SourceSecurityTests()
    {
        using var made = SelfMadeCertificate.Create(DateTimeOffset.UtcNow);
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(key, SelfMadeCertificate.KeyPem(made));
        fingerprint = made.GetCertHashString(HashAlgorithmName.SHA256);
    }

    public void Dispose()
    {
        File.Delete(certificate);
        File.Delete(key);
        File.Delete(password);
    }

    [Theory]
    [InlineData("None", false)]
    [InlineData("VncAuth", false)]
    [InlineData("TLSNone", true)]
    [InlineData("TLSVnc", true)]
    [InlineData("X509None", true)]
    [InlineData("X509Vnc", true)]
    [InlineData("TLSVnc,VncAuth", true)]
    [InlineData("TLSNone,X509Vnc,VncAuth,None", true)]
    public async Task It_comes_in_by_every_kind(string types, bool encrypted)
    {
        using var vnc = Start(types);
        var ears = new Ears();
        await using var source = new VncSource(new("127.0.0.1", vnc.Port) { Fingerprint = types.Contains("X509", StringComparison.Ordinal) ? fingerprint : null, Client = new() { Password = "sesame" } }, ears);
        source.Start();
        Assert.Equal(default, await source.FirstTry);
        await ears.Damaged.Task.WaitAsync(Until.Deadline);
        Assert.Equal(encrypted, ears.IsEncrypted);
    }

    [Theory]
    [InlineData("VncAuth", "wrong", "refused the password")]
    [InlineData("VncAuth", null, "wants a password")]
    [InlineData("Plain", "sesame", "user name")]
    public async Task It_is_said_what_is_missing(string types, string? password, string said)
    {
        using var vnc = Start(types);
        await using var source = new VncSource(new("127.0.0.1", vnc.Port) { Client = new() { Password = password } }, new Ears());
        source.Start();
        var first = await source.FirstTry;
        Assert.True(first.IsFinal);
        Assert.Contains(said, first.Trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("VncAuth")]
    [InlineData("TLSNone,TLSVnc,VncAuth")]
    public async Task Where_one_is_named_what_shows_no_certificate_is_refused(string types)
    {
        using var vnc = Start(types);
        await using var source = new VncSource(new("127.0.0.1", vnc.Port) { Fingerprint = fingerprint, Client = new() { Password = "sesame" } }, new Ears());
        source.Start();
        var first = await source.FirstTry;
        Assert.True(first.IsFinal);
        Assert.Contains("nothing that it offers shows one", first.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_the_one_named_is_refused_and_told()
    {
        using var vnc = Start("X509None");
        await using var source = new VncSource(new("127.0.0.1", vnc.Port) { Fingerprint = new string('0', 64) }, new Ears());
        source.Start();
        var first = await source.FirstTry;
        Assert.True(first.IsFinal);
        Assert.Contains(fingerprint, first.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_VNC_server_is_said_to_be_none_and_what_is_not_there_is_looked_for_again()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        int port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        var answering = Task.Run(async () => await (await other.AcceptSocketAsync()).SendAsync("SSH-2.0-Other\r\n"u8.ToArray()));
        await using var source = new VncSource(new("127.0.0.1", port), new Ears());
        source.Start();
        Assert.True((await source.FirstTry).IsFinal);
        await answering;

        await using var away = new VncSource(new("127.0.0.1", RealVncServer.FreePort()), new Ears());
        away.Start();
        var first = await away.FirstTry;
        Assert.False(first.IsFinal);
        Assert.Contains("nothing listens there", first.Trouble, StringComparison.Ordinal);
    }

    private RealVncServer Start(string types) =>
        RealVncServer.StartTiger(0, "-SecurityTypes", types, "-PasswordFile", password, "-X509Cert", certificate, "-X509Key", key);

    internal sealed class Ears : IVncSourceSink
    {
        public TaskCompletionSource Damaged { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsEncrypted { get; private set; }

        public void Happened(RfbClient client, in RfbClientEvent e)
        {
            IsEncrypted = client.IsEncrypted;
            if (e.Kind == RfbClientEventKind.Damaged)
            {
                Damaged.TrySetResult();
            }
        }

        public void Handled(RfbClient client) => client.Taken();

        public void Lost(string reason)
        {
        }
    }
}
