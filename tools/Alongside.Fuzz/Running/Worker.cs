using System.Diagnostics;
using System.Globalization;
using Alongside.Fuzz.Cases;
using Alongside.Fuzz.Coverage;
using Alongside.Fuzz.Targets;

namespace Alongside.Fuzz.Running;

/// <summary>
/// The child process that runs the code under test: makes cases, runs them, keeps those that went somewhere new, and says on standard output what it found.
/// <code>
/// at RUNS EDGES KEPT           now and then, and at the end
/// found FILE WORDS             for each finding, once
/// </code>
/// </summary>
internal sealed class Worker(Target target, Folders folders, int seed)
{
    // So many children of a case before the next is picked, since tracing its comparisons costs a run.
    private const int Children = 32;

    private readonly Random random = new(seed);
    private readonly HashSet<string> known = [];
    private long runs;

    public int Run(double seconds, string heartbeatFile)
    {
        using var heartbeat = Heartbeat.Open(heartbeatFile);
        var corpus = new Corpus(folders.Corpus(target), random);
        var words = Lexicon.Read(Path.Combine(AppContext.BaseDirectory, InstrumentedProgram.LexiconFile), target.Area);
        var mutator = new Mutator(random, words);
        foreach (var given in target.Seeds())
        {
            Try(given, heartbeat, corpus, isStored: true);
        }

        foreach (var given in corpus.Stored())
        {
            Try(given, heartbeat, corpus, isStored: true);
        }

        if (corpus.Count == 0)
        {
            throw new InvalidOperationException($"The target {target.Name} has no seeds, or its code is not instrumented.");
        }

        var clock = Stopwatch.StartNew();
        double said = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            var parent = corpus.Pick();
            Try(parent, heartbeat, corpus, isStored: true);
            mutator.Pairs.Clear();
            mutator.Pairs.AddRange(Footprint.Pairs.AsSpan(0, Footprint.PairCount));
            for (int i = 0; i < Children; i++)
            {
                Try(mutator.Mutate(parent, corpus.Pick(), target.MaxLength), heartbeat, corpus, isStored: false);
            }

            if (clock.Elapsed.TotalSeconds - said >= 1)
            {
                said = clock.Elapsed.TotalSeconds;
                Say(corpus);
            }
        }

        Say(corpus);
        return 0;
    }

    private void Say(Corpus corpus) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at {runs} {corpus.Edges} {corpus.Count}"));

    private void Try(Case given, Heartbeat heartbeat, Corpus corpus, bool isStored)
    {
        heartbeat.Begin(given);
        Footprint.Clear();
        runs++;
        if (Runner.Run(target, given) is { } finding)
        {
            Report(finding, heartbeat);
            return;
        }

        corpus.Judge(given, isStored);
    }

    private void Report(Finding finding, Heartbeat heartbeat)
    {
        if (!known.Add(finding.Signature))
        {
            return;
        }

        var smaller = new Minimiser(
            given =>
            {
                heartbeat.Begin(given);
                return Runner.Run(target, given)?.Signature == finding.Signature;
            },
            tries: 5000).Shrink(finding.Case);
        string file = folders.Write(target, finding with { Case = smaller });
        Console.WriteLine($"found {file} {finding.What.ReplaceLineEndings(" ")}");
    }
}
