using System.Diagnostics;
using Alongside.Net.Rtc;

namespace Alongside.Bench.Sctp;

/// <summary>One data channel through the product's own driver, both ends in this process, on loopback.</summary>
internal static class DriverGoodput
{
    /// <summary>Until everything is compiled, and what is then measured.</summary>
    private const long Warm = 100L * 1024 * 1024, Bytes = 400L * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static object Measure()
    {
        long received = 0;
        using var done = new ManualResetEventSlim();
        using var process = Process.GetCurrentProcess();
        var (watch, busy) = (new Stopwatch(), TimeSpan.Zero);
        var (from, to, _) = MeasuredPeer.Pair(data =>
        {
            received += data.Length;
            if (!watch.IsRunning && received >= Warm)
            {
                process.Refresh();
                (busy, received) = (process.TotalProcessorTime, 0);
                watch.Start();
            }

            if (watch.IsRunning && received >= Bytes)
            {
                done.Set();
            }
        });
        from.Fill(Warm + Bytes);
        if (!done.Wait(Patience))
        {
            throw new InvalidOperationException($"After {Patience} only {received} bytes had come.");
        }

        double seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        double cpu = (process.TotalProcessorTime - busy).TotalSeconds;
        var seen = from.Connection.Statistics();
        Close(from);
        Close(to);
        return new
        {
            megabytes = received / 1024 / 1024,
            megabitsOnTheClock = Math.Round(received * 8 / 1e6 / seconds),
            megabitsAProcessorSecondOfEitherEnd = Math.Round(received * 8 / 1e6 / (cpu / 2)),
            retransmitted = seen.Retransmitted,
            aim = "1,000 a core",
        };
    }

    private static void Close(MeasuredPeer peer) => peer.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
