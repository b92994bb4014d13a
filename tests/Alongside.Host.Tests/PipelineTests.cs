using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Alongside.Core.Input;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Loop;
using Alongside.Host.Room;
using Alongside.Net;
using Alongside.Server;
using Alongside.Testing;
using Microsoft.AspNetCore.Builder;

namespace Alongside.Host.Tests;

/// <summary>The whole host against a real server and a real viewer; only the desktop is made up.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private readonly string data = Directory.CreateTempSubdirectory("alongside-pipeline").FullName;
    private readonly FakeDesktop desktop = new();
    private readonly Lines output = new();
    private readonly StringWriter log = new();
    private WebApplication? server;
    private Pipeline? pipeline;
    private Uri address = null!;

    public async Task InitializeAsync() => address = new(await StartServerAsync(0));

    public async Task DisposeAsync()
    {
        if (pipeline is not null)
        {
            await pipeline.DisposeAsync();
        }

        await server!.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_code_leads_to_control_and_a_click_to_a_pixel()
    {
        await using var viewer = await JoinByCodeAsync(StartHost(null));
        viewer.Await("the picture is exact", (s, _) => LiveViewer.Shows(s, desktop.Screen));
        Assert.Equal("Anna", Assert.Single(desktop.Guests).Name);

        desktop.Clicked = (x, y) => desktop.Paint(new(x, y, 4, 4), 0xFF0000);
        viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(50, 60, 1)));
        viewer.Await("the click is seen", (s, _) => s.Picture!.Row(61, 51, 1)[0] == 0xFF0000);
        Assert.Contains("pointer 50,60 1", desktop.Injected);
        Assert.DoesNotContain(output.Links[0].Split('.')[^1], log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_moves_to_a_direct_path_and_stays_exact()
    {
        await using var viewer = await JoinByCodeAsync(StartHost(Grant.All, withLoopback: true), direct: true);
        viewer.Await("what is said takes a direct path", (s, _) => s.IsDirect, seconds: 60);
        long relayed = viewer.Received;
        desktop.Clicked = (x, y) => desktop.Paint(new(x, y, 4, 4), 0xFF0000);
        viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(50, 60, 1)));
        viewer.Await("the click is seen", (s, _) => s.Picture!.Row(61, 51, 1)[0] == 0xFF0000);
        viewer.Await("the picture is exact", (s, _) => LiveViewer.Shows(s, desktop.Screen));
        Assert.Equal(relayed, viewer.Received);
    }

    [Fact]
    public async Task A_host_that_was_told_not_to_stays_on_the_relay()
    {
        await using var viewer = await JoinByCodeAsync(StartHost(Grant.All, direct: false), direct: true);
        viewer.Await("the picture is exact", (s, _) => LiveViewer.Shows(s, desktop.Screen));
        Assert.DoesNotContain(Capability.Direct, viewer.Secured!.PeerCapabilities);
    }

    [Fact]
    public async Task A_wrong_code_is_burnt_and_the_person_gets_another()
    {
        string code = StartHost(null);
        string digits = code.Replace(" ", "", StringComparison.Ordinal);
        string wrong = digits[..^1] + (char)(digits[^1] == '9' ? '0' : digits[^1] + 1);
        await using (var guesser = new LiveViewer(address, Parse(wrong), "Mallory", Grant.All))
        {
            await guesser.JoinAsync();
            guesser.Await("the guess is refused", (s, _) => s.HasEnded);
            guesser.Await("they are put out of the room", (_, events) => events.Any(e => e.Text?.StartsWith("relay 4411", StringComparison.Ordinal) == true));
        }

        string renewed = output.NextCode();
        Assert.NotEqual(code, renewed);
        Assert.Contains(desktop.Said, said => said.Contains("wrong code", StringComparison.Ordinal));
        await using var viewer = await JoinByCodeAsync(renewed);
    }

    [Fact]
    public async Task A_server_that_is_killed_and_restarted_costs_five_seconds_at_most_and_no_stuck_key()
    {
        await using var viewer = await JoinByCodeAsync(StartHost(Grant.All));
        viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Key(true, 0x61, 4)));
        viewer.Await("the picture is exact", (s, _) => LiveViewer.Shows(s, desktop.Screen));
        Assert.True(SpinWait.SpinUntil(() => desktop.Injected.Contains("key down 61 4"), 5_000));

        await server!.StopAsync();
        await server.DisposeAsync();
        Assert.True(SpinWait.SpinUntil(() => desktop.Injected[^1] == "release", 5_000));
        desktop.Paint(new(10, 10, 100, 100), 0x00FF00);
        await StartServerAsync(address.Port);
        long up = LiveViewer.Now;

        viewer.Await("it is live again with what changed meanwhile", (s, _) => s.IsLive && LiveViewer.Shows(s, desktop.Screen), 30);
        Assert.InRange(LiveViewer.Now - up, 0, 20_000_000);
        viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Wheel(0, 120)));
        Assert.True(SpinWait.SpinUntil(() => desktop.Injected[^1] == "wheel 0,120", 5_000));
    }

    [Fact]
    public async Task Clipboards_go_both_ways_and_one_that_is_too_big_is_refused_with_a_notice()
    {
        await using var viewer = await JoinByCodeAsync(StartHost(Grant.All));
        desktop.Copy("from the desk");
        viewer.Await("the text arrives", (_, events) => events.Any(e => e.Clipboard.Text == "from the desk"));
        desktop.CopyTooBig(100_000_000);
        viewer.Await("it is told", (_, events) => events.Any(e => e.Control is ControlMessage.Notice { Code: "clipboard-too-big" }));
        viewer.Do(s => Assert.False(s.TryCopy(LiveViewer.Now, new(0, new string('x', 100_000_000)))));
        viewer.Do(s => Assert.True(s.TryCopy(LiveViewer.Now, new(0, new string('y', 4_000_000)))));
        Assert.True(SpinWait.SpinUntil(() => desktop.Pasted?.Length == 4_000_000, 10_000));
        viewer.Await("the session lives", (s, _) => s.IsLive);
    }

    [Fact]
    public async Task Stop_ends_it_at_once_and_a_lost_display_is_said_and_found_again()
    {
        await using var viewer = await JoinByCodeAsync(StartHost(Grant.All));
        viewer.Await("the picture is exact", (s, _) => LiveViewer.Shows(s, desktop.Screen));
        desktop.LoseDisplay();
        viewer.Await("it is told", (_, events) => events.Any(e => e.Control is ControlMessage.Lost));
        desktop.FindDisplay(200, 100);
        viewer.Await("the new picture is exact", (s, _) => LiveViewer.Shows(s, desktop.Screen));
        desktop.PressStop();
        viewer.Await("it has ended", (_, events) => events.Any(e => e is { Kind: ViewerEventKind.Ended, Text: ByeReason.Stopped }));
        Assert.True(SpinWait.SpinUntil(() => desktop.Guests.Count == 0, 5_000));
    }

    [Fact]
    public async Task Nothing_is_injected_where_our_windows_lie_or_while_the_person_is_asked()
    {
        desktop.Covered = new(0, 0, 20, 20);
        await using var viewer = await JoinByCodeAsync(StartHost(Grant.All));
        viewer.Do(s =>
        {
            s.Send(LiveViewer.Now, InputMessage.Pointer(5, 5, 1));
            s.Send(LiveViewer.Now, InputMessage.Pointer(50, 50, 1));
            s.Send(LiveViewer.Now, InputMessage.Pointer(50, 50, 0));
            s.Send(LiveViewer.Now, InputMessage.Pointer(50, 50, 1));
        });
        Assert.True(SpinWait.SpinUntil(() => desktop.Injected.Length == 4, 5_000));
        Assert.Equal(["pointer 5,5 0", "pointer 50,50 0", "pointer 50,50 0", "pointer 50,50 1"], desktop.Injected);
        desktop.IsAsking = true;
        viewer.Do(s =>
        {
            s.Send(LiveViewer.Now, InputMessage.Key(true, 0xff0d, 0x28));
            s.Send(LiveViewer.Now, InputMessage.Type("yes"));
            s.Send(LiveViewer.Now, InputMessage.Key(false, 0xff0d, 0x28));
        });
        Assert.True(SpinWait.SpinUntil(() => desktop.Injected.Length == 5, 5_000));
        Assert.Equal("key up ff0d 28", desktop.Injected[4]);
    }

    [Fact]
    public async Task A_mistake_in_here_ends_the_program_with_its_reason_and_every_key_up()
    {
        await using var viewer = await JoinByCodeAsync(StartHost(Grant.All));
        viewer.Await("the picture is exact", (s, _) => LiveViewer.Shows(s, desktop.Screen));
        desktop.GrabThrows = new InvalidOperationException("The grab broke.");
        desktop.Paint(new(1, 1, 5, 5), 0xFFFFFF);
        Assert.Equal(ExitCode.Failed, await pipeline!.Over.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("release", desktop.Injected[^1]);
        Assert.Contains("The grab broke.", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_the_connection_and_says_nothing_does_not_delay_the_end()
    {
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var inbox = new Inbox();
        var path = new RelayPath();
        var book = new CodeBook();
        using var room = new HostRoom(new("Front desk", null), book, path, SystemRandomSource.Instance);
        var signs = new Signs(desktop, TextWriter.Null, TextWriter.Null, json: true, inTerminal: false, null, _ => { });
        var driver = new RoomDriver(new($"http://{silent.LocalEndpoint}"), new(), null, book, path, room, inbox, signs, SystemRandomSource.Instance);
        driver.Start();
        using var connection = await silent.AcceptTcpClientAsync();

        // The attempt to connect would be given up after ten seconds.
        await driver.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task When_the_loop_breaks_nobody_waits_for_it_any_more()
    {
        var inbox = new Inbox();
        using var room = new HostRoom(new("Front desk", null), new CodeBook(), new RelayPath(), SystemRandomSource.Instance);
        var loop = new HostLoop(room, desktop, inbox, "server");
        inbox.Post(_ => throw new InvalidOperationException("The turn broke."));
        Assert.Throws<InvalidOperationException>(loop.Run);

        // More than the inbox takes: the relay's thread would stand here for ever.
        await Task.Run(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                inbox.PostPayload(1, new byte[65_000]);
            }
        }).WaitAsync(TimeSpan.FromSeconds(5));
    }

    private static Invitation Parse(string typed) =>
        RoomCode.TryParse(typed, out var invitation, out var error) ? invitation : throw new InvalidOperationException($"{error}");

    private async Task<LiveViewer> JoinByCodeAsync(string code, bool direct = false)
    {
        var viewer = new LiveViewer(address, Parse(code), "Anna", Grant.All, direct);
        await viewer.JoinAsync();
        viewer.Await("it is live", (s, _) => s.IsLive);
        return viewer;
    }

    private string StartHost(Grant? allow, bool direct = true, bool withLoopback = false)
    {
        var options = new CommandLine(address, null, allow, "Front desk", ":0", ConsentStyle.Automatic, null, Json: true) { Direct = direct, PortMapping = false };
        pipeline = new(options, desktop, output, TextWriter.Synchronized(log), withLoopback: withLoopback);
        pipeline.Start();
        return output.NextCode();
    }

    private async Task<string> StartServerAsync(int port)
    {
        var settings = new ServerSettings { Port = port, Data = data, Listen = System.Net.IPAddress.Loopback };
        server = Server.Program.Build(settings, TimeProvider.System);
        return await Server.Program.StartAsync(server, settings);
    }

    /// <summary>What the host prints, a line at a time.</summary>
    private sealed class Lines : TextWriter
    {
        private readonly BlockingCollection<string> lines = [];

        public override Encoding Encoding => Encoding.UTF8;

        public List<string> Links { get; } = [];

        public override void WriteLine(string? value) => lines.Add(value!);

        public string NextCode()
        {
            Assert.True(lines.TryTake(out string? line, 20_000), "no code was shown");
            using var json = JsonDocument.Parse(line!);
            Links.Add(json.RootElement.GetProperty("join").GetString()!);
            return json.RootElement.GetProperty("code").GetString()!;
        }
    }
}
