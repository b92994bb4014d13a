using System.Globalization;
using Alongside.Bench.Desktop.Peers;
using Alongside.Bench.Desktop.Workloads;
using Alongside.Bench.Links;

namespace Alongside.Bench.Desktop;

/// <summary>What was asked for on the command line of <c>bench desktop</c>.</summary>
internal sealed record DesktopOptions
{
    public static string Usage { get; } = $"""
        Usage: desktop [--only WORKLOAD,...] [--peers NAME,...] [--links NAME,...] [--runs N] [--size 1920x1080] [--seconds 4] [--warm 0] [--add] [--json FILE | --write-docs]
               desktop --from FILE
          workloads     {string.Join(", ", Workload.All().Select(workload => workload.Name))}
          peers         {string.Join(", ", Peer.All.Select(peer => peer.Name))}
          links         {string.Join(", ", LinkProfile.All.Select(link => link.Name))} (default: loopback; the others need root)
          --seconds N   Length of one workload's measurement; clicks take twice as long. Default 4.
          --warm N      Each product does every workload unmeasured first, so long each: what it compiles while it runs is compiled then.
          --json FILE   Writes all figures there, after every peer.
          --write-docs  The same into docs/benchmarks/desktop.json, and makes docs/benchmarks.md anew.
          --add         Keeps what the file holds already and adds to it: more runs, other peers or links.
          --from FILE   Measures nothing; prints what an earlier run wrote.
        """;

    public IReadOnlyList<Peer> Peers { get; private init; } = Peer.All;

    public IReadOnlyList<string> Workloads { get; private init; } = [.. Workload.All().Select(workload => workload.Name)];

    public IReadOnlyList<LinkProfile> Links { get; private init; } = [LinkProfile.Loopback];

    public int Runs { get; private init; } = 1;

    public string Size { get; private init; } = "1920x1080";

    public double Seconds { get; private init; } = 4;

    public double Warm { get; private init; }

    public string? Json { get; private init; }

    public bool WriteDocs { get; private init; }

    public bool Add { get; private init; }

    public string? From { get; private init; }

    /// <exception cref="FormatException">The line makes no sense; the message says why.</exception>
    public static DesktopOptions Parse(string[] args)
    {
        var options = new DesktopOptions();
        for (int i = 0; i < args.Length; i++)
        {
            string Value() => i + 1 < args.Length ? args[++i] : throw new FormatException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--only" => options with { Workloads = Pick(Value(), Workload.All(), workload => workload.Name).ConvertAll(workload => workload.Name) },
                "--peers" => options with { Peers = Pick(Value(), Peer.All, peer => peer.Name) },
                "--links" => options with { Links = Pick(Value(), LinkProfile.All, link => link.Name) },
                "--runs" => options with { Runs = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--size" => options with { Size = Value() },
                "--seconds" => options with { Seconds = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--warm" => options with { Warm = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--json" => options with { Json = Value() },
                "--from" => options with { From = Value() },
                "--write-docs" => options with { WriteDocs = true },
                "--add" => options with { Add = true },
                _ => throw new FormatException($"There is no option {args[i]}."),
            };
        }

        return options;
    }

    private static List<T> Pick<T>(string names, T[] all, Func<T, string> nameOf) =>
        [.. names.Split(',').Select(name => all.FirstOrDefault(one => nameOf(one) == name) ?? throw new FormatException($"There is no \"{name}\"; there are {string.Join(", ", all.Select(nameOf))}."))];
}
