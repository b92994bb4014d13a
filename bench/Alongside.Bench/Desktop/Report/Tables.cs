using System.Globalization;
using System.Text;
using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Desktop.Peers;
using Alongside.Bench.Desktop.Workloads;
using Alongside.Bench.Links;

namespace Alongside.Bench.Desktop.Report;

/// <summary>Figures as lines and tables of text.</summary>
internal static class Tables
{
    public static readonly (string Title, Func<Result, double?> Of, string Format)[] Columns =
    [
        ("kB", result => result.Bytes / 1000.0, "0.0"),
        ("server CPU ms", result => result.ServerCpuMs, "0"),
        ("viewer CPU ms", result => result.ViewerCpuMs, "0"),
        ("key p50 ms", result => result.ClickToPixel?.P50, "0.0"),
        ("p95", result => result.ClickToPixel?.P95, "0.0"),
        ("p99", result => result.ClickToPixel?.P99, "0.0"),
        ("shown fps", result => result.ShownFps, "0.0"),
        ("of", result => result.SourceFps, "0.0"),
        ("age p50 ms", result => result.FrameAge?.P50, "0"),
        ("p95 ", result => result.FrameAge?.P95, "0"),
        ("torn", result => result.Torn, "0"),
        ("dB", result => result.Psnr, "0.0"),
    ];

    /// <summary>One result in a line, while the measurement goes on.</summary>
    public static string Line(Result result)
    {
        var text = new StringBuilder($"{result.Workload,-18}");
        foreach (var (title, of, format) in Columns)
        {
            if (of(result) is { } value)
            {
                text.Append(CultureInfo.InvariantCulture, $" {title.Trim()} {value.ToString(format, CultureInfo.InvariantCulture)}");
            }
        }

        return text.Append(result.Lost > 0 ? $" lost {result.Lost}" : "").Append(result.ExactMs is { } exact ? $" exact {Exact(exact)}" : "").Append(result.Differing is { } pixels ? $" ({pixels} pixels differ)" : "").ToString();
    }

    public static string Text(Measurement measurement)
    {
        var text = new StringBuilder();
        foreach (var link in LinkProfile.All.Where(link => measurement.Results.Any(result => result.Link == link.Name)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{link.Title}, {measurement.Size}, medians of {measurement.Runs(link.Name)}\n");
            foreach (var workload in Workload.All().Where(workload => measurement.Results.Any(result => result.Workload == workload.Name)))
            {
                Append(text, measurement, link.Name, workload);
            }
        }

        return text.ToString();
    }

    public static string Exact(double milliseconds) => milliseconds < 0 ? "never" : string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms");

    /// <summary>The columns of which some product has a figure in this workload.</summary>
    public static (string Title, Func<Result, double?> Of, string Format)[] Used(Measurement measurement, string link, string workload) =>
        [.. Columns.Where(column => Peer.All.Any(peer => measurement.Median(link, peer.Name, workload, column.Of) is not null))];

    private static void Append(StringBuilder text, Measurement measurement, string link, Workload workload)
    {
        var columns = Used(measurement, link, workload.Name);
        text.Append(CultureInfo.InvariantCulture, $"\n  {workload.Title,-34}").AppendJoin("", columns.Select(column => $" {column.Title,13}")).Append("         exact\n");
        foreach (var peer in Peer.All.Where(peer => measurement.Results.Any(result => result.Link == link && result.Peer == peer.Name && result.Workload == workload.Name)))
        {
            text.Append(CultureInfo.InvariantCulture, $"    {peer.Title,-32}");
            foreach (var (_, of, format) in columns)
            {
                text.Append(CultureInfo.InvariantCulture, $" {(measurement.Median(link, peer.Name, workload.Name, of) is { } value ? value.ToString(format, CultureInfo.InvariantCulture) : "-"),13}");
            }

            text.Append(CultureInfo.InvariantCulture, $" {(measurement.Exact(link, peer.Name, workload.Name) is { } exact ? Exact(exact) : "-"),13}\n");
        }
    }
}
