using System.Xml.Linq;
using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Desktop.Report;
using Alongside.Bench.Report;

namespace Alongside.Launcher.Tests.Bench;

/// <summary>What is made of measurements: medians, verdicts, charts.</summary>
public sealed class ReportTests
{
    [Fact]
    public void A_figure_is_the_median_of_its_runs_and_one_never_makes_it_never()
    {
        var measurement = Measured(
            Run("alongside", "typing", 0, bytes: 100, exact: 20), Run("alongside", "typing", 1, bytes: 900, exact: 30), Run("alongside", "typing", 2, bytes: 300, exact: -1),
            Run("x11vnc", "typing", 0, bytes: 5));
        Assert.Equal(300, measurement.Median("loopback", "alongside", "typing", result => result.Bytes));
        Assert.Equal(-1, measurement.Exact("loopback", "alongside", "typing"));
        Assert.Null(measurement.Median("loopback", "novnc", "typing", result => result.Bytes));
        Assert.Equal(3, measurement.Runs("loopback"));
    }

    [Fact]
    public void What_failed_has_no_figures_and_says_why()
    {
        var failed = Run("novnc", "typing", 0, bytes: 100);
        failed.Failed = "It did not start.";
        var measurement = Measured(failed);
        Assert.Null(measurement.Median("loopback", "novnc", "typing", result => result.Bytes));
        Assert.Equal("It did not start.", measurement.WhyNot("loopback", "novnc"));
    }

    [Fact]
    public void A_number_is_reached_missed_or_not_measured()
    {
        var goals = VncGoals.Judge(Measured(
            Run("alongside-vnc", "terminal-scroll", 0, bytes: 40), Run("x0vncserver", "terminal-scroll", 0, bytes: 100),
            Run("alongside-vnc", "drag-over-windows", 0, bytes: 60), Run("x0vncserver", "drag-over-windows", 0, bytes: 100))).ToArray();
        Goal Of(string what) => goals.First(goal => goal.What == what);
        Assert.Equal("reached", Of("VNC server, terminal scroll: bytes").Verdict);
        Assert.Equal("**not reached**: 1.20 times the aim", Of("VNC server, window drag: bytes").Verdict);
        Assert.Equal("not measured", Of("VNC server, typing: bytes").Verdict);
        Assert.Empty(VncGoals.Judge(Measured(Run("alongside", "typing", 0, bytes: 1))));
    }

    [Fact]
    public void A_chart_has_each_figure_beside_its_bar_and_the_longest_fills_the_room()
    {
        string svg = Chart.Draw("Bytes & more", "Shorter is better.", [new Panel("Typing", "kB", [new("Alongside", true, 10), new("x11vnc", false, 40, Beyond: 50), new("xpra", false, -1), new("FreeRDP", false, null)])]);
        var root = XDocument.Parse(svg).Root!;
        string[] texts = [.. root.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        Assert.Contains("Bytes & more", texts);
        Assert.Contains("10", texts);
        Assert.Contains("40 / 50", texts);
        Assert.Contains("never", texts);
        Assert.Contains("not measured", texts);
        var bars = root.Descendants().Where(element => element.Name.LocalName == "rect" && ((string?)element.Attribute("class"))!.EndsWith("bar", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["ours-bar", "bar"], bars.Select(bar => (string?)bar.Attribute("class")));
        Assert.Equal(4, (double)bars[1].Attribute("width")! / (double)bars[0].Attribute("width")!, 2);
    }

    private static Measurement Measured(params Result[] results) => new("1920x1080", "2026-01-01", "a machine", 4, results);

    private static Result Run(string peer, string workload, int run, long bytes, double? exact = null) => new("loopback", peer, workload, run) { Bytes = bytes, ExactMs = exact };
}
