namespace Alongside.Bench.Desktop.Measure;

/// <summary>Of measured times: nearest rank.</summary>
internal sealed record Percentiles(double P50, double P95, double P99)
{
    public static Percentiles? Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        double[] sorted = [.. values.Order()];
        return new(At(sorted, 0.5), At(sorted, 0.95), At(sorted, 0.99));
    }

    public static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static double At(double[] sorted, double share) => Math.Round(sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * share) - 1, 0, sorted.Length - 1)], 2);
}
