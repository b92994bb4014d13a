using System.Diagnostics;
using System.Globalization;
using Alongside.Bench.Report;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Click;

/// <summary>
/// Click to pixel: from a key pressed on the helper's machine to its effect in the helper's browser. The whole road on one machine:
/// XTEST key on the viewer's display -> Chromium -> relay -> host -> XTEST key on the shared display -> a window that flips black and
/// white -> damage -> codec -> relay -> Chromium's worker and canvas -> pixels of the viewer's display, polled through shared memory.
/// <c>click [--samples 200] [--size 1920x1080] [--window 320x200] [--vnc | --only-vnc] [--json FILE]</c>; with --vnc the same for X0tigervnc and noVNC, and for
/// X0tigervnc as the source of a room in our page, in the same run; with --only-vnc those alone. "Floor" is the browser by itself: a local page that flips at a key, measured the same way. "To the desktop" is the way of the key alone: until the window has flipped there. Once over the relay, once over a direct path.
/// </summary>
internal static class ClickBench
{
    private const int WarmUp = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>A press that has changed nothing after this long is counted as lost, and named below the table.</summary>
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(3);

    public static int Run(string[] args)
    {
        int samples = int.Parse(Option(args, "--samples") ?? "200", CultureInfo.InvariantCulture);
        string size = Option(args, "--size") ?? "1920x1080";
        string window = Option(args, "--window") ?? "320x200";
        Console.WriteLine($"Click to pixel in Chromium, {size}, a window of {window} flips, {samples} samples at random phase. Milliseconds.\n");
        Console.WriteLine($"  {"",-24} {"p50",7} {"p95",7} {"p99",7} {"most",7}");
        var rows = new List<ClickReport.Row>
        {
            Measure(ClickReport.Floor, samples, size, window, (_, _) => $"file://{Path.Combine(Programs.Root(), "bench", "pages", "flip.html")}?size={window}", local: true),
        };
        if (!args.Contains("--only-vnc"))
        {
            rows.Add(Measure(ClickReport.Alongside, samples, size, window, (programs, shared) => OpenAlongside(programs, shared, direct: false)));
            rows.Add(Measure(ClickReport.Direct, samples, size, window, (programs, shared) => OpenAlongside(programs, shared, direct: true)));
        }

        if (args.Contains("--only-vnc") || args.Contains("--vnc"))
        {
            rows.Add(Measure(ClickReport.NoVnc, samples, size, window, OpenNoVnc));
            rows.Add(Measure(ClickReport.Source, samples, size, window, OpenSource));
        }

        var report = new ClickReport(size, window, samples, [.. rows]);
        if (report.Find(ClickReport.Alongside) is { } ours)
        {
            Console.WriteLine(report.Find(ClickReport.NoVnc) is { } theirs ? string.Create(CultureInfo.InvariantCulture, $"\n  Ratio of the medians: {ours.P50 / theirs.P50:0.00}") : "");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n  Above the floor: {ours.P50 - rows[0].P50:0.0} ms"));
        }

        if (report.Find(ClickReport.Source) is { } source && report.Find(ClickReport.NoVnc) is { } other)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n  The same VNC server, ours by noVNC's medians: {source.P50 / other.P50:0.00}"));
        }

        if (Option(args, "--json") is { } file)
        {
            Findings.Write(file, report);
        }

        return 0;
    }

    private static ClickReport.Row Measure(string name, int samples, string size, string window, Func<Programs, string, string> open, bool local = false)
    {
        using var programs = new Programs();
        string shared = programs.StartScreen(size), viewer = programs.StartScreen(size);
        if (!local)
        {
            programs.Start(Environment.ProcessPath!, ["flip-window", window], shared);
        }

        string link = open(programs, shared);
        using var screen = new Screen(viewer);
        programs.StartBareManager(screen);
        programs.StartChromium(link, viewer, size);
        using Probe probe = new(viewer), desktop = new(shared);
        WaitUntilItFlips(probe, screen);
        var times = new double[samples];
        var there = new double[samples];
        var random = new Random(7);
        int lost = 0;
        for (int i = -WarmUp; i < samples; i++)
        {
            // A random phase against every clock on the way: displays, frames, timers.
            Thread.Sleep(TimeSpan.FromMilliseconds(40 + (random.NextDouble() * 60)));
            var (onDesktop, onViewer) = Sample(probe, desktop);
            if (double.IsNaN(onViewer))
            {
                lost++;
                i--;
                if (lost > samples / 10)
                {
                    throw new InvalidOperationException($"{name}: too many keys never changed the picture.");
                }
            }
            else if (i >= 0)
            {
                (there[i], times[i]) = (onDesktop, onViewer);
            }
        }

        Print(name, times);
        if (!local)
        {
            Print("  to the desktop", there);
        }

        if (lost > 0)
        {
            Console.WriteLine($"    {lost} more changed nothing within {Lost.TotalSeconds:0} s");
        }

        double At(double share) => Math.Round(times[(int)Math.Min(times.Length - 1, times.Length * share)], 2);
        return new(name, At(0.5), At(0.95), At(0.99), At(1), local ? null : Math.Round(there[samples / 2], 2), lost);
    }

    private static void Print(string name, double[] times)
    {
        Array.Sort(times);
        double At(double share) => times[(int)Math.Min(times.Length - 1, times.Length * share)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-24} {At(0.5),7:0.0} {At(0.95),7:0.0} {At(0.99),7:0.0} {times[^1],7:0.0}"));
    }

    private static (double OnDesktop, double OnViewer) Sample(Probe probe, Probe desktop)
    {
        uint before = probe.Pixel(), beforeThere = desktop.Pixel();
        double onDesktop = 0;
        var clock = Stopwatch.StartNew();
        probe.Press();
        while (probe.Pixel() == before)
        {
            if (clock.Elapsed > Lost)
            {
                probe.Release();
                return (onDesktop, double.NaN);
            }

            if (onDesktop == 0 && desktop.Pixel() != beforeThere)
            {
                onDesktop = clock.Elapsed.TotalMilliseconds;
            }

            Probe.Pause();
        }

        double time = clock.Elapsed.TotalMilliseconds;
        probe.Release();
        return (onDesktop, time);
    }

    /// <summary>
    /// The viewer has joined when a key flips its picture from pure black to pure white or back. A click on the display while its window comes up can
    /// leave the keyboard with nobody: it is clicked when the window is there, and again when it has no keyboard.
    /// </summary>
    private static void WaitUntilItFlips(Probe probe, Screen screen)
    {
        var clock = Stopwatch.StartNew();
        while (!screen.HasActiveWindow && clock.Elapsed < Patience)
        {
            Thread.Sleep(20);
        }

        while (clock.Elapsed < Patience)
        {
            Thread.Sleep(500);
            probe.Click();
            uint before = probe.Pixel();
            probe.Press();
            Thread.Sleep(300);
            probe.Release();
            if (before is 0 or 0xffffff && probe.Pixel() == (before ^ 0xffffff) && screen.HasActiveWindow)
            {
                return;
            }
        }

        throw new InvalidOperationException("The viewer never showed the test window.");
    }

    private static string OpenAlongside(Programs programs, string shared, bool direct) => InKiosk(programs.StartAlongside(shared, direct).Link);

    private static string OpenSource(Programs programs, string shared) => InKiosk(programs.StartGateway(StartVnc(programs, shared), shared));

    private static string InKiosk(string link) => link.Replace("#", "?kiosk=1#", StringComparison.Ordinal);

    private static int StartVnc(Programs programs, string shared)
    {
        int port = Programs.FreePort();
        programs.Start("X0tigervnc", ["-display", shared, "-SecurityTypes", "None", "-localhost", "-rfbport", $"{port}"], shared);
        Programs.WaitForPort(port);
        return port;
    }

    private static string OpenNoVnc(Programs programs, string shared)
    {
        int vnc = StartVnc(programs, shared), web = Programs.FreePort();
        programs.Start("websockify", ["--web", "/usr/share/novnc", $"127.0.0.1:{web}", $"127.0.0.1:{vnc}"], shared);
        Programs.WaitForPort(web);
        return $"http://127.0.0.1:{web}/vnc.html?autoconnect=1&resize=off&path=websockify";
    }

    private static string? Option(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
