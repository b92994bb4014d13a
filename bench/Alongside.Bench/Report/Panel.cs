namespace Alongside.Bench.Report;

/// <summary>One measure of several products, as bars from a common zero.</summary>
internal sealed record Panel(string Title, string Unit, Bar[] Bars);

/// <param name="Value">Null was not measured; below 0 is "never".</param>
/// <param name="Beyond">Where a thin line ends: the 95th percentile beside a median.</param>
/// <param name="Added">What is stacked on the value, lighter.</param>
internal sealed record Bar(string Label, bool IsOurs, double? Value, double? Beyond = null, double? Added = null)
{
    public double End => Math.Max(Math.Max(0, Value ?? 0) + (Added ?? 0), Beyond ?? 0);
}
