using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Loop;
using Alongside.Net.Settings;
using Alongside.Net.Tls;
using Alongside.Net.Vnc;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;

namespace Alongside.Host.Vnc;

/// <summary>Lets VNC viewers in beside those of the room (docs/vnc.md). The host's pipeline has no other part that knows of them.</summary>
internal sealed class VncDoor : IAsyncDisposable
{
    private readonly VncChoice choice;
    private readonly HostRoom room;
    private readonly Inbox inbox;
    private readonly IRandomSource random;
    private readonly Action<Exception> log;
    private readonly ServerOptions options;
    private readonly PasswordAttempts attempts = new();
    private readonly X509Certificate2? certificate;
    private readonly VncListener listener;

    /// <exception cref="SettingsException">The certificate can't be used.</exception>
    public VncDoor(VncChoice choice, string name, HostRoom room, Inbox inbox, IRandomSource random, Action<Exception> log)
    {
        this.log = log;
        this.choice = choice;
        this.room = room;
        this.inbox = inbox;
        this.random = random;
        options = new(name) { Password = choice.Password, SecurityTypes = choice.SecurityTypes };
        certificate = choice.SecurityTypes.Contains(SecurityType.VeNCrypt) ? choice.LoadCertificate() : null;
        listener = new(choice.Address, AcceptAsync);
    }

    public IPEndPoint Address => listener.Address;

    /// <summary>The password to show; null when somebody chose it or there is none.</summary>
    public string? NewPassword => choice.IsGenerated ? choice.Password : null;

    /// <summary>Of the certificate, as viewers show it when they ask whether to trust it; null without TLS.</summary>
    public string? Fingerprint => certificate?.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);

    /// <exception cref="SettingsException">The address is taken or may not be used.</exception>
    public void Start()
    {
        try
        {
            listener.Start();
        }
        catch (SocketException error)
        {
            throw new SettingsException($"--vnc: {choice.Address} cannot be listened on: {error.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        certificate?.Dispose();
    }

    private async Task AcceptAsync(Socket socket)
    {
        var from = (IPEndPoint)socket.RemoteEndPoint!;
        string address = (from.Address.IsIPv4MappedToIPv6 ? from.Address.MapToIPv4() : from.Address).ToString();
        byte[] challenge = new byte[VncAuth.ChallengeLength];
        random.Fill(challenge);
        var session = new ServerSession(MonotonicClock.Now, options, attempts, challenge, address);
        var connection = new VncConnection(socket, session, inbox.Post, certificate);
        var guest = new VncGuest(room, connection, address, inbox.Post);
        connection.Happened += guest.Handle;
        connection.Failed += log;
        await connection.RunAsync();
    }
}
