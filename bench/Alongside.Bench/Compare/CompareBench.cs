using System.Globalization;
using System.Text.Json;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Compare;

/// <summary>
/// <c>compare [--size 1920x1080] [--auto] [--only-tight] FILE...</c>: recorded frames through our encoder and through X0tigervnc in one run; bytes and CPU a changed frame.
/// Both are told exactly what changed. X0tigervnc's CPU is its process's, with capture and socket; ours is the encoder's. With --auto ours may be
/// lossy while things move, and X0tigervnc sends JPEG as TigerVNC's viewer asks by default; otherwise both are exact.
/// </summary>
internal static class CompareBench
{
    public static int Run(string[] args)
    {
        string size = "1920x1080";
        bool auto = false, both = true;
        var files = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--size": size = args[++i]; break;
                case "--auto": auto = true; break;
                case "--only-tight": both = false; break;
                default: files.Add(args[i]); break;
            }
        }

        if (files.Count == 0)
        {
            Console.Error.WriteLine("Usage: compare [--size 1920x1080] [--auto] [--only-tight] FILE...      raw BGRX frames, as record writes them");
            return 2;
        }

        int[] sides = [.. size.Split('x').Select(side => int.Parse(side, CultureInfo.InvariantCulture))];
        Console.WriteLine($"{(auto ? "Lossy while it moves; X0tigervnc with JPEG, quality 8" : "Exact; X0tigervnc: Tight without JPEG, level 2")}. Means a changed frame.\n");
        Console.WriteLine($"  {"",-20} {"bytes",9} {"Tight",9} {"ratio",7}   {"CPU ms",7} {"Tight",7} {"ratio",6}");
        foreach (string file in files)
        {
            var theirs = TightReplay.Run(file, sides[0], sides[1], auto);
            var ours = both ? Encode(size, auto, file) : (Bytes: double.NaN, CpuMs: double.NaN, Psnr: 0);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {Path.GetFileNameWithoutExtension(file),-20} {ours.Bytes,9:0} {theirs.Bytes,9:0} {ours.Bytes / theirs.Bytes,7:0.000}   {ours.CpuMs,7:0.00} {theirs.CpuMs,7:0.00} {ours.CpuMs / theirs.CpuMs,6:0.00}{(ours.Psnr > 0 ? $"   {ours.Psnr:0.0} dB" : "")}"));
        }

        return 0;
    }

    /// <summary>Our side, in a process of its own as theirs is.</summary>
    private static (double Bytes, double CpuMs, double Psnr) Encode(string size, bool auto, string file)
    {
        string text = Programs.Run(Environment.ProcessPath!, ["codec", "--size", size, "--exact-damage", .. auto ? (string[])["--mode", "auto"] : [], file]);
        if (text.Length == 0)
        {
            throw new InvalidOperationException($"The codec could not be measured with {file}.");
        }

        using var report = JsonDocument.Parse(text);
        double Mean(string name) => report.RootElement.GetProperty(name).GetProperty("mean").GetDouble();
        return (Mean("bytesPerChangedFrame"), Mean("encodeCpuMsPerChangedFrame"), report.RootElement.TryGetProperty("psnr", out var psnr) ? Decibels(psnr) : 0);
    }

    private static double Decibels(JsonElement psnr) => psnr.ValueKind == JsonValueKind.Object ? psnr.GetProperty("mean").GetDouble() : psnr.GetDouble();
}
