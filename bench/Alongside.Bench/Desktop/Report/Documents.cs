namespace Alongside.Bench.Desktop.Report;

internal static class Documents
{
    public static void Write(Measurement measurement) => _ = measurement;
}
