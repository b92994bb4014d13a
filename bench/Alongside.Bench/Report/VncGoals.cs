using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Desktop.Report;

namespace Alongside.Bench.Report;

/// <summary>The numbers to reach of our VNC server: beside the server that TigerVNC's viewer is at home with, on loopback, the same viewer.</summary>
internal static class VncGoals
{
    private const string Ours = "alongside-vnc", Theirs = "x0vncserver";

    public static IEnumerable<Goal> Judge(Measurement desktop)
    {
        if (!desktop.Results.Any(result => result.Peer == Ours))
        {
            yield break;
        }

        foreach (var (workload, title, aim) in new[] { ("terminal-scroll", "terminal scroll", 0.5), ("drag-over-windows", "window drag", 0.5), ("typing", "typing", 1.05) })
        {
            yield return Ratio(desktop, workload, $"VNC server, {title}: bytes", aim, result => result.Bytes / 1000.0, "kB");
        }

        foreach (var (workload, title) in new[] { ("terminal-scroll", "terminal scroll"), ("drag-over-windows", "window drag"), ("typing", "typing") })
        {
            yield return Ratio(desktop, workload, $"VNC server, {title}: CPU of both sides", 1, result => result.ServerCpuMs + result.ViewerCpuMs, "ms");
        }

        yield return Ratio(desktop, "click", "VNC server, click to pixel: p50", 0.6, result => result.ClickToPixel?.P50, "ms");
    }

    private static Goal Ratio(Measurement desktop, string workload, string what, double aim, Func<Result, double?> figure, string unit)
    {
        double? ours = desktop.Median("loopback", Ours, workload, figure), theirs = desktop.Median("loopback", Theirs, workload, figure);
        return Goals.Times(what, aim, ours / theirs, "x0vncserver's", ours is null || theirs is null ? "" : Goals.Text($"{ours:0.#} {unit} against {theirs:0.#}"));
    }
}
