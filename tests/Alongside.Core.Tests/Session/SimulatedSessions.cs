using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>The short form of <c>./alongside soak sessions</c>.</summary>
public sealed class SimulatedSessions
{
    /// <summary>Four parts, so that a failure in one does not hide the others.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_picture_is_torn_and_everybody_sees_the_screen_exactly_in_the_end(int part)
    {
        long updates = 0;
        for (ulong seed = (ulong)part * 50; seed < (ulong)(part + 1) * 50; seed++)
        {
            updates += SessionRun.Run(seed).Updates;
        }

        Assert.InRange(updates, 1_000, 100_000);
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        var once = SessionRun.Run(4_711);
        Assert.Equal(once, SessionRun.Run(4_711));
        Assert.NotEqual(once.Trace, SessionRun.Run(4_712).Trace);
    }
}
