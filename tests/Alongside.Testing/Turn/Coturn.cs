using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Alongside.Testing.Turn;

/// <summary>The real TURN server, on loopback, with credentials of a shared secret; UDP, TCP and TLS.</summary>
public sealed class Coturn : IAsyncDisposable
{
    public const string Secret = "known to both";
    private readonly Process process;
    private readonly string folder;

    private Coturn(Process process, string folder, int port, int tlsPort)
    {
        this.process = process;
        this.folder = folder;
        Port = port;
        TlsPort = tlsPort;
    }

    public int Port { get; }

    public int TlsPort { get; }

    public static async Task<Coturn> StartAsync(params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("alongside-coturn-").FullName;
        var (port, tlsPort) = (FreePort(), FreePort());
        await WriteCertificateAsync(folder);
        var start = new ProcessStartInfo("turnserver") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            "-n", "-L", "127.0.0.1", "-E", "127.0.0.1", "-p", $"{port}", "--tls-listening-port", $"{tlsPort}", "--allow-loopback-peers", "--cli-password", "unused-here-but-wanted",
            "--use-auth-secret", "--static-auth-secret", Secret, "-r", "example.org", "--cert", $"{folder}/cert.pem", "--pkey", $"{folder}/key.pem", "--log-file", "stdout", "--no-cli",
            "--pidfile", $"{folder}/pid", "--userdb", $"{folder}/db", "--fingerprint", .. more,
        ])
        {
            start.ArgumentList.Add(argument);
        }

        var coturn = new Coturn(Process.Start(start)!, folder, port, tlsPort);
        _ = coturn.process.StandardOutput.ReadToEndAsync();
        _ = coturn.process.StandardError.ReadToEndAsync();
        await coturn.ListensAsync();
        return coturn;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Its TCP port takes connections: then it takes packets too.</summary>
    private async Task ListensAsync()
    {
        await Eventually.TrueAsync(() => process.HasExited || (Connects(Port) && Connects(TlsPort)), "turnserver does not listen");
        if (process.HasExited)
        {
            throw new InvalidOperationException("turnserver ended at once");
        }
    }

    private static bool Connects(int port)
    {
        using var probe = new TcpClient();
        try
        {
            probe.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task WriteCertificateAsync(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=turn.example.org", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync($"{folder}/cert.pem", certificate.ExportCertificatePem());
        await File.WriteAllTextAsync($"{folder}/key.pem", key.ExportPkcs8PrivateKeyPem());
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
