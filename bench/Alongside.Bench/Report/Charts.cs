using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Desktop.Peers;
using Alongside.Bench.Desktop.Report;
using Alongside.Bench.Desktop.Workloads;
using Alongside.Bench.Links;

namespace Alongside.Bench.Report;

/// <summary>Which charts a measurement is shown in. One without a figure is left out.</summary>
internal static class Charts
{
    private static readonly string[] Keys = ["click", "typing", "click-video", "click-photos"];
    private static readonly string[] Films = ["video", "video-full"];

    /// <summary>File name without ending, title, and the SVG.</summary>
    public static IEnumerable<(string Name, string Title, string Svg)> All(Measurement measurement)
    {
        string home = LinkProfile.Loopback.Name;
        string[] scripted = [.. Workload.All().Select(workload => workload.Name).Except(Keys)];
        (string Name, string Title, string Legend, IEnumerable<Panel?> Panels)[] charts =
        [
            ("keys", "From a key to its pixel", "Bar: median. Line: 95th percentile. Shorter is better.",
                Keys.Select(name => Of(measurement, home, name, "ms", result => result.ClickToPixel?.P50, beyond: result => result.ClickToPixel?.P95))),
            ("bytes", "Bytes to the viewer", "The same work for all. Shorter is better.",
                scripted.Select(name => Of(measurement, home, name, "kB", result => result.Bytes / 1000.0))),
            ("cpu", "Processor time", "Dark: the shared side. Light: the viewer's. Shorter is better.",
                scripted.Select(name => Of(measurement, home, name, "ms", result => result.ServerCpuMs, added: result => result.ViewerCpuMs))),
            ("frames", "A film: frames shown in a second", "Of thirty. Longer is better.",
                Films.Select(name => Of(measurement, home, name, "frames a second", result => result.ShownFps))),
            ("age", "A film: how old a frame is when it is seen", "Bar: median. Line: 95th percentile. Shorter is better.",
                Films.Select(name => Of(measurement, home, name, "ms", result => result.FrameAge?.P50, beyond: result => result.FrameAge?.P95))),
            ("exact", "From the last change to every pixel exact", "Pixels under the pointer do not count. Never: not within four seconds. Shorter is better.",
                scripted.Append("typing").Select(name => Exact(measurement, home, name))),
            .. LinkProfile.All.Where(link => !link.IsLoopback).Select(link => (link.Name, "Over " + link.Title, "Bar: median. Line: 95th percentile. Shorter is better.", OverLink(measurement, link))),
        ];
        foreach (var (name, title, legend, panels) in charts)
        {
            Panel[] seen = [.. panels.OfType<Panel>()];
            if (seen.Length > 0)
            {
                yield return (name, title, Chart.Draw(title, legend, seen));
            }
        }
    }

    private static IEnumerable<Panel?> OverLink(Measurement measurement, LinkProfile link) =>
    [
        .. Keys.Select(name => Of(measurement, link.Name, name, "ms", result => result.ClickToPixel?.P50, beyond: result => result.ClickToPixel?.P95)),
        Of(measurement, link.Name, "video", "age of a frame, ms", result => result.FrameAge?.P50, beyond: result => result.FrameAge?.P95),
        Of(measurement, link.Name, "video-full", "frames a second; longer is better", result => result.ShownFps),
    ];

    private static Panel? Of(
        Measurement measurement, string link, string workload, string unit, Func<Result, double?> value, Func<Result, double?>? beyond = null, Func<Result, double?>? added = null)
    {
        double? Median(Peer peer, Func<Result, double?> figure) => measurement.Median(link, peer.Name, workload, figure);
        Bar[] bars = [.. Seen(measurement, link, workload).Select(peer => new Bar(peer.Label, peer.IsOurs, Median(peer, value), beyond is null ? null : Median(peer, beyond), added is null ? null : Median(peer, added)))];
        return bars.Any(bar => bar.Value is not null) ? new(Title(workload), unit, bars) : null;
    }

    private static Panel? Exact(Measurement measurement, string link, string workload)
    {
        Bar[] bars = [.. Seen(measurement, link, workload).Select(peer => new Bar(peer.Label, peer.IsOurs, measurement.Exact(link, peer.Name, workload)))];
        return bars.Any(bar => bar.Value is not null) ? new(Title(workload), "ms", bars) : null;
    }

    private static IEnumerable<Peer> Seen(Measurement measurement, string link, string workload) =>
        Peer.All.Where(peer => measurement.Results.Any(result => result.Link == link && result.Peer == peer.Name && result.Workload == workload && result.Failed is null));

    private static string Title(string workload)
    {
        string title = Workload.All().First(one => one.Name == workload).Title;
        return char.ToUpperInvariant(title[0]) + title[1..];
    }
}
