using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Tests.Linux;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A VNC viewer of ours wants another size of a desktop that is a VNC server's: that server is asked, and the viewer hears what it said.</summary>
[Collection(XServer.Tests)]
public sealed class SizeTests
{
    [Fact]
    public async Task A_source_that_can_takes_the_size_and_the_newest_of_many()
    {
        using var vnc = RealVncServer.StartTiger(0, "-SecurityTypes", "None");
        await using var room = await SourceRoom.OpenAsync(vnc.Port, vnc: true);
        await using var viewer = await DoorClient.ConnectAsync(room.VncPort, "sesame");
        await Until.True(() => viewer.Shows(new Frame(640, 480)), "the picture");
        await viewer.AskForSizeAsync(800, 600);
        await Until.True(() => viewer.Answers.Count == 1 && viewer.Shows(new Frame(800, 600)), "the size and the answer");
        Assert.Equal(SizeAnswer.Done, viewer.Answers[0]);
        Assert.Contains("800x600", vnc.Run("xdpyinfo"), StringComparison.Ordinal);
        room.Viewer.Await("the others see it", (s, _) => s.Desktop is { Width: 800, Height: 600 } && s.Picture is { Width: 800, Height: 600 });

        // As a window that is dragged: whatever comes of those in between, the last one counts.
        for (int i = 1; i <= 100; i++)
        {
            await viewer.AskForSizeAsync(800 + i, 600);
        }

        await Until.True(() => viewer.Shows(new Frame(900, 600)) && viewer.Answers.Count >= 2, "the last size and an answer");
        Assert.InRange(viewer.Answers.Count, 2, 100);
        Assert.All(viewer.Answers, answer => Assert.Equal(SizeAnswer.Done, answer));
    }

    [Fact]
    public async Task A_source_that_refuses_is_heard_and_goes_on()
    {
        using var x = XServer.Start("640x480x24");
        using var vnc = await RealVncServer.StartScraperAsync("x11vnc", x);
        using var painter = new XPainter(vnc.Display, 640, 480);
        await using var room = await SourceRoom.OpenAsync(vnc.Port, vnc: true);
        await using var viewer = await DoorClient.ConnectAsync(room.VncPort, "sesame");
        await Until.True(() => viewer.Has(640, 480), "the picture");
        await viewer.AskForSizeAsync(800, 600);
        await Until.True(() => viewer.Answers.Count == 1, "the answer");
        Assert.Equal(SizeAnswer.Prohibited, viewer.Answers[0]);
        Assert.True(viewer.Has(640, 480));
        painter.Fill(new(10, 10, 300, 200), 0x335577);
        painter.Flush();
        await Until.True(() => viewer.Pixel(20, 20) == 0x335577, "what is painted then");
    }

    [Fact]
    public async Task Without_control_the_source_is_not_asked()
    {
        using var vnc = RealVncServer.StartTiger(0, "-SecurityTypes", "None");
        await using var room = await SourceRoom.OpenAsync(vnc.Port, new Grant(View: true, Control: false, Clipboard: false), vnc: true);
        await using var viewer = await DoorClient.ConnectAsync(room.VncPort, "sesame");
        await Until.True(() => viewer.Has(640, 480), "the picture");
        await viewer.AskForSizeAsync(800, 600);
        await Until.True(() => viewer.Answers.Count == 1, "the answer");
        Assert.Equal(SizeAnswer.Prohibited, viewer.Answers[0]);
        Assert.Contains("640x480", vnc.Run("xdpyinfo"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, SizeAnswer.Done, 800)]
    [InlineData(false, SizeAnswer.Prohibited, 640)]
    public async Task Through_a_tunnel_it_is_the_same(bool control, SizeAnswer expected, int width)
    {
        using var vnc = RealVncServer.StartTiger(0, "-SecurityTypes", "None");
        await using var room = await SourceRoom.OpenAsync(vnc.Port);
        var tunnel = await TunnelRun.OpenAsync(room.Address, room.Invitation, new Grant(View: true, Control: control, Clipboard: true));
        await using (var viewer = await DoorClient.ConnectAsync(tunnel.Port, "sesame"))
        {
            await Until.True(() => viewer.Has(640, 480), "the picture");
            await viewer.AskForSizeAsync(800, 600);
            await Until.True(() => viewer.Answers.Count == 1 && viewer.Has(width, width * 3 / 4), "the answer");
            Assert.Equal(expected, viewer.Answers[0]);
        }

        await tunnel.EndAsync();
    }
}
