using System.Net;
using System.Text.Json;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Tests.Linux;
using Alongside.Host.Vnc;
using Alongside.Host.Vnc.Source;
using Alongside.Server;
using Microsoft.AspNetCore.Builder;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A host that shares the desktop it is given: in a room on a server of ours, at a door for VNC viewers with the password "sesame", or both.</summary>
internal sealed class OpenHost : IAsyncDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("alongside-vnc").FullName;
    private WebApplication? server;
    private Pipeline? pipeline;

    /// <summary>Of the server; one that is nowhere when there is no room.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>What leads to the room.</summary>
    public Invitation Invitation { get; private set; } = null!;

    /// <summary>Where VNC viewers come in; 0: nowhere.</summary>
    public int Port { get; private set; }

    /// <summary>Of the door's certificate, if it has one.</summary>
    public string? Fingerprint { get; private set; }

    /// <param name="desktop">Owned from here on.</param>
    /// <param name="allow">The person's answer in advance; null: they are asked.</param>
    /// <param name="door">The door's kinds of security; none: there is no door.</param>
    /// <param name="hasRoom">There is a server, and a room on it.</param>
    public static async Task<OpenHost> StartAsync(IDesktop desktop, Grant? allow, byte[] door, bool hasRoom, SourceChoice? source = null)
    {
        var host = new OpenHost();
        if (hasRoom)
        {
            var settings = new ServerSettings { Port = 0, Data = host.data, Listen = IPAddress.Loopback };
            host.server = Server.Program.Build(settings, TimeProvider.System);
            host.Address = new(await Server.Program.StartAsync(host.server, settings));
        }

        var output = new StringWriter();
        host.pipeline = new Pipeline(
            new(host.Address, null, allow, "Front desk", null, ConsentStyle.Terminal, null, Json: true)
            {
                Source = source,
                Vnc = door.Length == 0 ? null : new VncChoice(new(IPAddress.Loopback, 0), door, "sesame", IsGenerated: false, Certificate: null),
            },
            desktop,
            TextWriter.Synchronized(output),
            TextWriter.Null);
        host.pipeline.Start();
        int lines = (door.Length == 0 ? 0 : 1) + (hasRoom ? 1 : 0);
        await Until.True(() => output.ToString().Count(c => c == '\n') >= lines, "the host is open");
        foreach (string line in output.ToString().Split('\n').Take(lines))
        {
            host.Hear(line);
        }

        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (pipeline is not null)
        {
            await pipeline.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(data, recursive: true);
    }

    private void Hear(string line)
    {
        using var said = JsonDocument.Parse(line);
        if (said.RootElement.TryGetProperty("vnc", out var vnc))
        {
            Port = IPEndPoint.Parse(vnc.GetProperty("address").GetString()!).Port;
            Fingerprint = vnc.TryGetProperty("fingerprint", out var fingerprint) ? fingerprint.GetString() : null;
        }
        else
        {
            Assert.True(RoomCode.TryParse(said.RootElement.GetProperty("join").GetString()!, out var invitation, out _));
            Invitation = invitation;
        }
    }
}
