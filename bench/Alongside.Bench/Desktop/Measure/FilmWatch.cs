using System.Diagnostics;
using Alongside.Bench.Props;
using Alongside.Bench.Screens;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Desktop.Measure;

/// <summary>Reads the numbers of a film's frames from both displays while it plays, and now and then compares one frame pixel by pixel.</summary>
internal sealed class FilmWatch : IDisposable
{
    private const double ComparisonMs = 700;
    private readonly Spot shared, viewer;
    private readonly BarcodeSpots sharedCode, viewerCode;
    private readonly Dictionary<int, double> appeared = [];
    private readonly HashSet<int> torn = [], tornThere = [];
    private readonly List<double> ages = [], psnr = [];
    private readonly uint[] kept;
    private readonly Stopwatch clock = new();
    private int lastShared = -1, lastViewer = -1, keptNumber = -1, sourceFrames, shownFrames;
    private double lastComparison = -ComparisonMs;

    public FilmWatch(string sharedDisplay, string viewerDisplay, PixelRect area)
    {
        (shared, viewer) = (new(sharedDisplay, area), new(viewerDisplay, area));
        (sharedCode, viewerCode) = (new(sharedDisplay, area), new(viewerDisplay, area));
        kept = new uint[area.Width * area.Height];
    }

    public void Run(double seconds)
    {
        clock.Restart();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            LookAtShared(clock.Elapsed.TotalMilliseconds);
            LookAtViewer();
            _ = X.usleep(1500);
        }
    }

    public void Report(Result result)
    {
        result.SourceFps = sourceFrames / clock.Elapsed.TotalSeconds;
        result.ShownFps = shownFrames / clock.Elapsed.TotalSeconds;
        result.Torn = torn.Count;
        result.FrameAge = Percentiles.Of(ages);
        result.Psnr = psnr.Count > 0 ? Percentiles.Median(psnr) : null;
    }

    public void Dispose()
    {
        shared.Dispose();
        viewer.Dispose();
        sharedCode.Dispose();
        viewerCode.Dispose();
    }

    private void LookAtShared(double now)
    {
        var (top, middle, bottom) = sharedCode.Read();
        if (top < 0 || top != middle || top != bottom || top == lastShared)
        {
            if (top >= 0 && middle >= 0 && bottom >= 0 && (top != middle || top != bottom))
            {
                tornThere.Add(Math.Max(top, Math.Max(middle, bottom)));
            }

            return;
        }

        lastShared = top;
        appeared[top] = now;
        sourceFrames++;
        if (now - lastComparison > ComparisonMs)
        {
            shared.Read().CopyTo(kept);
            (keptNumber, lastComparison) = (sharedCode.Read() == (top, top, top) ? top : -1, now);
        }
    }

    private void LookAtViewer()
    {
        var (top, middle, bottom) = viewerCode.Read();
        if (top < 0 || top != middle || top != bottom)
        {
            // What the browser tore on the shared display is shown as it is.
            if (top >= 0 && middle >= 0 && bottom >= 0 && !tornThere.Contains(Math.Max(top, Math.Max(middle, bottom))))
            {
                torn.Add(Math.Max(top, Math.Max(middle, bottom)));
            }

            return;
        }

        if (top == lastViewer)
        {
            return;
        }

        lastViewer = top;
        shownFrames++;
        if (appeared.TryGetValue(top, out double since))
        {
            ages.Add(clock.Elapsed.TotalMilliseconds - since);
        }

        if (top == keptNumber)
        {
            keptNumber = -1;
            var picture = viewer.Read();
            if (viewerCode.Read() == (top, top, top))
            {
                psnr.Add(Pictures.Psnr(kept, picture));
            }
        }
    }
}

/// <summary>The three rows of a display in which a film's number can be read.</summary>
internal sealed class BarcodeSpots(string display, PixelRect area) : IDisposable
{
    private readonly Spot[] rows = [.. Barcode.Rows(area).Select(row => new Spot(display, row))];

    /// <summary>The numbers at one moment: looked at twice, as the picture may change while three rows are read. -1 where none can be read.</summary>
    public (int Top, int Middle, int Bottom) Read()
    {
        var first = Once();
        return Once() == first ? first : (-1, -1, -1);
    }

    public void Dispose() => Array.ForEach(rows, row => row.Dispose());

    private (int Top, int Middle, int Bottom) Once() => (Number(rows[0]), Number(rows[1]), Number(rows[2]));

    private int Number(Spot row) => Barcode.Read(row.Read(), area.Width);
}
