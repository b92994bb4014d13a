using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>What somebody sees who comes while others are there already.</summary>
public sealed class BringingUp
{
    private static readonly SimulatedLine Line = new(2_000, 10_000_000), Thin = new(20_000, 60_000);
    private static readonly ushort[] WithFilms = [.. Capability.Known.Union([OpTable.H264])];

    [Fact]
    public void The_desktop_may_become_smaller_meanwhile()
    {
        using var host = new SimulatedHost(31, Grant.All, 1024, 512);
        using var first = host.Join(1, Line, capabilities: WithFilms);
        host.Run(1_000_000);
        using var second = host.Join(2, Thin, capabilities: WithFilms);
        for (int i = 0; i < 12; i++)
        {
            host.Run(100_000);
            host.PaintPhoto(new(600, 200, 300, 200));
        }

        host.SetLayout(256, 128);
        host.Run(10_000_000);
        Assert.True(first.SeesExactly(host.Screen));
        Assert.True(second.SeesExactly(host.Screen));
    }

    [Fact]
    public void Nobody_is_shown_what_was_there_long_before_they_came()
    {
        using var host = new SimulatedHost(32, Grant.All);
        using var hidden = host.Join(1, Line);
        host.Run(500_000);
        hidden.Session.IsVisible = false;
        for (int i = 0; i < 100; i++)
        {
            host.Paint(new(0, 0, 48, 64), 2);
            host.Run(100_000);
        }

        var before = Assert.Single(host.Room.Feed.Streams).Encoder.Reference;
        uint old = before.Row(9)[9];
        Assert.NotEqual(host.Screen.Row(9)[9], old);
        host.Paint(host.Screen.Bounds, 0);
        host.Run(500_000);
        using var comes = host.Join(2, Line);
        var seen = new HashSet<uint>();
        comes.Shown = picture => seen.Add(picture.Row(9)[9]);
        host.Run(2_000_000);
        Assert.DoesNotContain(old, seen);
        Assert.True(comes.SeesExactly(host.Screen));

        hidden.Session.IsVisible = true;
        hidden.Do(() => hidden.Session.Tick(host.Net.Now));
        host.Run(1_000_000);
        Assert.True(hidden.SeesExactly(host.Screen));
    }

    [Fact]
    public void While_the_display_is_away_nothing_is_due()
    {
        using var host = new SimulatedHost(33, Grant.All, 512, 512);
        using var viewer = host.Join(1, new(20_000, 200_000));
        host.Run(1_500_000);
        host.PaintPhoto(host.Screen.Bounds);
        host.Run(60_000);
        var stream = Assert.Single(host.Room.Feed.Streams);
        Assert.True(!stream.Pending.IsEmpty || stream.Encoder.HasDebt);
        host.Do(() => host.Room.Lost(host.Net.Now, "gone"));
        host.Run(400_000);
        Assert.True(host.Room.NextDeadline(host.Net.Now) is not { } due || due > host.Net.Now, "Something is due that cannot be done.");
    }
}
