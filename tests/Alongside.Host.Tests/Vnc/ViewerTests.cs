using System.Diagnostics;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Tests.Linux;
using Alongside.Vnc.Security;

namespace Alongside.Host.Tests.Vnc;

/// <summary>TigerVNC's viewer in front of --vnc: its own screen is compared, pixel by pixel, and its person types.</summary>
[Collection(XServer.Tests)]
public sealed class ViewerTests : IAsyncLifetime
{
    private readonly FakeDesktop desktop = new();
    private readonly XServer x = XServer.Start("800x600x24");
    private readonly ViewerWindow window;
    private readonly string password = SourceTests.PasswordOf("sesame");
    private OpenHost host = null!;

    public ViewerTests() => window = new(x, "Front desk");

    public async Task InitializeAsync() => host = await OpenHost.StartAsync(desktop, Grant.All, [SecurityType.VncAuth], hasRoom: false);

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        x.Dispose();
        File.Delete(password);
    }

    [Theory]
    [InlineData("Tight")]
    [InlineData("ZRLE")]
    [InlineData("Hextile")]
    [InlineData("Raw")]
    public async Task Its_window_shows_every_pixel_and_what_it_does_is_done(string encoding)
    {
        using var viewer = x.Launch(
            "xtigervncviewer", "-passwd", password, "-PreferredEncoding", encoding, "-AutoSelect=0", "-NoJPEG", "-FullColour", "-RemoteResize=0", "-AlertOnFatalError=0", $"127.0.0.1::{host.Port}");
        try
        {
            string found = "";
            await Until.True(() => (found = window.Find()).Length > 0, "the viewer's window");
            var random = new Random(5);
            for (int round = 0; round < 5; round++)
            {
                for (int i = 0; i < 12; i++)
                {
                    int left = random.Next(300), top = random.Next(180);
                    desktop.Paint(new(left, top, random.Next(1, 320 - left), random.Next(1, 200 - top)), (uint)random.Next(1 << 24));
                }

                await Until.True(() => window.Shows(desktop.Screen), $"round {round} in {encoding}");
            }

            var (x0, y0) = window.Place(320, 200);
            x.Run("xdotool", "mousemove", $"{x0 + 31}", $"{y0 + 47}", "click", "1");
            await Until.True(() => desktop.Injected.Contains("pointer 31,47 1"), "the click");

            // No window manager gives it the keyboard. It says where a key is as well (QEMU's extension): 4 is A's place in USB HID.
            x.Run("xdotool", "windowfocus", "--sync", found.Split('\n')[0]);
            x.Run("xdotool", "key", "a");
            await Until.True(() => desktop.Injected.Contains("key down 61 4"), "the key");
        }
        finally
        {
            viewer.Kill();
        }
    }

    [Fact]
    public async Task What_is_copied_goes_both_ways_its_window_follows_the_size_and_it_may_come_again()
    {
        using (var viewer = Launch())
        {
            try
            {
                string found = "";
                await Until.True(() => (found = window.Find()).Length > 0 && window.Shows(desktop.Screen), "the viewer's window");
                x.Run("xdotool", "windowfocus", "--sync", found.Split('\n')[0]);
                x.Run("sh", "-c", "printf 'für dich 😀' | xclip -selection clipboard -i >/dev/null 2>&1");
                await Until.True(() => desktop.Pasted == "für dich 😀", "the copy there");
                desktop.Copy("für mich 日本");
                await Until.True(() => window.Paste() == "für mich 日本", "the copy here");
                desktop.LoseDisplay();
                desktop.FindDisplay(400, 300);
                await Until.True(() => window.Shows(desktop.Screen), "the other size");
                desktop.Paint(new(20, 30, 350, 250), 0x123456);
                await Until.True(() => window.Shows(desktop.Screen), "what is painted then");
            }
            finally
            {
                viewer.Kill();
            }
        }

        await Until.True(() => window.Find().Length == 0, "the window is gone");
        desktop.Paint(new(40, 50, 100, 100), 0x654321);
        using var again = Launch();
        await Until.True(() => window.Shows(desktop.Screen), "the desktop as it is now");
        again.Kill();
    }

    private Process Launch() => x.Launch(
        "xtigervncviewer", "-passwd", password, "-AutoSelect=0", "-NoJPEG", "-FullColour", "-RemoteResize=0", "-AlertOnFatalError=0", $"127.0.0.1::{host.Port}");
}
