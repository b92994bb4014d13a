using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>The short form of <c>./alongside soak links</c>.</summary>
public sealed class SimulatedLinks
{
    /// <summary>Five parts, so that a failure in one does not hide the others.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Sessions_move_between_relay_and_direct_ways_and_lose_and_double_nothing(int part)
    {
        long ways = 0, bytes = 0;
        for (ulong seed = (ulong)part * 100; seed < (ulong)(part + 1) * 100; seed++)
        {
            var run = SessionRun.Run(seed, direct: true);
            ways += run.Ways;
            bytes += run.DirectBytes;
        }

        Assert.InRange(ways, 50, 10_000);
        Assert.InRange(bytes, 1_000_000, long.MaxValue);
    }

    /// <summary>What `soak links` once found.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="what">Was wrong.</param>
    [Theory]
    [InlineData(100_051, "a host without time answered two beginnings of a viewer at once, and the viewer began again and again")]
    [InlineData(81, "a layout that came late was painted as it had been")]
    public void What_was_found_once_stays_found(ulong seed, string what)
    {
        Assert.NotEmpty(what);
        SessionRun.Run(seed, direct: true);
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        var once = SessionRun.Run(4_711, direct: true);
        Assert.Equal(once, SessionRun.Run(4_711, direct: true));
        Assert.NotEqual(once.Trace, SessionRun.Run(4_712, direct: true).Trace);
    }
}
