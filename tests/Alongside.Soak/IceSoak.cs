using System.Diagnostics;
using System.Text.Json;
using Alongside.Testing.Network;

namespace Alongside.Soak;

/// <summary>Many <see cref="IceRun"/>s, some at once: two machines each, in an internet drawn from the seed.</summary>
internal static class IceSoak
{
    private const int MostNamed = 20;
    private static readonly TimeSpan ProgressTime = TimeSpan.FromSeconds(10);

    public static int Run(SoakOptions options)
    {
        var results = new IceOutcome[options.Runs];
        var failures = new List<string>();
        var clock = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        int done = 0;
        Parallel.For(0, options.Runs, new() { MaxDegreeOfParallelism = options.Threads }, i =>
        {
            var result = results[i] = IceRun.Run(options.Seed + (ulong)i);
            lock (failures)
            {
                done++;
                if (result.Wrong is { } wrong)
                {
                    failures.Add($"seed {result.Seed}, {result.What}: {wrong}");
                    Console.Error.WriteLine(failures[^1]);
                }

                if (clock.Elapsed - told >= ProgressTime || done == options.Runs)
                {
                    told = clock.Elapsed;
                    Console.Error.WriteLine($"{done} of {options.Runs} pairs, {failures.Count} failed, {told.TotalSeconds:0} s");
                }
            }
        });

        long[] direct = [.. results.Select(result => result.DirectAt).OfType<long>().Order()];
        double Milliseconds(double share) => direct.Length == 0 ? 0 : direct[(int)Math.Min(direct.Length - 1, direct.Length * share)] / 1000.0;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            test = "ice",
            firstSeed = options.Seed,
            runs = options.Runs,
            failed = failures.Count,
            failures = failures.Take(MostNamed),
            couldBeDirect = results.Count(result => result.CouldBeDirect),
            direct = direct.Length,
            relayed = results.Count(result => result.DirectAt is null && result.HasPath),
            withoutPath = results.Count(result => !result.HasPath),
            packets = results.Sum(result => result.Packets),
            directAfterMs = new { p50 = Milliseconds(0.5), p95 = Milliseconds(0.95), most = Milliseconds(1) },
            trace = results.Aggregate(0UL, (all, result) => (all * 31) ^ result.Digest).ToString("x16"),
            seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
        }));
        return failures.Count == 0 ? 0 : 1;
    }
}
