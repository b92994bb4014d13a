using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Core.Session.Feed;

/// <summary>
/// What some viewers look at: the whole desktop, or one monitor cut out of it, in the operations that all of them can decode. Holds the newest
/// pixels of it and the streams that carry them, at most one a speed.
/// </summary>
internal sealed class FeedView(int monitor, ushort[] codec) : IDisposable
{
    private Frame? cut;

    /// <summary>The monitor's id; 0 is the whole desktop.</summary>
    public int Monitor => monitor;

    /// <summary>The codec's capabilities that its viewers share with the encoder.</summary>
    public ushort[] Codec => codec;

    /// <summary>Where it lies on the desktop.</summary>
    public PixelRect Area { get; private set; }

    /// <summary>The newest pixels; null before the first grab and while there is no display.</summary>
    public Frame? Newest { get; private set; }

    /// <summary>How often it is drawn.</summary>
    public DamageHistory Drawn { get; private set; } = new(1, 1);

    public DesktopStream?[] Streams { get; } = new DesktopStream?[Speeds.Count];

    public List<FeedViewer> Viewers { get; } = [];

    /// <summary>The desktop has another layout: nothing is known of its pixels.</summary>
    public void Place(PixelRect area)
    {
        Area = area;
        Newest = null;
        Drawn = new(Math.Max(1, area.Width), Math.Max(1, area.Height));
    }

    /// <summary>Something was drawn on the desktop.</summary>
    public void Damaged(PixelRect area, long now) => Drawn.Note(area with { X = area.X - Area.X, Y = area.Y - Area.Y }, now);

    /// <summary>Pixels of the desktop are new within these areas.</summary>
    public void Take(Frame desktop, ReadOnlySpan<PixelRect> areas)
    {
        if (Area == desktop.Bounds)
        {
            Newest = desktop;
        }
        else
        {
            bool isNew = Newest is null;
            if (cut is null || cut.Width != Area.Width || cut.Height != Area.Height)
            {
                cut = new Frame(Area.Width, Area.Height);
            }

            Newest = cut;
            if (isNew)
            {
                Copy(desktop, Area);
            }
            else
            {
                foreach (var area in areas)
                {
                    Copy(desktop, area.Intersect(Area));
                }
            }
        }

        foreach (var stream in Streams)
        {
            foreach (var area in areas)
            {
                var inside = area.Intersect(Area);
                if (!inside.IsEmpty && stream is not null)
                {
                    stream.Pending.Add(inside with { X = inside.X - Area.X, Y = inside.Y - Area.Y });
                    stream.IsFresh = true;
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var stream in Streams)
        {
            stream?.Dispose();
        }
    }

    private void Copy(Frame desktop, PixelRect area)
    {
        if (area.IsEmpty)
        {
            return;
        }

        for (int y = area.Y; y < area.Bottom; y++)
        {
            desktop.Row(y, area.X, area.Width).CopyTo(cut!.Row(y - Area.Y, area.X - Area.X, area.Width));
        }
    }
}
