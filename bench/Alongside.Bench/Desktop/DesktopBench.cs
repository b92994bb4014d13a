using System.Diagnostics;
using System.Globalization;
using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Desktop.Peers;
using Alongside.Bench.Desktop.Report;
using Alongside.Bench.Desktop.Workloads;
using Alongside.Bench.Links;
using Alongside.Bench.Props;
using Alongside.Bench.Report;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Desktop;

/// <summary>
/// <c>desktop</c>: the whole product beside what people use today, at the same scripted work with real programs, over the same links, in one run. Both
/// displays are on this machine, so one clock measures both ends; what a viewer shows is read from its display.
/// </summary>
internal static class DesktopBench
{
    private const double OpeningSeconds = 60;
    private const double CatchUpSeconds = 12;

    public static int Run(string[] args)
    {
        DesktopOptions options;
        try
        {
            options = DesktopOptions.Parse(args);
        }
        catch (FormatException mistake)
        {
            Console.Error.WriteLine($"{mistake.Message}\n{DesktopOptions.Usage}");
            return 2;
        }

        if (options.From is { } earlier)
        {
            if (Findings.Read<Measurement>(earlier) is not { } found)
            {
                Console.Error.WriteLine($"There is no file {earlier}.");
                return 2;
            }

            Console.WriteLine(Tables.Text(found));
            return 0;
        }

        var findings = Findings.OfThisClone;
        string? file = options.WriteDocs ? findings.DesktopFile : options.Json;
        Measurement before = new(options.Size, DateTime.UtcNow.ToString("yyyy-MM-dd"), Machine.Describe(), options.Seconds, []);
        before = options.Add && file is not null && Findings.Read<Measurement>(file) is { } found1 ? found1 : before;
        var results = new List<Result>(before.Results);
        int known = results.Count;
        var clock = Stopwatch.StartNew();
        try
        {
            Measure(options, results, () =>
            {
                if (file is not null)
                {
                    Findings.Write(file, before with { Results = [.. results] });
                }
            });
        }
        catch (InvalidOperationException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }

        Console.WriteLine(Tables.Text(before with { Results = [.. results] }));
        if (options.WriteDocs)
        {
            Page.Write(findings);
        }

        Console.Error.WriteLine($"{clock.Elapsed.TotalMinutes:0.0} minutes.");
        return results.Skip(known).Any(result => result.Failed is not null) ? 1 : 0;
    }

    /// <summary>Everything in a mixed order, another one each run: what warms up or tires must not always help the same.</summary>
    private static void Measure(DesktopOptions options, List<Result> results, Action keep)
    {
        var props = new PropFolder(Programs.Root());
        props.PreparePages();
        if (options.Workloads.Any(name => name.Contains("video", StringComparison.Ordinal)))
        {
            props.PrepareClips(options.Size);
        }

        var clock = Stopwatch.StartNew();
        var random = new Random(results.Count + 11);
        int first = results.Count == 0 ? 0 : results.Max(result => result.Run) + 1, done = 0;
        var peers = options.Peers.Where(IsInstalled).ToArray();
        for (int run = 0; run < options.Runs; run++)
        {
            foreach (var link in options.Links)
            {
                random.Shuffle(peers);
                foreach (var peer in peers)
                {
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{++done} of {options.Runs * options.Links.Count * peers.Length}, after {clock.Elapsed.TotalMinutes:0.0} min: {peer.Title}, {link.Title}"));
                    string[] workloads = [.. options.Workloads];
                    random.Shuffle(workloads);
                    Measure(peer, link, first + run, workloads, options, props, results);
                    keep();
                }
            }
        }
    }

    private static bool IsInstalled(Peer peer)
    {
        if (peer.Missing is { } missing)
        {
            Console.Error.WriteLine($"{peer.Title} is left out: {missing} is not installed.");
        }

        return peer.Missing is null;
    }

    private static void Measure(Peer peer, LinkProfile profile, int run, string[] workloads, DesktopOptions options, PropFolder props, List<Result> results)
    {
        using var link = new Link(profile);
        using var displays = new Programs();
        var stage = Record.Stage.Open(displays, options.Size, props);
        using var shared = stage.Screen;
        using var viewer = new Screen(displays.StartScreen(options.Size));
        displays.StartBareManager(viewer);
        using Programs serverSide = new(link.ServerSpace), viewerSide = new(link.ViewerSpace);
        var sides = new Sides(serverSide, viewerSide, shared.Name, viewer.Name, link.ServerAddress, options.Size);
        int port;
        try
        {
            port = peer.Open(sides);
            if (!IsShownWithin(OpeningSeconds, shared, viewer))
            {
                throw new InvalidOperationException("The viewer did not show the shared display within a minute.");
            }
        }
        catch (InvalidOperationException failure)
        {
            Console.Error.WriteLine($"  {failure.Message} {KeepPicture(props, peer.Name, viewer)}{serverSide.Complaints()}{viewerSide.Complaints()}");
            results.AddRange(workloads.Select(name => new Result(profile.Name, peer.Name, name, run) { Failed = failure.Message }));
            return;
        }

        foreach (var (name, isWarm) in workloads.Select(name => (name, false)).Concat(workloads.Select(name => (name, true))))
        {
            if (!isWarm && options.Warm == 0)
            {
                continue;
            }

            var result = new Result(profile.Name, peer.Name, name, run);
            if (isWarm)
            {
                results.Add(result);
            }

            using var programs = new Programs();
            try
            {
                var workload = Workload.All().First(one => one.Name == name);
                var room = new Room(stage.With(programs), viewer, new Meter(sides, port), isWarm ? options.Seconds : options.Warm);
                workload.Prepare(room.Stage);

                // A product that has not caught up by then is measured as it is: that it never does is a figure as well.
                _ = IsShownWithin(CatchUpSeconds, shared, viewer);
                workload.Run(room, result);
                Console.Error.WriteLine($"  {(isWarm ? "" : "warming up: ")}{Tables.Line(result)}");
            }
            catch (InvalidOperationException failure)
            {
                result.Failed = failure.Message;
                Console.Error.WriteLine($"  {name}: {failure.Message} {KeepPicture(props, peer.Name, viewer)}");
            }
        }
    }

    /// <summary>What the viewer showed instead; words that say where it is.</summary>
    private static string KeepPicture(PropFolder props, string peer, Screen viewer)
    {
        string file = props.At($"failed-{peer}.png");
        Programs.Run("ffmpeg", "-v", "error", "-y", "-f", "x11grab", "-i", viewer.Name, "-frames:v", "1", file);
        return $"What the viewer showed: {file}.";
    }

    /// <summary>Whether the viewer shows the shared display, pixel on pixel, at least nearly: some never show it exactly.</summary>
    private static bool IsShownWithin(double seconds, Screen shared, Screen viewer)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            if (Pictures.Psnr(shared.Read(), viewer.Read()) > 28)
            {
                return true;
            }

            Thread.Sleep(200);
        }

        return false;
    }
}
