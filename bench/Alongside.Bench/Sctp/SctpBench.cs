using System.Text.Json;

namespace Alongside.Bench.Sctp;

/// <summary>
/// The direct path's transport: what one core carries on loopback (DTLS and sockets included), what it gets out of a simulated line beside the window of the
/// standard, and what an idle association weighs.
/// </summary>
internal static class SctpBench
{
    public static int Run(string[] arguments)
    {
        string only = arguments.Length > 0 ? arguments[0] : "all";
        var report = new Dictionary<string, object>();
        if (only is "all" or "line")
        {
            report["line"] = LineGoodput.Measure();
        }

        if (only is "all" or "idle")
        {
            report["idle"] = IdleWeight.Measure(1000);
        }

        if (only is "all" or "loopback")
        {
            report["loopback"] = new[] { Loopback.Measure(segmented: false), Loopback.Measure(segmented: true) };
        }

        if (report.Count == 0)
        {
            Console.Error.WriteLine("sctp [line | idle | loopback]: all three when none is named.");
            return only == "--help" ? 0 : 2;
        }

        Console.WriteLine(JsonSerializer.Serialize(report, new JsonSerializerOptions { WriteIndented = true }));
        return 0;
    }
}
