using System.Globalization;
using System.Text;
using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Desktop.Peers;
using Alongside.Bench.Desktop.Report;
using Alongside.Bench.Desktop.Workloads;
using Alongside.Bench.Links;

namespace Alongside.Bench.Report;

/// <summary><c>docs/benchmarks.md</c> and its charts, made of the <see cref="Findings"/> alone: the same findings give the same page.</summary>
internal static class Page
{
    public static void Write(Findings findings)
    {
        var text = new StringBuilder();
        text.Append("# Benchmarks\n\n<!-- Made by \"./alongside bench docs\" from docs/benchmarks/*.json and reasons.md. Changes by hand are lost. -->\n\n");
        text.Append("Alongside beside what people use today: the same work with real programs, on one machine, in the same run. What a viewer shows is read from its display, pixel by pixel. ");
        text.Append("Figures mean little without those beside them; machines differ and are noisy.\n\n");
        AppendGoals(text, findings);
        if (findings.Desktop is { Results.Length: > 0 } measurement)
        {
            AppendCharts(text, findings, measurement);
            AppendRatios(text, measurement);
            AppendTables(text, measurement);
        }

        AppendComparisons(text, findings);
        AppendMethod(text, findings);
        Directory.CreateDirectory(findings.Folder);
        File.WriteAllText(findings.Page, text.ToString());
        Console.Error.WriteLine($"Wrote {findings.Page}.");
    }

    private static void AppendGoals(StringBuilder text, Findings findings)
    {
        text.Append("## Numbers to reach\n\n| | Aim | Seen | |\n|---|---|---|---|\n");
        foreach (var goal in Goals.Judge(findings))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {goal.What} | {goal.Aim} | {goal.Seen} | {goal.Verdict} |\n");
        }

        text.Append('\n').Append(findings.Reasons is { Length: > 0 } reasons ? reasons + "\n\n" : "");
    }

    private static void AppendCharts(StringBuilder text, Findings findings, Measurement measurement)
    {
        text.Append(CultureInfo.InvariantCulture, $"## In pictures\n\n{measurement.Size}, {measurement.Machine}, {measurement.Day}. Loopback, unless a chart says otherwise.\n\n");
        Directory.CreateDirectory(findings.Folder);
        foreach (var (name, title, svg) in Charts.All(measurement))
        {
            File.WriteAllText(Path.Combine(findings.Folder, name + ".svg"), svg);
            text.Append(CultureInfo.InvariantCulture, $"![{title}](benchmarks/{name}.svg)\n\n");
        }
    }

    private static void AppendRatios(StringBuilder text, Measurement measurement)
    {
        Peer ours = Peer.All.First(peer => peer.IsOurs);
        if (!measurement.Results.Any(result => result.Link == "loopback"))
        {
            return;
        }

        Peer[] others = [.. Peer.All.Where(peer => !peer.IsOurs && measurement.Results.Any(result => (result.Link, result.Peer) == ("loopback", peer.Name) && result.Failed is null))];
        text.Append("## Ratios\n\nAlongside's figure divided by theirs, on loopback: below 1 is less. Bytes, and the processor time of both sides together.\n\n");
        text.Append("| |").AppendJoin("", others.Select(peer => $" {peer.Label}: bytes | CPU |")).Append("\n|---|").Insert(text.Length, "---:|", others.Length * 2).Append('\n');
        foreach (var workload in Workload.All())
        {
            double? Ratio(Peer other, Func<Result, double?> figure) =>
                measurement.Median("loopback", ours.Name, workload.Name, figure) / measurement.Median("loopback", other.Name, workload.Name, figure);
            string Share(double? ratio) => ratio is { } value && double.IsFinite(value) ? value.ToString(value < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture) : "";
            text.Append(CultureInfo.InvariantCulture, $"| {workload.Title} |").AppendJoin("", others.Select(peer =>
                $" {Share(Ratio(peer, result => result.Bytes))} | {Share(Ratio(peer, result => result.ServerCpuMs + result.ViewerCpuMs))} |")).Append('\n');
        }

        text.Append('\n');
    }

    private static void AppendTables(StringBuilder text, Measurement measurement)
    {
        text.Append("## All figures\n\n");
        foreach (var link in LinkProfile.All.Where(link => measurement.Results.Any(result => result.Link == link.Name)))
        {
            int runs = measurement.Runs(link.Name);
            text.Append(CultureInfo.InvariantCulture, $"<details><summary>{link.Title}: {(runs == 1 ? "one run" : $"medians of up to {runs} runs")}</summary>\n\n");
            foreach (var peer in Peer.All)
            {
                if (measurement.WhyNot(link.Name, peer.Name) is { } reason)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{peer.Title} was left out: {reason}\n\n");
                }
            }

            foreach (var workload in Workload.All().Where(workload => measurement.Results.Any(result => (result.Link, result.Workload) == (link.Name, workload.Name))))
            {
                AppendTable(text, measurement, link, workload);
            }

            text.Append("</details>\n\n");
        }
    }

    private static void AppendTable(StringBuilder text, Measurement measurement, LinkProfile link, Workload workload)
    {
        var columns = Tables.Used(measurement, link.Name, workload.Name);
        text.Append(CultureInfo.InvariantCulture, $"**{workload.Title}**\n\n| |").AppendJoin("", columns.Select(column => $" {column.Title.Trim()} |")).Append(" exact after | lost keys |\n|---|")
            .Insert(text.Length, "---:|", columns.Length + 2).Append('\n');
        foreach (var peer in Peer.All)
        {
            double? Median(Func<Result, double?> figure) => measurement.Median(link.Name, peer.Name, workload.Name, figure);
            if (Median(result => result.Seconds) is null)
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"| {peer.Title} |");
            foreach (var (_, of, format) in columns)
            {
                text.Append(CultureInfo.InvariantCulture, $" {(Median(of) is { } value ? value.ToString(format, CultureInfo.InvariantCulture) : "")} |");
            }

            double? lost = Median(result => result.Lost);
            text.Append(CultureInfo.InvariantCulture, $" {(measurement.Exact(link.Name, peer.Name, workload.Name) is { } exact ? Tables.Exact(exact) : "")} | {(lost is null ? "" : $"{lost:0}")} |\n");
        }

        text.Append('\n');
    }

    private static void AppendComparisons(StringBuilder text, Findings findings)
    {
        foreach (var rows in findings.Comparisons.GroupBy(row => row.Mode))
        {
            text.Append(rows.Key == "exact"
                ? "## The same frames through both encoders, exact\n\nRecorded frames, shown to X0tigervnc (Tight without JPEG, level 2) and given to our encoder. Means a changed frame. X0tigervnc's CPU is its process's, with capture and socket.\n\n"
                : "## The same frames, as both are by default\n\nOurs on a line of 20 Mbit/s, X0tigervnc with JPEG of quality 8; dB over the pixels that change.\n\n");
            text.Append("| | bytes | x0vncserver | ratio | CPU ms | x0vncserver | ratio | dB |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
            foreach (var row in rows)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"| {row.Clip} | {row.Bytes:#,0} | {row.TightBytes:#,0} | {row.BytesRatio:0.000} | {row.CpuMs:0.00} | {row.TightCpuMs:0.00} | {row.CpuRatio:0.00} | {(row.Decibels is { } decibels ? $"{decibels:0.0}" : "exact")} |\n");
            }

            text.Append('\n');
        }

        if (findings.Decodes is { Length: > 0 } decodes)
        {
            text.Append("## VNC decoders\n\nSessions of VNC servers, recorded once, through our decoders and TigerVNC's viewer (with a window of 64x64). Megapixels in a second of processor time.\n\n");
            text.Append("| | megapixels | MB | ours | TigerVNC | time, ours / TigerVNC's |\n|---|---:|---:|---:|---:|---:|\n");
            foreach (var row in decodes)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.Server}, {row.Encoding} | {row.Megapixels:0} | {row.Megabytes:0.0} | {row.Rate:0} | {row.TigerRate:0} | {row.TimeRatio:0.00} |\n");
            }

            text.Append('\n');
        }

        if (findings.Click is { } click)
        {
            text.Append(CultureInfo.InvariantCulture, $"## Click to pixel\n\nIn Chromium, {click.Size}, a window of {click.Window} flips at a key; {click.Samples} keys at random phase; milliseconds. Floor: a page of the browser's own that flips at a key.\n\n");
            text.Append("| | p50 | p95 | p99 | most | of p50 to the desktop |\n|---|---:|---:|---:|---:|---:|\n");
            foreach (var row in click.Rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.P50:0.0} | {row.P95:0.0} | {row.P99:0.0} | {row.Most:0.0} | {(row.ToDesktop is { } there ? $"{there:0.0}" : "")} |\n");
            }

            text.Append('\n');
        }
    }

    private static void AppendMethod(StringBuilder text, Findings findings)
    {
        text.Append("""
            ## How it is measured

            Two virtual displays on one machine, so that one clock measures both ends: the shared one, with real programs (xterm, Chromium, openbox), and that of whoever looks,
            with the product's viewer over all of it. Keys are pressed on the viewer's display. Films carry their frames' numbers as bars at the top, in the middle and at the bottom, and
            both displays are read several hundred times a second: frames shown, their age, and whether parts of two were seen at once. "Exact after" is the time from the shared
            display's last change until every pixel is the same at the viewer. Bytes are what the viewer's connections received, CPU is that of all processes of a side. The order of products and
            workloads is mixed. Thin links are two network namespaces and a program that carries the packets between them: rate, queue, delay and loss meet the kernel's own TCP.

            `./alongside bench all` measures everything again and writes this page; `bench/README.md` says how long it takes, and what each part is.

            """.ReplaceLineEndings("\n"));
        if (findings.Desktop is { } measurement)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nA workload goes on for {measurement.Seconds:0.#} s here.\n");
        }
    }
}
