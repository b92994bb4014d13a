using System.Text.Json;

namespace Alongside.Bench.Sctp;

/// <summary>
/// The direct path's transport: what it gets out of a simulated line beside the window of the standard, what one core carries on loopback (DTLS and sockets
/// included), by itself, through the product's driver, and to a browser; how much later a small message comes; and what an idle association weighs.
/// </summary>
internal static class SctpBench
{
    public const string Usage = "sctp [line | idle | loopback | driver | delay | chromium]...: all of them when none is named";

    private static readonly (string Name, Func<object> Measure)[] Parts =
    [
        ("line", LineGoodput.Measure),
        ("idle", () => IdleWeight.Measure(1000)),
        ("loopback", () => new[] { Loopback.Measure(segmented: false), Loopback.Measure(segmented: true) }),
        ("driver", DriverGoodput.Measure),
        ("delay", LowRateDelay.Measure),
        ("chromium", ChromiumGoodput.Measure),
    ];

    public static int Run(string[] arguments)
    {
        if (Array.Exists(arguments, name => !Array.Exists(Parts, part => part.Name == name)))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var report = new Dictionary<string, object>();
        foreach (var (name, measure) in Parts)
        {
            if (arguments.Length == 0 || arguments.Contains(name))
            {
                report[name] = measure();
            }
        }

        Console.WriteLine(JsonSerializer.Serialize(report, new JsonSerializerOptions { WriteIndented = true }));
        return 0;
    }
}
