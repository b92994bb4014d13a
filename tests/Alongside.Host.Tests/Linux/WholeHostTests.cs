using System.Text.Json;
using Alongside.Core.Input;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Server;
using Alongside.Testing;
using Microsoft.AspNetCore.Builder;
using Xunit.Abstractions;

namespace Alongside.Host.Tests.Linux;

/// <summary>Nothing made up: an X server, a terminal on it, the host, the server, and a viewer that types.</summary>
[Collection(XServer.Tests)]
public sealed class WholeHostTests(ITestOutputHelper say) : IAsyncLifetime
{
    private const int Keys = 40;

    private readonly string data = Directory.CreateTempSubdirectory("alongside-whole").FullName;
    private readonly XServer x = XServer.Start("1920x1080x24");
    private WebApplication? server;
    private Uri address = null!;

    public async Task InitializeAsync()
    {
        var settings = new ServerSettings { Port = 0, Data = data, Listen = System.Net.IPAddress.Loopback };
        server = Server.Program.Build(settings, TimeProvider.System);
        address = new(await Server.Program.StartAsync(server, settings));
    }

    public async Task DisposeAsync()
    {
        await server!.DisposeAsync();
        x.Dispose();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task What_is_typed_reaches_a_terminal_and_its_pixels_come_back()
    {
        string typed = Path.Combine(data, "typed");
        using var terminal = x.Launch("xterm", "-fullscreen", "-geometry", "100x30+0+0", "-e", "sh", "-c", $"read line; echo \"$line\" > {typed}; sleep 60");
        var output = new StringWriter();
        var desktop = Systems.Open(x.Display, ConsentStyle.Terminal);
        await using var pipeline = new Pipeline(
            new(address, null, Grant.All, "Xvfb", x.Display, ConsentStyle.Terminal, null, Json: true), desktop, TextWriter.Synchronized(output), TextWriter.Null);
        pipeline.Start();
        Assert.True(SpinWait.SpinUntil(() => output.ToString().Contains('\n', StringComparison.Ordinal), 20_000));
        using var ready = JsonDocument.Parse(output.ToString().Split('\n')[0]);
        Assert.True(RoomCode.TryParse(ready.RootElement.GetProperty("join").GetString()!, out var invitation, out _));

        await using var viewer = new LiveViewer(address, invitation, "Anna", Grant.All);
        await viewer.JoinAsync();
        viewer.Await("the picture is there", (s, _) => s.IsLive && s.Picture is { Width: 1920, Height: 1080 });
        viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(200, 200, 1)));
        viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(200, 200, 0)));

        // The terminal's prompt is up when a key changes the picture.
        var delays = new List<long>();
        for (int i = 0; i < Keys; i++)
        {
            int before = Updates(viewer);
            long at = LiveViewer.Now;
            viewer.Do(s => s.Send(at, InputMessage.Key(true, 0x61, 4)));
            viewer.Do(s => s.Send(at, InputMessage.Key(false, 0x61, 4)));
            viewer.Await("the letter is seen", (_, events) => events.Count(e => e.Kind == ViewerEventKind.Updated) > before);
            delays.Add(LiveViewer.Now - at);
        }

        viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Key(true, 0xff0d, 0x28)));
        viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Key(false, 0xff0d, 0x28)));
        Assert.True(SpinWait.SpinUntil(() => File.Exists(typed) && new FileInfo(typed).Length > 0, 10_000));
        Assert.Matches("^a+$", (await File.ReadAllTextAsync(typed)).Trim());
        delays.Sort();
        say.WriteLine($"key to decoded update: p50 {delays[Keys / 2]} us, p95 {delays[Keys * 95 / 100]} us");
    }

    private static int Updates(LiveViewer viewer)
    {
        int count = 0;
        viewer.Await("", (_, events) =>
        {
            count = events.Count(e => e.Kind == ViewerEventKind.Updated);
            return true;
        });
        return count;
    }
}
