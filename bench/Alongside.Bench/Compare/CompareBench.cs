using System.Globalization;
using System.Text.Json;
using Alongside.Bench.Report;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Compare;

/// <summary>
/// <c>compare</c>: recorded frames through our encoder and through X0tigervnc in one run; bytes and CPU a changed frame. Both are told exactly what
/// changed. X0tigervnc's CPU is its process's, with capture and socket; ours is the encoder's. With --auto ours may be lossy while things move, and
/// X0tigervnc sends JPEG as TigerVNC's viewer asks by default; otherwise both are exact.
/// </summary>
internal static class CompareBench
{
    public const string Usage = """
        Usage: compare [--size 1920x1080] [--auto] [--only-tight] [--json FILE] FILE...
          FILE           Raw BGRX frames, as record writes them.
          --auto         Both as they are by default: ours on a line of 20 Mbit/s, X0tigervnc with JPEG of quality 8. Otherwise both are exact.
          --only-tight   X0tigervnc alone.
          --json FILE    Adds the figures to this file; a clip's earlier ones in the same mode are replaced.
        """;

    public static int Run(string[] args)
    {
        string size = "1920x1080";
        string? json = null;
        bool auto = false, both = true;
        var files = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--size" when i + 1 < args.Length: size = args[++i]; break;
                case "--json" when i + 1 < args.Length: json = args[++i]; break;
                case "--auto": auto = true; break;
                case "--only-tight": both = false; break;
                default: files.Add(args[i]); break;
            }
        }

        if (files.Count == 0 || !files.TrueForAll(File.Exists))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        int[] sides = [.. size.Split('x').Select(side => int.Parse(side, CultureInfo.InvariantCulture))];
        Console.WriteLine($"{(auto ? "Lossy while it moves; X0tigervnc with JPEG, quality 8" : "Exact; X0tigervnc: Tight without JPEG, level 2")}. Means a changed frame.\n");
        Console.WriteLine($"  {"",-20} {"bytes",9} {"Tight",9} {"ratio",7}   {"CPU ms",7} {"Tight",7} {"ratio",6}");
        foreach (string file in files)
        {
            var theirs = TightReplay.Run(file, sides[0], sides[1], auto);
            var ours = both ? Encode(size, auto, file) : (Bytes: double.NaN, CpuMs: double.NaN, Decibels: null);
            var row = new Comparison(Path.GetFileNameWithoutExtension(file), auto ? "auto" : "exact", size, theirs.Frames,
                Math.Round(ours.Bytes, 1), Math.Round(theirs.Bytes, 1), Math.Round(ours.CpuMs, 3), Math.Round(theirs.CpuMs, 3), ours.Decibels);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {row.Clip,-20} {row.Bytes,9:0} {row.TightBytes,9:0} {row.BytesRatio,7:0.000}   {row.CpuMs,7:0.00} {row.TightCpuMs,7:0.00} {row.CpuRatio,6:0.00}{(row.Decibels is { } decibels ? $"   {decibels:0.0} dB" : "")}"));
            if (json is not null && both)
            {
                Comparison[] others = [.. (Findings.Read<Comparison[]>(json) ?? []).Where(other => (other.Clip, other.Mode) != (row.Clip, row.Mode))];
                Findings.Write(json, (Comparison[])[.. others, row]);
            }
        }

        return 0;
    }

    /// <summary>Our side, in a process of its own as theirs is.</summary>
    private static (double Bytes, double CpuMs, double? Decibels) Encode(string size, bool auto, string file)
    {
        string text = Programs.Run(Environment.ProcessPath!, ["codec", "--size", size, "--exact-damage", "--mode", auto ? "auto" : "exact", file]);
        if (text.Length == 0)
        {
            throw new InvalidOperationException($"The codec could not be measured with {file}.");
        }

        using var report = JsonDocument.Parse(text);
        if (!report.RootElement.GetProperty("exact").GetBoolean())
        {
            Console.Error.WriteLine($"{file}: what was decoded is not exact.");
        }

        double Mean(string name) => report.RootElement.GetProperty(name).GetProperty("mean").GetDouble();
        return (Mean("bytesPerChangedFrame"), Mean("encodeCpuMsPerChangedFrame"),
            report.RootElement.TryGetProperty("psnr", out var psnr) && psnr.TryGetProperty("changing", out var changing) ? changing.GetDouble() : null);
    }
}
