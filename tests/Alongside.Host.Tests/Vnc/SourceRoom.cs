using System.Net;
using System.Text.Json;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Vnc;
using Alongside.Host.Vnc.Source;
using Alongside.Net.Vnc;
using Alongside.Server;
using Alongside.Testing;
using Alongside.Vnc.Security;
using Microsoft.AspNetCore.Builder;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A server of ours, a host whose desktop is a VNC server's, and a viewer in its room.</summary>
internal sealed class SourceRoom : IAsyncDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("alongside-vnc").FullName;
    private WebApplication server = null!;
    private Pipeline pipeline = null!;

    public LiveViewer Viewer { get; private set; } = null!;

    /// <summary>Where VNC viewers come in with the password "sesame"; 0: nowhere.</summary>
    public int VncPort { get; private set; }

    public Uri Address { get; private set; } = null!;

    public Invitation Invitation { get; private set; } = null!;

    public static async Task<SourceRoom> OpenAsync(int vncPort, Grant? allow = null, bool vnc = false)
    {
        var room = new SourceRoom();
        var settings = new ServerSettings { Port = 0, Data = room.data, Listen = System.Net.IPAddress.Loopback };
        room.server = Server.Program.Build(settings, TimeProvider.System);
        room.Address = new(await Server.Program.StartAsync(room.server, settings));
        var choice = new SourceChoice(new VncSourceOptions("127.0.0.1", vncPort) { Client = new() { Password = "sesame" } });
        var output = new StringWriter();
        room.pipeline = new Pipeline(
            new(room.Address, null, allow ?? Grant.All, "named nowhere", null, ConsentStyle.Terminal, null, Json: true)
            {
                Source = choice,
                Vnc = vnc ? new VncChoice(new(IPAddress.Loopback, 0), [SecurityType.VncAuth], "sesame", IsGenerated: false, Certificate: null) : null,
            },
            await VncDesktop.OpenAsync(choice),
            TextWriter.Synchronized(output),
            TextWriter.Null);
        room.pipeline.Start();
        await Linux.Until.True(() => output.ToString().Count(c => c == '\n') == (vnc ? 2 : 1), "the room is open");
        string[] lines = output.ToString().Split('\n');
        if (vnc)
        {
            using var door = JsonDocument.Parse(lines[0]);
            room.VncPort = IPEndPoint.Parse(door.RootElement.GetProperty("vnc").GetProperty("address").GetString()!).Port;
        }

        using var ready = JsonDocument.Parse(lines[vnc ? 1 : 0]);
        Assert.True(RoomCode.TryParse(ready.RootElement.GetProperty("join").GetString()!, out var invitation, out _));
        room.Invitation = invitation;
        room.Viewer = new LiveViewer(room.Address, invitation, "Anna", Grant.All);
        await room.Viewer.JoinAsync();
        return room;
    }

    public async ValueTask DisposeAsync()
    {
        await Viewer.DisposeAsync();
        await pipeline.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}
