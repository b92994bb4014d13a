namespace Alongside.Core.Tests.Secure;

/// <summary>
/// 10,000 seeded servers that swap keys, guess codes, drop, replay, reorder, cut, flip and rewrite. A failure names its seed; that seed alone
/// repeats the run to the byte.
/// </summary>
public sealed class EvilServerTests
{
    private const int Runs = 10_000;

    [Fact]
    public void No_server_gets_a_session_or_changes_what_is_said()
    {
        var runs = new int[Enum.GetValues<EvilPlan>().Length];
        var (sessions, resumed, delivered, refused, ended) = (0, 0, 0, 0, 0);
        var sum = new Lock();
        Parallel.For(0L, Runs, seed =>
        {
            using var server = new EvilServer((ulong)seed);
            try
            {
                server.Run();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }

            lock (sum)
            {
                runs[(int)server.Plan]++;
                sessions += server.Sessions;
                resumed += server.Resumed;
                delivered += server.Delivered;
                refused += server.Refused;
                ended += server.Ended;
            }
        });

        // The servers were not so bad that nothing was tried.
        Assert.All(runs, count => Assert.InRange(count, Runs / 8, Runs));
        Assert.InRange(sessions, Runs / 3, Runs * 2);
        Assert.InRange(resumed, Runs / 20, Runs);
        Assert.InRange(delivered, Runs, Runs * 20);
        Assert.InRange(refused, Runs / 10, Runs * 4);
        Assert.InRange(ended, Runs / 10, Runs * 4);
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            Assert.Equal(TraceOf(seed), TraceOf(seed));
        }

        Assert.NotEqual(TraceOf(1), TraceOf(2));
    }

    [Fact]
    public void A_server_that_knows_the_code_is_noticed_by_this_very_check()
    {
        // Otherwise the check above would prove nothing: with the right guess the server does get in.
        var won = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            using var server = new EvilServer(seed, guessesRight: true);
            try
            {
                server.Run();
            }
            catch (EvilServerWonException)
            {
                won++;
            }
        }

        Assert.InRange(won, 5, 40);
    }

    private static string TraceOf(ulong seed)
    {
        using var server = new EvilServer(seed);
        server.Run();
        return server.Trace;
    }
}
