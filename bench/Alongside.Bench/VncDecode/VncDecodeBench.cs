using System.Globalization;
using Alongside.Bench.Report;
using Alongside.Bench.Screens;

namespace Alongside.Bench.VncDecode;

/// <summary>
/// <c>vnc-decode</c>: sessions of real VNC servers, recorded once, through our decoders and through TigerVNC's viewer in one run, in turns: megapixels in a second of
/// processor time.
/// </summary>
internal static class VncDecodeBench
{
    public const string Usage = """
        Usage: vnc-decode [--servers X0tigervnc,x11vnc] [--size 1920x1080] [--seconds 2.5] [--runs 3] [--json FILE]
          --seconds N   Length of each of the four scenes that are recorded.
          --runs N      How often each session is decoded by both. Figures are medians.
        """;

    public static int Run(string[] args)
    {
        string size = "1920x1080", servers = "X0tigervnc,x11vnc";
        string? json = null;
        double seconds = 2.5;
        int runs = 3;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--servers" when i + 1 < args.Length: servers = args[++i]; break;
                case "--size" when i + 1 < args.Length: size = args[++i]; break;
                case "--seconds" when i + 1 < args.Length: seconds = double.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--runs" when i + 1 < args.Length: runs = int.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--json" when i + 1 < args.Length: json = args[++i]; break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        Console.WriteLine("Megapixels in a second of processor time. TigerVNC's: its viewer with a window of 64x64.\n");
        Console.WriteLine($"  {"",-24} {"megapixels",10} {"MB",7} {"ours",7} {"TigerVNC",9} {"time, ours / TigerVNC's",24}");
        var rows = new List<DecodeRow>();
        foreach (string server in servers.Split(','))
        {
            if (Programs.Run("sh", "-c", $"command -v {server}").Length == 0)
            {
                Console.Error.WriteLine($"{server} is left out: it is not installed.");
                continue;
            }

            Console.Error.WriteLine($"Recording {server}.");
            foreach (var session in SessionRecorder.Record(server, size, seconds))
            {
                var row = Measure(session, size, runs);
                rows.Add(row);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {server + ", " + row.Encoding,-24} {row.Megapixels,10:0.0} {row.Megabytes,7:0.0} {row.Rate,7:0} {row.TigerRate,9:0} {row.TimeRatio,24:0.00}"));
            }
        }

        if (json is not null)
        {
            Findings.Write(json, rows.ToArray());
        }

        return 0;
    }

    private static DecodeRow Measure(RecordedSession session, string size, int runs)
    {
        // Compiled when it is needed; the other is compiled already.
        long pixels = Decoders.Ours(session).Pixels;
        double[] ours = new double[runs], theirs = new double[runs];
        for (int run = 0; run < runs; run++)
        {
            theirs[run] = Decoders.Tiger(session);
            ours[run] = Decoders.Ours(session).Ms;
        }

        return new(session.Server, session.Encoding, size, pixels / 1e6, session.Bytes.Length / 1e6, Median(ours), Median(theirs));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
