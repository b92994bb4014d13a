using System.Diagnostics;
using System.Globalization;
using Alongside.Bench.Click;
using Alongside.Bench.Compare;
using Alongside.Bench.Desktop;
using Alongside.Bench.Desktop.Peers;
using Alongside.Bench.Links;
using Alongside.Bench.Props;
using Alongside.Bench.Record;
using Alongside.Bench.Screens;
using Alongside.Bench.VncDecode;

namespace Alongside.Bench.Report;

/// <summary>
/// <c>all</c>: every number of <c>docs/benchmarks.md</c>, one part after another. Each part keeps its figures when it ends, so that one that was
/// interrupted is gone on with by naming the parts that are missing.
/// </summary>
internal static class AllBench
{
    public const string Usage = """
        Usage: all [--quick] [--add] [PART...]
          compare   recorded frames through our encoder and X0tigervnc     5 minutes
          click     key to pixel in Chromium beside noVNC                  2 minutes
          decode    VNC sessions through our decoders and TigerVNC's       3 minutes
          loopback  every product, every workload                         17 minutes
          links     thin links: keys and films, three products            14 minutes
          --quick   Two seconds a workload and the products that matter most: 12 minutes in all.
          --add     Keeps the desktop's earlier figures as more runs.
        Without a part: all of them, then docs/benchmarks.md.
        """;

    private static readonly string[] Parts = ["compare", "click", "decode", "loopback", "links"];

    /// <summary>Of the numbers to reach, and what else has motion of its own kind. Recorded one by one: a minute of frames is gigabytes.</summary>
    private static readonly string[] Clips = ["typing", "terminal-scroll", "editor-scroll", "drag-over-photo", "drag-over-windows", "web-scroll", "web-scroll-steps", "window-switch", "page-loads"];

    private static readonly string[] Films = ["video-720p", "photo"];

    public static int Run(string[] args)
    {
        bool quick = args.Contains("--quick"), add = args.Contains("--add");
        string[] wanted = [.. args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal))];
        if (args.Except(Parts).Except(["--quick", "--add"]).Any())
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var clock = Stopwatch.StartNew();
        var findings = Findings.OfThisClone;
        Directory.CreateDirectory(findings.Folder);
        bool whole = true, fresh = !add;
        foreach (string part in Parts.Where(part => wanted.Length == 0 || wanted.Contains(part)))
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{part}, after {clock.Elapsed.TotalMinutes:0.0} min"));
            whole &= part switch
            {
                "compare" => Compare(findings, quick),
                "click" => ClickBench.Run(["--vnc", "--samples", quick ? "80" : "200", "--json", findings.ClickFile]) == 0,
                "decode" => VncDecodeBench.Run(["--runs", quick ? "1" : "3", "--json", findings.DecodeFile]) == 0,
                "loopback" => Desktop(quick, keep: add, LinkProfile.Loopback.Name, quick ? "alongside,x0vncserver,novnc" : string.Join(',', Peer.All.Select(peer => peer.Name).Except(["alongside-direct"])), []),

                // Beside what was just measured on loopback, if it was.
                _ => Desktop(quick, keep: add || !fresh, string.Join(',', LinkProfile.All.Where(link => !link.IsLoopback).Select(link => link.Name)), "alongside,alongside-direct,x0vncserver,novnc",
                    ["--only", quick ? "typing,video" : "typing,click-photos,page-loads,video,video-full"]),
            };
            fresh &= part != "loopback";
        }

        Page.Write(findings);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"All of it took {clock.Elapsed.TotalMinutes:0.0} minutes."));
        return whole ? 0 : 1;
    }

    private static bool Desktop(bool quick, bool keep, string links, string peers, string[] more) =>
        DesktopBench.Run(["--json", Findings.OfThisClone.DesktopFile, "--links", links, "--peers", peers, "--seconds", quick ? "2" : "3", .. more, .. keep ? (string[])["--add"] : []]) == 0;

    private static bool Compare(Findings findings, bool quick)
    {
        string folder = new PropFolder(Programs.Root()).At("clips"), frames = quick ? "24" : "60";
        bool whole = true;
        foreach (string clip in Clips.Concat(Films))
        {
            string file = Path.Combine(folder, clip + ".bgrx");
            whole &= RecordBench.Run(["--frames", frames, "--out", folder, clip]) == 0
                && CompareBench.Run([.. Films.Contains(clip) ? (string[])["--auto"] : [], "--json", findings.CompareFile, file]) == 0;
            File.Delete(file);
        }

        return whole;
    }
}
