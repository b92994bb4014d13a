using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Alongside.Core.Secure;
using Alongside.Host.Loop;
using Alongside.Net.Settings;
using Alongside.Net.Tls;
using Alongside.Net.Vnc;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;

namespace Alongside.Host.Vnc;

/// <summary>
/// Where VNC viewers come in (docs/vnc.md), beside those of a room or at this end of a tunnel. Each connection's session runs on the inbox's thread.
/// </summary>
internal sealed class VncDoor : IAsyncDisposable
{
    private readonly VncChoice choice;
    private readonly Inbox inbox;
    private readonly IRandomSource random;
    private readonly Action<Exception> log;
    private ServerOptions options;
    private readonly PasswordAttempts attempts = new();
    private readonly SharedMotion motion = new();
    private readonly X509Certificate2? certificate;
    private readonly VncListener listener;
    private readonly Action<VncConnection, string> arrived;

    /// <param name="arrived">A viewer and its address, before it has said anything: whoever is to hear it subscribes. On a thread of the pool.</param>
    /// <exception cref="SettingsException">The certificate can't be used.</exception>
    public VncDoor(VncChoice choice, Inbox inbox, IRandomSource random, Action<Exception> log, Action<VncConnection, string> arrived)
    {
        this.log = log;
        this.choice = choice;
        this.arrived = arrived;
        this.inbox = inbox;
        this.random = random;
        options = new("") { Password = choice.Password, SecurityTypes = choice.SecurityTypes };
        certificate = choice.SecurityTypes.Contains(SecurityType.VeNCrypt) ? choice.LoadCertificate() : null;
        listener = new(choice.Address, AcceptAsync);
    }

    public IPEndPoint Address => listener.Address;

    /// <summary>The password to show; null when somebody chose it or there is none.</summary>
    public string? NewPassword => choice.IsGenerated ? choice.Password : null;

    /// <summary>Of the certificate, as viewers show it when they ask whether to trust it; null without TLS.</summary>
    public string? Fingerprint => certificate?.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);

    /// <summary>Takes the address; nobody is let in yet.</summary>
    /// <exception cref="SettingsException">The address is taken or may not be used.</exception>
    public void Open()
    {
        try
        {
            listener.Open();
        }
        catch (SocketException error)
        {
            throw new SettingsException($"--vnc: {choice.Address} cannot be listened on: {error.Message}");
        }
    }

    /// <summary>Viewers may come in.</summary>
    /// <param name="name">What the desktop is called.</param>
    public void Start(string name)
    {
        options = options with { Name = name };
        listener.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        certificate?.Dispose();
    }

    private async Task AcceptAsync(Socket socket, Action letIn)
    {
        var from = (IPEndPoint)socket.RemoteEndPoint!;
        string address = (from.Address.IsIPv4MappedToIPv6 ? from.Address.MapToIPv4() : from.Address).ToString();
        byte[] challenge = new byte[VncAuth.ChallengeLength];
        random.Fill(challenge);
        var session = new ServerSession(MonotonicClock.Now, options, attempts, challenge, address, motion);
        var connection = new VncConnection(socket, session, inbox.Post, certificate);
        connection.Failed += log;
        connection.Happened += (_, e) =>
        {
            if (e.Kind == ServerEventKind.Ready)
            {
                letIn();
            }
        };
        arrived(connection, address);
        await connection.RunAsync();
    }
}
