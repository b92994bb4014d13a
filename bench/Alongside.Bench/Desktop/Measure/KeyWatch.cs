using System.Diagnostics;
using Alongside.Bench.Screens;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Desktop.Measure;

/// <summary>Presses keys at the viewer and waits for their effect there.</summary>
internal static class KeyWatch
{
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Keys one after another, the next a random while after the last one's effect in <paramref name="area"/>, until <paramref name="seconds"/> are over.
    /// </summary>
    public static (List<double> Times, int Lost) Run(Screen viewer, PixelRect area, double seconds, Func<int, uint> key)
    {
        using var spot = new Spot(viewer.Name, area);
        var times = new List<double>();
        var random = new Random(7);
        int lost = 0;
        var whole = Stopwatch.StartNew();
        for (int i = 0; whole.Elapsed.TotalSeconds < seconds; i++)
        {
            // A random phase against every clock on the way: displays, frames, timers.
            Thread.Sleep(TimeSpan.FromMilliseconds(50 + (random.NextDouble() * 60)));
            spot.HasChanged();
            var clock = Stopwatch.StartNew();
            viewer.Type(key(i));
            while (!spot.HasChanged() && clock.Elapsed < Lost)
            {
                _ = X.usleep(200);
            }

            if (clock.Elapsed < Lost)
            {
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
            else
            {
                lost++;
            }
        }

        return (times, lost);
    }
}
