namespace Alongside.Bench.Click;

/// <summary>What <c>click --json</c> writes; milliseconds.</summary>
internal sealed record ClickReport(string Size, string Window, int Samples, ClickReport.Row[] Rows)
{
    public const string Floor = "Floor", Alongside = "Alongside", Direct = "Alongside, direct path", NoVnc = "noVNC, X0tigervnc", Source = "Alongside, X0tigervnc";

    public Row? Find(string name) => Rows.FirstOrDefault(row => row.Name == name);

    /// <param name="ToDesktop">Median of the key's way alone: until the window has flipped on the shared display. Null where there is none.</param>
    /// <param name="Lost">Keys that changed nothing in time.</param>
    internal sealed record Row(string Name, double P50, double P95, double P99, double Most, double? ToDesktop, int Lost);
}
