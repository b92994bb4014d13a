using System.Diagnostics;
using Alongside.Net.Rtc;

namespace Alongside.Bench.Sctp;

/// <summary>One data channel through the product's own driver, both ends in this process, on loopback.</summary>
internal static class DriverGoodput
{
    private const long Bytes = 400L * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static object Measure()
    {
        long received = 0;
        using var done = new ManualResetEventSlim();
        var (from, to, _) = MeasuredPeer.Pair(data =>
        {
            received += data.Length;
            if (received >= Bytes)
            {
                done.Set();
            }
        });
        using var process = Process.GetCurrentProcess();
        var (watch, busy) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        from.Fill(Bytes);
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
