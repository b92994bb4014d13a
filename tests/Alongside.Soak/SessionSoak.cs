using System.Diagnostics;
using System.Text.Json;
using Alongside.Testing.Simulation;

namespace Alongside.Soak;

/// <summary>Many <see cref="SessionRun"/>s, some at once. A failure does not end the others: it is counted and named by its seed.</summary>
internal static class SessionSoak
{
    private const int MostNamed = 20;
    private static readonly TimeSpan ProgressTime = TimeSpan.FromSeconds(10);

    /// <param name="direct">Sessions move to direct ways and back.</param>
    public static int Run(SoakOptions options, bool direct)
    {
        var results = new SessionResult?[options.Runs];
        var failures = new List<string>();
        var clock = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        int done = 0;
        Parallel.For(0, options.Runs, new() { MaxDegreeOfParallelism = options.Threads }, i =>
        {
            string? failure = null;
            try
            {
                results[i] = SessionRun.Run(options.Seed + (ulong)i, direct);
            }
            catch (SimulationException wrong)
            {
                failure = wrong.Message;
            }

            lock (failures)
            {
                done++;
                if (failure is not null)
                {
                    failures.Add(failure);
                    Console.Error.WriteLine(failure);
                }

                if (clock.Elapsed - told >= ProgressTime || done == options.Runs)
                {
                    told = clock.Elapsed;
                    Console.Error.WriteLine($"{done} of {options.Runs} sessions, {failures.Count} failed, {told.TotalSeconds:0} s");
                }
            }
        });

        Write(options, direct, results, failures, clock.Elapsed);
        return failures.Count == 0 ? 0 : 1;
    }

    private static void Write(SoakOptions options, bool direct, SessionResult?[] results, List<string> failures, TimeSpan took)
    {
        var good = results.OfType<SessionResult>().ToArray();
        long[] exact = [.. good.Select(result => result.ExactAfter).Order()];
        double Milliseconds(double share) => exact.Length == 0 ? 0 : exact[(int)Math.Min(exact.Length - 1, exact.Length * share)] / 1000.0;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            test = direct ? "links" : "sessions",
            firstSeed = options.Seed,
            runs = options.Runs,
            failed = failures.Count,
            failures = failures.Take(MostNamed),
            viewers = good.Sum(result => (long)result.Viewers),
            updatesShown = good.Sum(result => result.Updates),
            bytes = good.Sum(result => result.Bytes),
            ways = good.Sum(result => result.Ways),
            directBytes = good.Sum(result => result.DirectBytes),
            simulatedHours = Math.Round(good.Sum(result => result.Lasted) / 3.6e9, 2),
            exactAfterMs = new { p50 = Milliseconds(0.5), p95 = Milliseconds(0.95), most = Milliseconds(1) },
            trace = good.Aggregate(0UL, (all, result) => (all * 31) ^ result.Trace).ToString("x16"),
            seconds = Math.Round(took.TotalSeconds, 1),
        }));
    }
}
