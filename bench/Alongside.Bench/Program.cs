using Alongside.Bench;
using Alongside.Bench.Click;
using Alongside.Bench.Codec;
using Alongside.Bench.Compare;
using Alongside.Bench.Desktop;
using Alongside.Bench.Record;
using Alongside.Bench.Sctp;

// alongside-bench NAME ARGUMENTS: one measurement, one JSON object on standard output.
var benches = new Dictionary<string, Func<string[], int>>
{
    ["codec"] = CodecBench.Run,
    ["codec-vectors"] = CodecVectors.Run,
    ["click"] = ClickBench.Run,
    ["idle"] = IdleBench.Run,
    ["relay"] = RelayBench.Run,
    ["compare"] = CompareBench.Run,
    ["desktop"] = DesktopBench.Run,
    ["record"] = RecordBench.Run,
    ["sctp"] = SctpBench.Run,
    ["flip-window"] = FlipWindow.Run,
};

if (args.Length == 0 || !benches.TryGetValue(args[0], out var bench))
{
    Console.Error.WriteLine($"Name one measurement: {string.Join(", ", benches.Keys)}.");
    return 2;
}

return bench(args[1..]);
