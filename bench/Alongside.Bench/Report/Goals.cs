using System.Globalization;
using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Desktop.Report;
using Alongside.Bench.Desktop.Workloads;

namespace Alongside.Bench.Report;

/// <summary>One number that was to be reached, and what was seen.</summary>
/// <param name="Share">Of the aim: 1 or less is reached, 1.3 missed it by 30 %. Null: not measured.</param>
internal sealed record Goal(string What, string Aim, string Seen, double? Share)
{
    public string Verdict => Share switch
    {
        null => "not measured",
        <= 1 => "reached",
        { } share when double.IsFinite(share) => string.Create(CultureInfo.InvariantCulture, $"**not reached**: {share:0.00} times the aim"),
        _ => "**not reached**",
    };
}

/// <summary>The numbers to reach, judged from the findings.</summary>
internal static class Goals
{
    private const double TypingAt20 = 40 + 20;

    /// <summary>A film of thirty frames a second, watched for some seconds: one more or less falls into the time.</summary>
    private const double FrameSlack = 0.5;

    public static IEnumerable<Goal> Judge(Findings findings)
    {
        foreach (var (clip, title, bytes, cpu) in new[]
        {
            ("typing", "typing", 0.6, 0.5), ("terminal-scroll", "terminal scroll", 0.08, 0.4), ("drag-over-photo", "window drag over a photograph", 0.01, 0.3),
            ("drag-over-windows", "window drag over windows", 0.01, 0.3), ("web-scroll", "web scroll with pictures", 0.08, 0.4),
        })
        {
            var found = Array.Find(findings.Comparisons, row => row.Clip == clip && row.Mode == "exact");
            yield return Times($"{title}: bytes, exact", bytes, found?.BytesRatio, "x0vncserver's", found is null ? "" : Text($"{found.Bytes:#,0} B against {found.TightBytes:#,0}"));
            yield return Times($"{title}: CPU", cpu, found?.CpuRatio, "x0vncserver's", found is null ? "" : Text($"{found.CpuMs:0.00} ms against {found.TightCpuMs:0.00}"));
        }

        var video = Array.Find(findings.Comparisons, row => row.Clip == "video-720p" && row.Mode == "auto");
        yield return Times("720p video in a window: bytes", 0.08, video?.BytesRatio, "x0vncserver's with JPEG", video is null ? "" : Text($"{video.Bytes:#,0} B against {video.TightBytes:#,0}"));
        yield return Times("720p video in a window: CPU", 2, video?.CpuRatio, "x0vncserver's with JPEG", video is null ? "" : Text($"{video.CpuMs:0.0} ms against {video.TightCpuMs:0.0}"));
        yield return AtLeast("720p video in a window: likeness", 38, video?.Decibels, "dB");
        foreach (var goal in Clicks(findings))
        {
            yield return goal;
        }

        if (findings.Desktop is { } desktop)
        {
            foreach (var goal in Sessions(desktop).Concat(VncGoals.Judge(desktop)))
            {
                yield return goal;
            }
        }

        var slowest = findings.Decodes.MaxBy(row => row.TimeRatio);
        yield return Times("VNC decoders, the slowest: time", 1.5, slowest?.TimeRatio, "TigerVNC's", slowest is null ? "" : Text($"{slowest.Encoding} of {slowest.Server}, {slowest.Rate:0} megapixels a second against {slowest.TigerRate:0}"));
    }

    private static IEnumerable<Goal> Clicks(Findings findings)
    {
        var ours = findings.Click?.Find(Click.ClickReport.Alongside);
        var noVnc = findings.Click?.Find(Click.ClickReport.NoVnc);
        var floor = findings.Click?.Find(Click.ClickReport.Floor);
        yield return Times("click to pixel in Chromium: p50", 0.42, ours?.P50 / noVnc?.P50, "noVNC's p50", ours is null || noVnc is null ? "" : Text($"{ours.P50:0.0} ms against {noVnc.P50:0.0}"));
        yield return Times("click to pixel in Chromium: p95", 0.6, ours?.P95 / noVnc?.P50, "noVNC's p50", ours is null || noVnc is null ? "" : Text($"{ours.P95:0.0} ms against {noVnc.P50:0.0}"));
        var source = findings.Click?.Find(Click.ClickReport.Source);
        yield return Times("click to pixel, a VNC server in the browser: p50", 1, source?.P50 / noVnc?.P50, "noVNC's to the same server", source is null || noVnc is null ? "" : Text($"{source.P50:0.0} ms against {noVnc.P50:0.0}"));
        yield return AtMost("click to pixel above the browser's own floor", 2.5, ours?.P50 - floor?.P50, "ms");
        var direct = findings.Click?.Find(Click.ClickReport.Direct);
        yield return Times("click to pixel over a direct path: p50", 1, direct?.P50 / ours?.P50, "the relay's", direct is null || ours is null ? "" : Text($"{direct.P50:0.0} ms against {ours.P50:0.0}"));
    }

    private static IEnumerable<Goal> Sessions(Measurement desktop)
    {
        double? P95(string link, string workload, Func<Result, Percentiles?> times) => desktop.Median(link, "alongside", workload, result => times(result)?.P95);
        yield return AtMost("click to pixel beside a playing video: p95", 40, P95("loopback", "click-video", result => result.ClickToPixel), "ms");
        yield return AtMost("typing on 20 Mbit/s with 40 ms: p95", TypingAt20, P95("20mbit", "typing", result => result.ClickToPixel), "ms");
        yield return AtMost("a key beside photographs that load, on 20 Mbit/s with 40 ms: p95", TypingAt20, P95("20mbit", "click-photos", result => result.ClickToPixel), "ms");
        yield return AtMost("age of a video's frames on 5 Mbit/s with a queue of one second: p95", 150, P95("5mbit", "video", result => result.FrameAge), "ms");
        double[] exact = [.. Workload.All().Select(workload => desktop.Exact("loopback", "alongside", workload.Name)).OfType<double>()];
        yield return exact.Length == 0 ? new("exact after the last change, the slowest work on loopback", "at most 300 ms", "", null)
            : exact.Contains(-1) ? new("exact after the last change, the slowest work on loopback", "at most 300 ms", "never", double.PositiveInfinity)
            : AtMost("exact after the last change, the slowest work on loopback", 300, exact.Max(), "ms");
        yield return AtLeast("1080p video, viewer on the same machine", 30, desktop.Median("loopback", "alongside", "video-full", result => result.ShownFps), "shown frames a second", FrameSlack);
    }

    public static Goal Times(string what, double aim, double? seen, string of, string figures) =>
        new(what, Text($"at most {aim:0.##} of {of}"), seen is { } ratio ? Text($"{ratio:0.000} ({figures})") : "", seen / aim);

    private static Goal AtMost(string what, double aim, double? seen, string unit) => new(what, Text($"at most {aim:0.#} {unit}"), seen is { } value ? Text($"{value:0.0} {unit}") : "", seen / aim);

    private static Goal AtLeast(string what, double aim, double? seen, string unit, double slack = 0) =>
        new(what, Text($"at least {aim:0.#} {unit}"), seen is { } value ? Text($"{value:0.0} {unit}") : "", seen is { } reached ? aim / (reached + slack) : null);

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
