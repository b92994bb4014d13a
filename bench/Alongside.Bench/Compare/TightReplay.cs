using System.Diagnostics;
using Alongside.Bench.Rfb;
using Alongside.Bench.Screens;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Compare;

/// <summary>What X0tigervnc makes of recorded frames: each is shown on a display that it shares, and the next only when the last has reached the viewer.</summary>
internal static class TightReplay
{
    private const double FrameSeconds = 1 / 30.0;
    private const double QuietSeconds = 0.012;
    private const double Patience = 1;

    public static (double Bytes, double CpuMs, int Frames) Run(string file, int width, int height, bool lossy)
    {
        using var programs = new Programs();
        string display = programs.StartScreen($"{width}x{height}");
        using var painter = new Painter(display, width, height);
        using var input = File.OpenRead(file);
        var frame = new Frame(width, height);
        input.ReadExactly(frame.Bytes);
        painter.Show(frame);
        int port = Programs.FreePort();
        var server = programs.Start("X0tigervnc", ["-display", display, "-SecurityTypes", "None", "-localhost", "-rfbport", $"{port}"], display);
        Programs.WaitForPort(port);
        using var client = new CountingClient(port, lossy);
        WaitForQuiet(client, 0, 1);
        long bytes = client.Bytes;
        double cpu = ProcessTime.Of(server.Id);
        int frames = 0;
        while (input.ReadAtLeast(frame.Bytes, frame.Bytes.Length, throwOnEndOfStream: false) == frame.Bytes.Length)
        {
            long before = client.Updates;
            if (painter.Show(frame))
            {
                frames++;
                WaitForQuiet(client, before, FrameSeconds);
            }
        }

        return ((client.Bytes - bytes) / (double)frames, (ProcessTime.Of(server.Id) - cpu) / frames, frames);
    }

    /// <summary>Until an update has come, nothing more follows it, and <paramref name="atLeast"/> seconds are over.</summary>
    private static void WaitForQuiet(CountingClient client, long seen, double atLeast)
    {
        var clock = Stopwatch.StartNew();
        double last = 0;
        long at = seen;
        while (clock.Elapsed.TotalSeconds is var now && now < Patience + atLeast && (at == seen || now < atLeast || now - last < QuietSeconds))
        {
            if (client.Updates != at)
            {
                (at, last) = (client.Updates, now);
            }

            _ = X.usleep(1000);
        }
    }
}
