using Alongside.Bench.Desktop.Measure;

namespace Alongside.Bench.Desktop.Report;

/// <summary>All that <c>bench desktop</c> measured: what <c>--json</c> writes.</summary>
/// <param name="Seconds">How long a workload went on.</param>
internal sealed record Measurement(string Size, string Day, string Machine, double Seconds, Result[] Results)
{
    /// <summary>How often a workload was measured over a link, at most.</summary>
    public int Runs(string link) => Results.Where(result => result.Link == link).GroupBy(result => (result.Peer, result.Workload)).Select(group => group.Count()).DefaultIfEmpty().Max();

    /// <summary>Why a product has no figures over a link; null when it has some or was not measured.</summary>
    public string? WhyNot(string link, string peer)
    {
        Result[] own = [.. Results.Where(result => result.Link == link && result.Peer == peer)];
        return own.Length > 0 && own.All(result => result.Failed is not null) ? own[0].Failed : null;
    }

    /// <summary>The median over the runs of one figure; null when none was measured.</summary>
    public double? Median(string link, string peer, string workload, Func<Result, double?> figure)
    {
        double[] values = [.. Results.Where(result => result.Link == link && result.Peer == peer && result.Workload == workload && result.Failed is null).Select(figure).OfType<double>()];
        return values.Length == 0 ? null : Percentiles.Median(values);
    }

    /// <summary>The median over the runs, where one "never" (-1) makes it never.</summary>
    public double? Exact(string link, string peer, string workload)
    {
        double[] values = [.. Results.Where(result => result.Link == link && result.Peer == peer && result.Workload == workload && result.Failed is null).Select(result => result.ExactMs).OfType<double>()];
        return values.Length == 0 ? null : values.Contains(-1) ? -1 : Percentiles.Median(values);
    }
}

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static string Describe()
    {
        string model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "an unknown processor";
        return $"{Environment.ProcessorCount} cores of {model}";
    }
}
