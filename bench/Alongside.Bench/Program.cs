using Alongside.Bench;
using Alongside.Bench.Click;
using Alongside.Bench.Codec;
using Alongside.Bench.Compare;
using Alongside.Bench.Desktop;
using Alongside.Bench.Record;
using Alongside.Bench.Report;
using Alongside.Bench.Sctp;
using Alongside.Bench.Visits;
using Alongside.Bench.VncDecode;

// alongside-bench NAME ARGUMENTS: one measurement; its figures on standard output, how far it is on standard error.
(string Name, string Words, string Usage, Func<string[], int> Run)[] benches =
[
    ("all", "every number of docs/benchmarks.md, and the page; --quick in minutes", AllBench.Usage, AllBench.Run),
    ("docs", "docs/benchmarks.md and its charts of what was measured last", "docs", DocsBench.Run),
    ("desktop", "the whole product beside VNC, noVNC, xpra and FreeRDP, over four links", DesktopOptions.Usage, DesktopBench.Run),
    ("click", "key pressed in the browser to pixel changed in the browser; --vnc: beside noVNC, and a VNC server as a room's source", "click [--samples 200] [--size 1920x1080] [--window 320x200] [--vnc | --only-vnc] [--json FILE]", ClickBench.Run),
    ("codec", "raw BGRX frames through encoder and decoder, one JSON object", CodecBench.Usage, CodecBench.Run),
    ("compare", "recorded frames through our encoder and X0tigervnc", CompareBench.Usage, CompareBench.Run),
    ("vnc-decode", "recorded sessions of VNC servers through our decoders and TigerVNC's", VncDecodeBench.Usage, VncDecodeBench.Run),
    ("record", "real programs on a virtual screen, as raw BGRX frames", RecordBench.Usage, RecordBench.Run),
    ("relay", "1,000 idle hosts, 200 sessions, 1 GB through one session", "relay [--sessions 200] [--idle 1000] [--megabytes 1000]", RelayBench.Run),
    ("sctp", "the direct path's transport: goodput on lines, on loopback and to Chromium, its delay, and what an idle one weighs", SctpBench.Usage, SctpBench.Run),
    ("visits", "1,000 sessions that come, go direct and leave: what host and server hold afterwards", VisitsBench.Usage, VisitsBench.Run),
    ("idle", "host and server with nobody looking", "idle [--seconds 30]", IdleBench.Run),
    ("codec-vectors", "writes the codec's golden files anew", CodecVectors.Usage, CodecVectors.Run),
    ("flip-window", "a window that flips at each key, for click and desktop", "flip-window WIDTHxHEIGHT", FlipWindow.Run),
];

string wanted = args.FirstOrDefault("help");
var bench = Array.Find(benches, one => one.Name == wanted);
if (bench.Run is null)
{
    bool asked = wanted is "help" or "--help" or "-h";
    var lines = benches.Select(one => $"  ./alongside bench {one.Name,-15}{one.Words}");
    (asked ? Console.Out : Console.Error).WriteLine($"{(asked ? "Measurements:" : $"There is no measurement \"{wanted}\". There are:")}\n{string.Join('\n', lines)}\n\nEach says its options when called with --help. bench/README.md says what they mean.");
    return asked ? 0 : 2;
}

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(bench.Usage);
    return 0;
}

return bench.Run(args[1..]);
