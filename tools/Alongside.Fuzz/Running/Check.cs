using Alongside.Fuzz.Cases;
using Alongside.Fuzz.Targets;

namespace Alongside.Fuzz.Running;

/// <summary>
/// The short form, the same on every machine: seeds whole, cut short, a stream's byte by byte, and mutated a fixed number of times with a fixed seed. Without
/// coverage, so that it does not depend on how code was compiled; in the instrumented program, so that steps are counted. Prints one line a target:
/// <code>
/// checked NAME RUNS FINDINGS
/// </code>
/// </summary>
internal static class Check
{
    private const int Seed = 20;

    /// <summary>Of a long message so many beginnings are tried.</summary>
    private const int MostCuts = 64;

    public static int Run(IEnumerable<Target> targets, int runs, TextWriter output)
    {
        int wrong = 0;
        foreach (var target in targets)
        {
            var found = new Dictionary<string, Finding>();
            int done = 0;
            foreach (var given in Cases(target, runs))
            {
                done++;
                if (Runner.Run(target, given) is { } finding && found.TryAdd(finding.Signature, finding))
                {
                    output.WriteLine($"wrong {target.Name} {finding.What.ReplaceLineEndings(" ")} {Convert.ToHexString(given.ToFile().AsSpan(0, Math.Min(400, given.ToFile().Length)))}");
                }
            }

            wrong += found.Count;
            output.WriteLine($"checked {target.Name} {done} {found.Count}");
        }

        return wrong == 0 ? 0 : 1;
    }

    private static IEnumerable<Case> Cases(Target target, int runs)
    {
        var seeds = target.Seeds().ToArray();
        foreach (var seed in seeds)
        {
            yield return seed;
            if (target.IsStream)
            {
                yield return new([.. seed.Messages.SelectMany(message => message.Chunk(1))]);
            }

            // The last message is cut at every place, or at as many as are enough.
            byte[] last = seed.Messages[^1];
            int step = Math.Max(1, last.Length / MostCuts);
            for (int cut = 0; cut < last.Length; cut += step)
            {
                yield return new([.. seed.Messages.SkipLast(1), last[..cut]]);
            }
        }

        var random = new Random(Seed);
        var mutator = new Mutator(random, []);
        for (int i = 0; i < runs; i++)
        {
            yield return mutator.Mutate(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], target.MaxLength);
        }
    }
}
