using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Native;
using Alongside.Host.Tests.Linux;
using Alongside.Host.Vnc;
using Alongside.Vnc.Security;

namespace Alongside.Host.Tests.Vnc;

/// <summary>TigerVNC's viewer in front of --vnc: its own screen is compared, pixel by pixel, and its person types.</summary>
[Collection(XServer.Tests)]
public sealed class ViewerTests : IAsyncLifetime
{
    private readonly FakeDesktop desktop = new();
    private readonly StringWriter output = new();
    private readonly XServer x = XServer.Start("800x600x24");
    private readonly string password = SourceTests.PasswordOf("sesame");
    private Pipeline pipeline = null!;
    private int port;

    public Task InitializeAsync()
    {
        pipeline = new Pipeline(
            new(new("http://127.0.0.1:1"), null, Grant.All, "Front desk", null, ConsentStyle.Terminal, null, Json: true)
            {
                Vnc = new VncChoice(new(IPAddress.Loopback, 0), [SecurityType.VncAuth], "sesame", IsGenerated: false, Certificate: null),
            },
            desktop,
            output,
            TextWriter.Null);
        pipeline.Start();
        using var line = JsonDocument.Parse(output.ToString().Split('\n')[0]);
        port = IPEndPoint.Parse(line.RootElement.GetProperty("vnc").GetProperty("address").GetString()!).Port;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await pipeline.DisposeAsync();
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
            "xtigervncviewer", "-passwd", password, "-PreferredEncoding", encoding, "-AutoSelect=0", "-NoJPEG", "-FullColour", "-RemoteResize=0", "-AlertOnFatalError=0", $"127.0.0.1::{port}");
        try
        {
            string window = "";
            await Until.True(() => (window = Search("Front desk")).Length > 0, "the viewer's window");
            var random = new Random(5);
            for (int round = 0; round < 5; round++)
            {
                for (int i = 0; i < 12; i++)
                {
                    int left = random.Next(300), top = random.Next(180);
                    desktop.Paint(new(left, top, random.Next(1, 320 - left), random.Next(1, 200 - top)), (uint)random.Next(1 << 24));
                }

                await Until.True(() => Shows(desktop.Screen), $"round {round} in {encoding}");
            }

            var (x0, y0) = Place();
            x.Run("xdotool", "mousemove", $"{x0 + 31}", $"{y0 + 47}", "click", "1");
            await Until.True(() => desktop.Injected.Contains("pointer 31,47 1"), "the click");

            // No window manager gives it the keyboard.
            x.Run("xdotool", "windowfocus", "--sync", window.Split('\n')[0]);
            x.Run("xdotool", "key", "a");
            await Until.True(() => desktop.Injected.Any(what => what.StartsWith("key down 61 ", StringComparison.Ordinal)), "the key");
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
                string window = "";
                await Until.True(() => (window = Search("Front desk")).Length > 0 && Shows(desktop.Screen), "the viewer's window");
                x.Run("xdotool", "windowfocus", "--sync", window.Split('\n')[0]);
                x.Run("sh", "-c", "printf 'für dich 😀' | xclip -selection clipboard -i >/dev/null 2>&1");
                await Until.True(() => desktop.Pasted == "für dich 😀", "the copy there");
                desktop.Copy("für mich 日本");
                await Until.True(() => Paste() == "für mich 日本", "the copy here");
                desktop.LoseDisplay();
                desktop.FindDisplay(400, 300);
                await Until.True(() => Shows(desktop.Screen), "the other size");
                desktop.Paint(new(20, 30, 350, 250), 0x123456);
                await Until.True(() => Shows(desktop.Screen), "what is painted then");
            }
            finally
            {
                viewer.Kill();
            }
        }

        await Until.True(() => Search("Front desk").Length == 0, "the window is gone");
        desktop.Paint(new(40, 50, 100, 100), 0x654321);
        using var again = Launch();
        await Until.True(() => Shows(desktop.Screen), "the desktop as it is now");
        again.Kill();
    }

    private Process Launch() => x.Launch(
        "xtigervncviewer", "-passwd", password, "-AutoSelect=0", "-NoJPEG", "-FullColour", "-RemoteResize=0", "-AlertOnFatalError=0", $"127.0.0.1::{port}");

    private string Paste()
    {
        using var run = x.Launch("xclip", "-o", "-selection", "clipboard", "-t", "UTF8_STRING");
        using var output = new StreamReader(run.StandardOutput.BaseStream, System.Text.Encoding.UTF8);
        string text = output.ReadToEnd();
        run.WaitForExit();
        return text;
    }

    private string Search(string name)
    {
        using var run = x.Launch("xdotool", "search", "--name", name);
        string found = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        return found;
    }

    /// <summary>Where on the screen the desktop's first pixel is; the window has no frame, because nobody manages windows here.</summary>
    private (int X, int Y) Place()
    {
        foreach (string line in Search("Front desk").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var facts = x.Run("xdotool", "getwindowgeometry", "--shell", line).Split('\n').Select(fact => fact.Split('=')).Where(fact => fact.Length == 2).ToDictionary(fact => fact[0], fact => fact[1]);
            if (facts["WIDTH"] == $"{desktop.Screen.Width}" && facts["HEIGHT"] == $"{desktop.Screen.Height}")
            {
                return (int.Parse(facts["X"]), int.Parse(facts["Y"]));
            }
        }

        return (0, 0);
    }

    private unsafe bool Shows(Frame wanted)
    {
        var (left, top) = Place();
        using var display = XDisplay.TryOpen(x.Display)!;
        var image = LibX11.XGetImage(display, display.Root, left, top, (uint)wanted.Width, (uint)wanted.Height, LibX11.AllPlanes, LibX11.ZPixmap);
        bool same = true;
        var pixels = new ReadOnlySpan<uint>((void*)image->Data, wanted.Width * wanted.Height);
        for (int i = 0; same && i < pixels.Length; i++)
        {
            same = ((pixels[i] ^ wanted.Pixels[i]) & 0xffffff) == 0;
        }

        _ = image->Destroy(image);
        return same;
    }
}
