using System.Diagnostics;

namespace Alongside.Host.Loop;

/// <summary>The time of all pure machines in this program: microseconds since it started, never backwards.</summary>
internal static class MonotonicClock
{
    private static readonly long Start = Stopwatch.GetTimestamp();

    public static long Now => (long)(Stopwatch.GetElapsedTime(Start).Ticks / (TimeSpan.TicksPerMillisecond / 1000));
}
