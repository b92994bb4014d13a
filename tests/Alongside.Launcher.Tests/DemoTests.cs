using Alongside.Launcher.Demo;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Tests;

public sealed class DemoTests
{
    [Theory]
    [InlineData(1920, 1080)]
    [InlineData(1280, 720)]
    [InlineData(800, 600)]
    [InlineData(3840, 2160)]
    public void Windows_lie_side_by_side_on_the_screen(int width, int height)
    {
        var arrangement = new DemoArrangement(width, height);
        DemoArrangement.Place[] places = [arrangement.Terminal, arrangement.Page, arrangement.Editor, arrangement.Files];

        Assert.All(places, place => Assert.True(place.X >= 0 && place.Y >= 0 && place.Width > 0 && place.Height > 0
            && place.X + place.Width <= width && place.Y + place.Height <= height - DemoArrangement.Panel));
        for (int i = 0; i < places.Length; i++)
        {
            for (int j = i + 1; j < places.Length; j++)
            {
                var (a, b) = (places[i], places[j]);
                Assert.True(a.X + a.Width <= b.X || b.X + b.Width <= a.X || a.Y + a.Height <= b.Y || b.Y + b.Height <= a.Y);
            }
        }
    }

    [Fact]
    public void Every_file_of_the_demo_finds_its_place_and_no_blank_is_left()
    {
        string home = Directory.CreateTempSubdirectory("alongside-demo-").FullName;
        try
        {
            DemoHome.Prepare(home, new DemoArrangement(1280, 720));
            DemoHome.Prepare(home, new DemoArrangement(1280, 720));

            Assert.True(File.Exists(Path.Combine(home, "Documents", "Shopping list.txt")));
            Assert.DoesNotMatch(@"\{[a-z]+\}", File.ReadAllText(Path.Combine(home, ".config", "openbox", "rc.xml")));
            Assert.DoesNotMatch(@"\{[a-z]+\}", File.ReadAllText(Path.Combine(home, ".config", "tint2", "tint2rc")));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Theory]
    [InlineData("echo broken >&2; exit 1", 30_000)]
    [InlineData("echo broken >&2; exec sleep 60", 300)]
    public async Task A_message_bus_that_does_not_start_is_said_in_words(string script, int patience)
    {
        string logs = Directory.CreateTempSubdirectory("alongside-bus-").FullName;
        try
        {
            using var starter = new Starter(logs);
            var bus = await starter.StartAsync(new Launch("bus", "sh", ["-c", script]));

            var failure = await Assert.ThrowsAsync<StartException>(() =>
                DemoDesktop.AddressAsync(new TaskCompletionSource<string>().Task, bus, TimeSpan.FromMilliseconds(patience), CancellationToken.None));

            Assert.Contains("message bus", failure.Message, StringComparison.Ordinal);
            Assert.Contains(bus.Log, failure.Message, StringComparison.Ordinal);
            await bus.StopAsync(TimeSpan.Zero);
        }
        finally
        {
            Directory.Delete(logs, recursive: true);
        }
    }

    [Fact]
    public void The_wallpaper_covers_every_pixel()
    {
        var pixels = new uint[320 * 240];

        Wallpaper.Draw(pixels, 320, 240);

        Assert.DoesNotContain(0u, pixels);
    }
}
