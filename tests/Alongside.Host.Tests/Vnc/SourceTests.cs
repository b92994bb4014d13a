using Alongside.Core.Input;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Tests.Linux;
using Alongside.Testing;

namespace Alongside.Host.Tests.Vnc;

/// <summary>Nothing made up: VNC servers that others wrote, shared in a room, and a viewer that looks and types.</summary>
[Collection(XServer.Tests)]
public sealed class SourceTests
{
    [Theory]
    [InlineData("Xtigervnc")]
    [InlineData("X0tigervnc")]
    [InlineData("x11vnc")]
    public async Task A_viewer_of_the_room_has_every_pixel_of_it(string program)
    {
        using var x = program == "Xtigervnc" ? null : XServer.Start("640x480x24");
        using var vnc = x is null ? RealVncServer.StartTiger(0, "-SecurityTypes", "None") : await RealVncServer.StartScraperAsync(program, x);
        using var painter = new XPainter(vnc.Display, 640, 480);
        await using var room = await SourceRoom.OpenAsync(vnc.Port);

        // X0tigervnc draws the pointer into the picture while it is anywhere but where a viewer has put it.
        room.Viewer.Await("the desktop is there", (s, _) => s.IsLive && s.Picture is not null);
        room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(300, 200, 0)));
        var random = new Random(11);
        for (int round = 0; round < 8; round++)
        {
            for (int i = 0; i < 30; i++)
            {
                int left = random.Next(640), top = random.Next(480);
                painter.Fill(new(left, top, random.Next(1, 641 - left), random.Next(1, 481 - top)), (uint)random.Next(1 << 24));
            }

            painter.Flush();
            var truth = painter.Read(640, 480);
            room.Viewer.Await($"{program} round {round} is seen exactly", (s, _) => s.Picture is { } picture && Same(picture, truth));
        }
    }

    [Fact]
    public async Task What_is_typed_and_clicked_reaches_it_and_what_was_copied_goes_both_ways()
    {
        using var vnc = RealVncServer.StartTiger(0, "-SecurityTypes", "VncAuth", "-PasswordFile", PasswordOf("sesame"));
        string typed = Path.GetTempFileName();
        using var terminal = vnc.Launch("xterm", "-fullscreen", "-geometry", "80x30+0+0", "-e", "sh", "-c", $"read line; echo \"$line\" > {typed}; sleep 60");
        await using var room = await SourceRoom.OpenAsync(vnc.Port);
        room.Viewer.Await("the desktop is there", (s, _) => s.IsLive && s.Picture is { Width: 640, Height: 480 });
        vnc.Run("timeout", "30", "xdotool", "search", "--sync", "--onlyvisible", "--class", "xterm");
        room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(200, 200, 1)));
        room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(200, 200, 0)));
        foreach (var (keysym, usage) in new (uint, ushort)[] { (0x61, 0x04), (0x62, 0x05), (0x31, 0x1e), (0xff0d, 0x28) })
        {
            room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Key(true, keysym, usage)));
            room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Key(false, keysym, usage)));
        }

        await Until.True(() => new FileInfo(typed).Length > 0, "the line is typed");
        Assert.Equal("ab1", (await File.ReadAllTextAsync(typed)).Trim());

        room.Viewer.Do(s => Assert.True(s.TryCopy(LiveViewer.Now, new(0, "für dich 😀"))));
        await Until.True(() => Programs.Paste(vnc.Launch) == "für dich 😀", "the paste there");
        vnc.Run("sh", "-c", "printf 'für mich 日本' | xclip -selection clipboard -i >/dev/null 2>&1");
        room.Viewer.Await("the copy comes", (_, events) => events.Any(e => e.Kind == ViewerEventKind.Clipboard && e.Clipboard.Text == "für mich 日本"));
        terminal.Kill();
        File.Delete(typed);
    }

    [Fact]
    public async Task The_room_follows_its_name_its_size_and_its_coming_and_going_and_says_where_encryption_ends()
    {
        int port = RealVncServer.FreePort();
        await using var room = await First(port);
        var viewer = room.Viewer;
        using (var vnc = RealVncServer.StartTiger(port, "-SecurityTypes", "TLSNone"))
        {
            viewer.Await("the desktop comes when the server does", (s, _) => s.Desktop is { Name: "Tiger", Width: 640, Gateway: { Protocol: "VNC", Encrypted: true } });
            vnc.Run("xrandr", "-s", "800x600");
            viewer.Await("the new size", (s, _) => s.Desktop is { Width: 800, Height: 600 } && s.Picture is { Width: 800, Height: 600 });
            viewer.Await("the pointer's picture", (_, events) => events.Any(e => e.Cursor is CursorMessage.Shape));
        }

        viewer.Await("it is said that the server went", (s, events) => s.Desktop is null && events.Any(e => e.Control is ControlMessage.Lost));
        using (var vnc = RealVncServer.StartTiger(port, "-SecurityTypes", "None", "-desktop", "Again"))
        {
            viewer.Await("the same session goes on", (s, _) => s.Desktop is { Name: "Again", Width: 640, Gateway.Encrypted: false } && s.Picture is { Width: 640 }, seconds: 40);
            using var painter = new XPainter(vnc.Display, 640, 480);
            painter.Fill(new(10, 10, 300, 200), 0x335577);
            painter.Flush();
            var truth = painter.Read(640, 480);
            viewer.Await("every pixel of it", (s, _) => Same(s.Picture!, truth));
        }
    }

    [Fact]
    public async Task A_server_that_can_takes_another_size_when_it_is_asked()
    {
        using var vnc = RealVncServer.StartTiger(0, "-SecurityTypes", "None");
        await using var viewer = await DoorClient.ConnectAsync(vnc.Port, null);
        await Until.True(() => viewer.Shows(new Frame(640, 480)), "the picture");
        bool asked = false;
        await Until.True(() =>
        {
            viewer.Do(client => asked = client.TryAskForSize(800, 600));
            return asked;
        }, "the server said that it can");
        await Until.True(() => viewer.Shows(new Frame(800, 600)), "the other size");
        Assert.Contains("800x600", vnc.Run("xdpyinfo"), StringComparison.Ordinal);
    }

    /// <summary>QEMU's keys say where a key is. With -RawKeyboard the server goes by that alone: what the key means here is of no account.</summary>
    [Fact]
    public async Task A_server_that_goes_by_the_place_of_a_key_is_told_it()
    {
        using var vnc = RealVncServer.StartTiger(0, "-SecurityTypes", "None", "-RawKeyboard=1");
        string typed = Path.GetTempFileName();
        using var terminal = vnc.Launch("xterm", "-fullscreen", "-geometry", "80x30+0+0", "-e", "sh", "-c", $"read line; echo \"$line\" > {typed}; sleep 60");
        await using var room = await SourceRoom.OpenAsync(vnc.Port);
        room.Viewer.Await("the desktop is there", (s, _) => s.IsLive && s.Picture is { Width: 640, Height: 480 });
        vnc.Run("timeout", "30", "xdotool", "search", "--sync", "--onlyvisible", "--class", "xterm");
        room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(200, 200, 1)));
        room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(200, 200, 0)));

        // A French keyboard has Q where an English one has A, and A where that has Q.
        foreach (var (keysym, usage) in new (uint, ushort)[] { ('q', 0x04), ('a', 0x14), ('b', 0x05), (0xff0d, 0x28) })
        {
            room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Key(true, keysym, usage)));
            room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Key(false, keysym, usage)));
        }

        await Until.True(() => new FileInfo(typed).Length > 0, "the line is typed");
        Assert.Equal("aqb", (await File.ReadAllTextAsync(typed)).Trim());
        terminal.Kill();
        File.Delete(typed);
    }

    /// <summary>A copy of what stays where it was can only be known by being told: nothing of it lies where the picture changes, which is all that is searched.</summary>
    [Theory]
    [InlineData(20, 30, 200, 120, 37, 23)]
    [InlineData(10, 10, 130, 80, 160, 100)]
    public async Task What_the_server_copies_is_a_copy_in_the_room(int x, int y, int width, int height, int deltaX, int deltaY)
    {
        using var vnc = new CopyingServer(320, 200);
        await using var room = await SourceRoom.OpenAsync(vnc.Port);
        room.Viewer.Await("the noise is there", (s, _) => LiveViewer.Shows(s, vnc.Screen));
        long before = room.Viewer.Received;
        await vnc.CopyAsync(new(x, y, width, height), deltaX, deltaY);
        room.Viewer.Await("the copy is there", (s, _) => LiveViewer.Shows(s, vnc.Screen));

        // Noise of that size is three bytes a pixel, whatever compresses it.
        Assert.InRange(room.Viewer.Received - before, 1, width * height * 3 / 20);
    }

    [Fact]
    public async Task A_viewer_without_control_moves_nothing_there()
    {
        using var vnc = RealVncServer.StartTiger(0, "-SecurityTypes", "None");
        await using var room = await SourceRoom.OpenAsync(vnc.Port, new Grant(View: true, Control: false, Clipboard: false));
        room.Viewer.Await("the desktop is there", (s, _) => s.IsLive && s.Picture is not null);
        string before = vnc.Run("xdotool", "getmouselocation");
        room.Viewer.Do(s => s.Send(LiveViewer.Now, InputMessage.Pointer(17, 19, 0)));
        room.Viewer.Do(s => s.Ping(LiveViewer.Now));
        room.Viewer.Await("what was sent has been read", (s, _) => s.RoundTrip is not null);
        Assert.Equal(before, vnc.Run("xdotool", "getmouselocation"));
    }

    private static bool Same(Frame picture, uint[] truth)
    {
        if (picture.Pixels.Length != truth.Length)
        {
            return false;
        }

        for (int i = 0; i < truth.Length; i++)
        {
            if (((picture.Pixels[i] ^ truth[i]) & 0xffffff) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A room whose VNC server is not there yet.</summary>
    private static Task<SourceRoom> First(int port) => SourceRoom.OpenAsync(port);

    /// <summary>A password file of TigerVNC's own making.</summary>
    internal static string PasswordOf(string password)
    {
        string file = Path.GetTempFileName();
        var info = new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"printf '%s\\n' '{password}' | tigervncpasswd -f > {file}"]);
        using var run = System.Diagnostics.Process.Start(info)!;
        run.WaitForExit();
        Assert.Equal(0, run.ExitCode);
        return file;
    }
}
