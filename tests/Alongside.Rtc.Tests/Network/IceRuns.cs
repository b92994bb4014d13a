using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Network;

/// <summary>Two agents in simulated internets: the short form of `./alongside soak ice`.</summary>
public sealed class IceRuns
{
    /// <summary>Every pair of situations, by name: what can be direct is direct.</summary>
    [Fact]
    public void Every_pair_of_situations_takes_the_best_path_there_is()
    {
        var wrong = new List<string>();
        foreach (var a in Enum.GetValues<Situation>())
        {
            foreach (var b in Enum.GetValues<Situation>())
            {
                var run = IceRun.Run((ulong)((((int)a * 8) + (int)b) * 31), a, b);
                if (run.Wrong is not null)
                {
                    wrong.Add($"{run.What}: {run.Wrong}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Five_hundred_sessions_end_as_they_must()
    {
        var runs = new IceOutcome[500];
        Parallel.For(0, runs.Length, i => runs[i] = IceRun.Run((ulong)i + 1));
        var wrong = runs.Where(run => run.Wrong is not null).Select(run => $"seed {run.Seed}, {run.What}: {run.Wrong}");
        Assert.True(!wrong.Any(), string.Join('\n', wrong));
        Assert.InRange(runs.Count(run => run.DirectAt is not null), 150, 400);
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        for (ulong seed = 900; seed < 920; seed++)
        {
            Assert.Equal(IceRun.Run(seed), IceRun.Run(seed));
        }

        Assert.NotEqual(IceRun.Run(900).Digest, IceRun.Run(901).Digest);
    }
}
