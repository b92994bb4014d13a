using System.Globalization;

namespace Alongside.Soak;

/// <param name="Runs">How many seeds.</param>
/// <param name="Seed">The first of them.</param>
/// <param name="Threads">How many at once.</param>
internal sealed record SoakOptions(int Runs, ulong Seed, int Threads)
{
    public const string Help = """
        ./alongside soak sessions|links|ice [--runs 10000] [--seed N] [--threads N]

        sessions: simulated sessions, each from its seed: a host and one to five viewers with everything between them but sockets, on lines
        with rates, queues, delay, jitter, loss and stalls, while viewers break off, come back, hide and leave. In every one no
        picture may be torn, and in the end everybody sees the screen exactly.

        links: the same, and most viewers have a direct way to the host as well, which stalls, dies in one direction or both, is closed and
        comes again, while the session moves to it and back to the relay, the server falls, and programs get no time for seconds. Besides,
        nobody who misses something hears nothing for five seconds.

        ice: two machines in a simulated internet, each run from its seed: routers of every kind, one or two deep, lines that lose,
        double and delay, TURN servers, a machine that moves. What can be direct is direct, data arrives as it was sent, and who
        has no direct path after five seconds says why.

          --runs N       How many. Default 10000.
          --seed N       The first seed; the others follow it. Default 0. "--runs 1 --seed N" repeats a run that failed.
          --threads N    How many at once. Default: one a processor.

        Progress goes to standard error, one JSON object to standard output. 1 is returned when a run failed.
        """;

    /// <exception cref="ArgumentException">The words are not understood; the message says which.</exception>
    public static SoakOptions Parse(ReadOnlySpan<string> words)
    {
        var options = new SoakOptions(10_000, 0, Environment.ProcessorCount);
        for (int i = 0; i < words.Length; i += 2)
        {
            if (i + 1 == words.Length || !ulong.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
            {
                throw new ArgumentException($"{words[i]} needs a number.");
            }

            options = words[i] switch
            {
                "--runs" when value is > 0 and <= int.MaxValue => options with { Runs = (int)value },
                "--seed" => options with { Seed = value },
                "--threads" when value is > 0 and <= 1024 => options with { Threads = (int)value },
                "--runs" or "--threads" => throw new ArgumentException($"{words[i]} {value} is out of range."),
                _ => throw new ArgumentException($"There is no option \"{words[i]}\"."),
            };
        }

        return options;
    }
}
