using System.Text.Json;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Vnc.Source;
using Alongside.Net.Vnc;
using Alongside.Server;
using Alongside.Testing;
using Microsoft.AspNetCore.Builder;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A server of ours, a host whose desktop is a VNC server's, and a viewer in its room.</summary>
internal sealed class SourceRoom : IAsyncDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("alongside-vnc").FullName;
    private WebApplication server = null!;
    private Pipeline pipeline = null!;

    public LiveViewer Viewer { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public Invitation Invitation { get; private set; } = null!;

    public static async Task<SourceRoom> OpenAsync(int vncPort, Grant? allow = null)
    {
        var room = new SourceRoom();
        var settings = new ServerSettings { Port = 0, Data = room.data, Listen = System.Net.IPAddress.Loopback };
        room.server = Server.Program.Build(settings, TimeProvider.System);
        room.Address = new(await Server.Program.StartAsync(room.server, settings));
        var choice = new SourceChoice(new VncSourceOptions("127.0.0.1", vncPort) { Client = new() { Password = "sesame" } });
        var output = new StringWriter();
        room.pipeline = new Pipeline(
            new(room.Address, null, allow ?? Grant.All, "named nowhere", null, ConsentStyle.Terminal, null, Json: true) { Source = choice },
            await VncDesktop.OpenAsync(choice),
            TextWriter.Synchronized(output),
            TextWriter.Null);
        room.pipeline.Start();
        await Linux.Until.True(() => output.ToString().Contains('\n', StringComparison.Ordinal), "the room is open");
        using var ready = JsonDocument.Parse(output.ToString().Split('\n')[0]);
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
