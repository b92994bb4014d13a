using System.Globalization;
using Alongside.Bench.Desktop.Peers;
using Alongside.Bench.Desktop.Workloads;
using Alongside.Bench.Links;

namespace Alongside.Bench.Desktop;

/// <summary>What was asked for on the command line of <c>bench desktop</c>.</summary>
internal sealed record DesktopOptions(
    IReadOnlyList<Peer> Peers, IReadOnlyList<string> Workloads, IReadOnlyList<LinkProfile> Links, int Runs, string Size, double Seconds, string? Json, bool WriteDocs, string? From)
{
    public static string Usage { get; } = $"""
        Usage: desktop [--only WORKLOAD,...] [--peers NAME,...] [--links NAME,...] [--runs N] [--size 1920x1080] [--seconds 4] [--json FILE] [--write-docs] | --from FILE
          workloads  {string.Join(", ", Workload.All().Select(workload => workload.Name))}
          peers      {string.Join(", ", Peer.All.Select(peer => peer.Name))}
          links      {string.Join(", ", LinkProfile.All.Select(link => link.Name))} (default: loopback; the others need root)
        --write-docs writes docs/benchmarks.md and its charts; --from does it from the --json FILE of an earlier run and measures nothing.
        """;

    /// <exception cref="FormatException">The line makes no sense; the message says why.</exception>
    public static DesktopOptions Parse(string[] args)
    {
        var options = new DesktopOptions(Peer.All, [.. Workload.All().Select(workload => workload.Name)], [LinkProfile.Loopback], 1, "1920x1080", 4, null, false, null);
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
                "--json" => options with { Json = Value() },
                "--from" => options with { From = Value() },
                "--write-docs" => options with { WriteDocs = true },
                _ => throw new FormatException($"There is no option {args[i]}."),
            };
        }

        return options;
    }

    private static List<T> Pick<T>(string names, T[] all, Func<T, string> nameOf) =>
        [.. names.Split(',').Select(name => all.FirstOrDefault(one => nameOf(one) == name) ?? throw new FormatException($"There is no \"{name}\"; there are {string.Join(", ", all.Select(nameOf))}."))];
}
