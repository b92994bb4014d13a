using System.Net;
using System.Net.Sockets;
using Alongside.Core.Session;
using Alongside.Host.Tests.Linux;
using Alongside.Net.Settings;
using Alongside.Testing;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A desktop in a room, a tunnel that joins it, and a VNC viewer at the tunnel's end.</summary>
[Collection(XServer.Tests)]
public sealed class TunnelTests : IAsyncLifetime
{
    private readonly FakeDesktop desktop = new();
    private OpenHost host = null!;

    public async Task InitializeAsync() => host = await OpenHost.StartAsync(desktop, allow: null, door: [], hasRoom: true);

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_VNC_viewer_sees_every_pixel_of_the_room_and_uses_it()
    {
        var tunnel = await OpenAsync(Grant.All);
        await using (var viewer = await DoorClient.ConnectAsync(tunnel.Port, "sesame"))
        {
            var random = new Random(3);
            for (int round = 0; round < 6; round++)
            {
                int x = random.Next(300), y = random.Next(180);
                desktop.Paint(new(x, y, random.Next(1, 320 - x), random.Next(1, 200 - y)), (uint)random.Next(1 << 24));
                await Until.True(() => viewer.Shows(desktop.Screen), $"round {round}");
            }

            viewer.Do(c => c.Pointer(40, 50, 1));
            viewer.Do(c => c.Key(true, 0x61, 0x04));
            await Until.True(() => desktop.Injected.Contains("key down 61 4"), "the key");
            Assert.Contains("pointer 40,50 1", desktop.Injected);
            viewer.Do(c => c.Copy("für dich 😀"));
            await Until.True(() => desktop.Pasted == "für dich 😀", "the copy there");
            desktop.Copy("für mich 日本");
            await Until.True(() => viewer.Copied.Contains("für mich 日本"), "the copy here");
            desktop.LoseDisplay();
            desktop.FindDisplay(400, 300);
            await Until.True(() => viewer.Shows(desktop.Screen), "the other size");
        }

        // Gone with a key and a button held: they go up.
        await Until.True(() => desktop.Injected[^1] is "release" or "key up 61 4", "what was held goes up");
        await tunnel.EndAsync();
    }

    [Fact]
    public async Task Another_viewer_of_the_room_comes_and_goes_and_it_stays()
    {
        var tunnel = await OpenAsync(Grant.All);
        await using (var viewer = await DoorClient.ConnectAsync(tunnel.Port, "sesame"))
        {
            await Until.True(() => viewer.Shows(desktop.Screen), "the picture");
            for (int i = 0; i < 3; i++)
            {
                await using (var other = new LiveViewer(host.Address, host.Invitation, "Ben", Grant.All))
                {
                    await other.JoinAsync();
                    other.Await("the picture there", (s, _) => LiveViewer.Shows(s, desktop.Screen));
                }

                await Until.True(() => desktop.Guests.Count == 1, "the other is gone");
                desktop.Paint(new(i, 3, 20, 20), 0x123456);
                await Until.True(() => viewer.Shows(desktop.Screen), "the next picture");
            }
        }

        await tunnel.EndAsync();
    }

    [Fact]
    public async Task TigerVNCs_viewer_shows_the_room_and_uses_it()
    {
        using var x = XServer.Start("800x600x24");
        var window = new ViewerWindow(x, "Front desk");
        string password = SourceTests.PasswordOf("sesame");
        var tunnel = await OpenAsync(Grant.All);
        using (var viewer = x.Launch("xtigervncviewer", "-passwd", password, "-AutoSelect=0", "-NoJPEG", "-FullColour", "-RemoteResize=0", "-AlertOnFatalError=0", $"127.0.0.1::{tunnel.Port}"))
        {
            try
            {
                await Until.True(() => window.Find().Length > 0 && window.Shows(desktop.Screen), "the room in its window");
                desktop.Paint(new(30, 40, 200, 100), 0x123456);
                await Until.True(() => window.Shows(desktop.Screen), "what is painted");
                var (left, top) = window.Place(320, 200);
                x.Run("xdotool", "mousemove", $"{left + 31}", $"{top + 47}", "click", "1");
                await Until.True(() => desktop.Injected.Contains("pointer 31,47 1"), "the click");
            }
            finally
            {
                viewer.Kill();
            }
        }

        await tunnel.EndAsync();
        File.Delete(password);
    }

    [Fact]
    public async Task Looking_only_nothing_is_moved_and_Stop_ends_it_with_words()
    {
        var tunnel = await OpenAsync(new Grant(View: true, Control: false, Clipboard: false));
        await using var viewer = await DoorClient.ConnectAsync(tunnel.Port, "sesame");
        await Until.True(() => viewer.Shows(desktop.Screen), "the picture");
        int before = desktop.Injected.Length;
        viewer.Do(c => c.Pointer(1, 1, 1));
        desktop.Paint(new(3, 3, 20, 20), 0x123456);
        await Until.True(() => viewer.Shows(desktop.Screen), "the next picture");
        Assert.DoesNotContain(desktop.Injected[before..], what => what.StartsWith("pointer", StringComparison.Ordinal));
        desktop.PressStop();
        Assert.Equal(ExitCode.Done, await tunnel.Ended.WaitAsync(Until.Deadline));
        Assert.Contains("stopped it", tunnel.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_no_of_the_person_ends_it_before_any_viewer_may_come()
    {
        desktop.Answers = (_, _) => Task.FromResult(Grant.None);
        var tunnel = TunnelRun.Start(host.Address, host.Invitation, Grant.All);
        Assert.Equal(ExitCode.Done, await tunnel.Ended.WaitAsync(Until.Deadline));
        Assert.Contains("said no", tunnel.Log.ToString(), StringComparison.Ordinal);
        Assert.Empty(tunnel.Output);
    }

    [Fact]
    public async Task Where_its_port_is_taken_nobody_is_asked()
    {
        int asked = 0;
        desktop.Answers = (question, _) =>
        {
            asked++;
            return Task.FromResult(question.Asked);
        };
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var tunnel = TunnelRun.Start(host.Address, host.Invitation, Grant.All, ((IPEndPoint)other.LocalEndpoint).Port);
        var wrong = await Assert.ThrowsAsync<SettingsException>(() => tunnel.Ended.WaitAsync(Until.Deadline));
        Assert.Contains("cannot be listened on", wrong.Message, StringComparison.Ordinal);

        // The next one is asked about and let in: it is not the room that was in the way.
        Assert.Equal(0, asked);
        var next = await OpenAsync(Grant.All);
        await next.EndAsync();
    }

    [Fact]
    public async Task One_that_breaks_once_it_was_let_in_leaves_the_room_with_a_word()
    {
        using var output = new Broken();
        var tunnel = TunnelRun.Start(host.Address, host.Invitation, Grant.All, says: output);
        await Until.True(() => desktop.Guests.Count == 1, "the guest");
        output.MayBreak.SetResult();
        await Assert.ThrowsAsync<IOException>(() => tunnel.Ended.WaitAsync(Until.Deadline));
        await Until.True(() => desktop.Guests.Count == 0, "the guest is gone");
    }

    private Task<TunnelRun> OpenAsync(Grant allowed)
    {
        desktop.Answers = (question, _) => Task.FromResult(question.Asked.Intersect(allowed));
        return TunnelRun.OpenAsync(host.Address, host.Invitation, Grant.All);
    }

    /// <summary>A pipe whose reader has gone, as soon as it may be.</summary>
    private sealed class Broken : StringWriter
    {
        public TaskCompletionSource MayBreak { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void WriteLine(string? value)
        {
            MayBreak.Task.Wait(Until.Deadline);
            throw new IOException("Nobody reads this.");
        }
    }
}
