using System.Diagnostics;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Desktop.Measure;

/// <summary>
/// How long after the shared display's last change the viewer's is the same in every pixel, but for those under the pointer: some servers draw it into
/// the picture when it was not the viewer who moved it.
/// </summary>
internal static class ExactWatch
{
    private const int PollMs = 8;

    /// <summary>Milliseconds, or -1 when it was not within <paramref name="patienceMs"/>.</summary>
    public static double Run(Screen shared, Screen viewer, double patienceMs, double stillMs = 250)
    {
        var clock = Stopwatch.StartNew();
        uint[] last = new uint[shared.Width * shared.Height];
        double changed = 0, exact = -1;
        while (true)
        {
            double now = clock.Elapsed.TotalMilliseconds;
            var picture = shared.Read();
            if (!Pictures.AreSame(picture, last))
            {
                picture.CopyTo(last);
                (changed, exact) = (now, -1);
            }

            if (exact < 0 && Pictures.AreSame(viewer.Read(), last, shared.Width, shared.AroundPointer()))
            {
                exact = clock.Elapsed.TotalMilliseconds;
            }

            if (exact >= 0 && now - changed > stillMs)
            {
                return Math.Max(0, exact - changed);
            }

            if (now - changed > patienceMs || now > patienceMs * 3)
            {
                return -1;
            }

            Thread.Sleep(PollMs);
        }
    }
}
