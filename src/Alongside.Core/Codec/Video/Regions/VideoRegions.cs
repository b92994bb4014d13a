using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Video.Aom;
using Alongside.Core.Codec.Video.OpenH264;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Video.Regions;

/// <summary>
/// The regions that are sent as video now, and how they follow the films on the screen. They do not overlap. To move one costs nothing, another size a key frame.
/// </summary>
internal sealed class VideoRegions : IDisposable
{
    /// <summary>A region changes its size at most this often, in microseconds.</summary>
    private const long LeastAge = 1_000_000;

    /// <summary>So often in a row a film must be found elsewhere before it is believed.</summary>
    private const int Doubts = 3;

    /// <summary>So many times as much must be copied as changes otherwise: a film's own encoder moves parts of it exactly as well.</summary>
    private const int MostlyCopied = 4;

    /// <summary>So often in a row what changes must be copied before it is no film any more.</summary>
    private const int MostCopied = 2;

    /// <summary>What moves this near to a film may move it too, in pixels.</summary>
    private const int Near = 48;

    private readonly VideoRegion?[] regions = new VideoRegion?[VideoLimits.MaxRegions];
    // By what operation they were shown; 0: none has ended.
    private readonly byte[] ended = new byte[VideoLimits.MaxRegions];
    private long mostAsAv1;

    /// <summary>A region a number, or null.</summary>
    public ReadOnlySpan<VideoRegion?> Numbered => regions;

    public bool IsEmpty
    {
        get
        {
            bool isEmpty = true;
            foreach (var region in regions)
            {
                isEmpty &= region is null;
            }

            return isEmpty;
        }
    }

    /// <summary>Decoders have a frame of some region.</summary>
    public bool AreRunning
    {
        get
        {
            bool are = false;
            foreach (var region in regions)
            {
                are |= region is { IsRunning: true };
            }

            return are;
        }
    }

    /// <summary>Decoders forget everything: what plays on does so from a first frame.</summary>
    public void Restart(long now)
    {
        ended.AsSpan().Clear();
        for (int i = 0; i < regions.Length; i++)
        {
            if (regions[i] is { } region)
            {
                region.Dispose();
                regions[i] = Create(i, region.Operation, region.Area, now);
            }
        }
    }

    /// <summary>A window that is dragged, or a page that scrolls, takes its film along.</summary>
    /// <param name="motions">What has been copied.</param>
    public void Follow(Frame source, ReadOnlySpan<Motion> motions)
    {
        foreach (var region in regions)
        {
            if (region is not { IsRunning: true } || motions.IsEmpty)
            {
                continue;
            }

            var area = region.Area;
            int here = region.DistanceAt(source, area.X, area.Y), least = here;
            foreach (var motion in motions)
            {
                var moved = area with { X = area.X + motion.DeltaX, Y = area.Y + motion.DeltaY };
                if (motion.From.Intersect(Around(area, Near)).IsEmpty || IsTaken(moved, region))
                {
                    continue;
                }

                int there = region.DistanceAt(source, moved.X, moved.Y);
                if (there >= 0 && there < least && there * 4 < here * 3)
                {
                    region.MoveTo(moved.X, moved.Y);
                    least = there;
                }
            }
        }
    }

    /// <summary>
    /// Ends regions in which what changed was copied, exactly: a window is dragged or a page scrolls where a film has played, and would go on as video. True: there is one in which it was.
    /// </summary>
    /// <param name="motions">What has been copied.</param>
    /// <param name="changed">What differs still.</param>
    /// <param name="detector">Learns that there is no film.</param>
    public bool EndWhereCopied(ReadOnlySpan<Motion> motions, ReadOnlySpan<PixelRect> changed, VideoDetector detector)
    {
        bool isAny = false;
        for (int i = 0; i < regions.Length; i++)
        {
            if (regions[i] is not { } region)
            {
                continue;
            }

            long copied = 0;
            foreach (var motion in motions)
            {
                copied += motion.To.Intersect(region.Area).Area;
            }

            bool hasMoved = copied > 0 && copied > MostlyCopied * PixelsWithin(region.Area, changed);
            region.Copied = hasMoved ? region.Copied + 1 : 0;
            isAny |= hasMoved;
            if (region.Copied >= MostCopied)
            {
                detector.Forget(region.Area);
                End(i);
            }
        }

        return isAny;
    }

    /// <summary>Begins, moves and ends regions as films have been found.</summary>
    /// <param name="mostAsAv1">What begins is AV1 up to so many pixels, and H.264 beyond.</param>
    public void Match(ReadOnlySpan<PixelRect> films, long mostAsAv1, long now)
    {
        this.mostAsAv1 = mostAsAv1;
        for (int i = 0; i < regions.Length; i++)
        {
            if (regions[i] is { } region)
            {
                var film = Nearest(films, region.Area);
                if (film.IsEmpty)
                {
                    End(i);
                }
                else if (Around(region.Area, 1).Intersect(film) == film && film.Area * 2 >= region.Area.Area)
                {
                    region.Doubts = 0;
                }
                else
                {
                    Doubt(i, region, film, now);
                }
            }
        }

        foreach (var film in films)
        {
            int free = Array.IndexOf(regions, null);
            if (free >= 0 && VideoLimits.Allows(film.Width, film.Height) && !IsTaken(film, null))
            {
                regions[free] = Create(free, OperationFor(film), film, now);
            }
        }
    }

    public void EndAll()
    {
        for (int i = 0; i < regions.Length; i++)
        {
            if (regions[i] is not null)
            {
                End(i);
            }
        }
    }

    /// <summary>Decoders need not keep what they know of regions that have ended. Nothing is painted, but an operation has a rectangle.</summary>
    public void WriteEnds(UpdateDraft draft)
    {
        for (int i = 0; i < regions.Length; i++)
        {
            if (ended[i] != 0)
            {
                draft.Parts.Defer(ended[i], new(0, 0, 1, 1), VideoArgument.OfEnd(i), []);
                ended[i] = 0;
            }
        }
    }

    /// <summary>All are gone, also for decoders.</summary>
    public void Dispose()
    {
        EndAll();
        ended.AsSpan().Clear();
    }

    /// <summary>How many pixels of <paramref name="area"/> disjoint rectangles have.</summary>
    public static long PixelsWithin(PixelRect area, ReadOnlySpan<PixelRect> rects)
    {
        long pixels = 0;
        foreach (var rect in rects)
        {
            pixels += rect.Intersect(area).Area;
        }

        return pixels;
    }

    private static PixelRect Around(PixelRect area, int by) => new(area.X - by, area.Y - by, area.Width + (2 * by), area.Height + (2 * by));

    // Edges within a few pixels of each other.
    private static bool IsSame(PixelRect a, PixelRect b) =>
        Math.Abs(a.X - b.X) <= 4 && Math.Abs(a.Y - b.Y) <= 4 && Math.Abs(a.Right - b.Right) <= 4 && Math.Abs(a.Bottom - b.Bottom) <= 4;

    private static PixelRect Nearest(ReadOnlySpan<PixelRect> films, PixelRect area)
    {
        PixelRect nearest = default;
        long most = 0;
        foreach (var film in films)
        {
            if (film.Intersect(area).Area > most)
            {
                (nearest, most) = (film, film.Intersect(area).Area);
            }
        }

        return nearest;
    }

    private static VideoRegion Create(int number, byte operation, PixelRect area, long now)
    {
        int width = YuvPicture.Even(area.Width), height = YuvPicture.Even(area.Height);
        return new(number, operation, area, operation == VideoOp.Av1 ? new Av1Encoder(width, height, VideoRate.Finest) : new H264Encoder(width, height, VideoRate.Finest), now);
    }

    private void Doubt(int place, VideoRegion region, PixelRect film, long now)
    {
        region.Doubts = region.Doubts > 0 && IsSame(region.Elsewhere, film) ? region.Doubts + 1 : 1;
        region.Elsewhere = film;
        if (IsPartOf(region.Area, film))
        {
            Grow(place, region, film, now);
            return;
        }

        if (region.Doubts < Doubts || IsTaken(film, region) || !VideoLimits.Allows(film.Width, film.Height))
        {
            return;
        }

        if (film.Width == region.Area.Width && film.Height == region.Area.Height)
        {
            region.MoveTo(film.X, film.Y);
            region.Doubts = 0;
        }
        else if (now - region.Began >= LeastAge)
        {
            region.Dispose();
            regions[place] = Create(place, region.Operation, film, now);
        }
    }

    // What was found first was a part of it, as its liveliest rows: a key frame now costs less than the rest as pictures until it is certain.
    private void Grow(int place, VideoRegion region, PixelRect film, long now)
    {
        if (!VideoLimits.Allows(film.Width, film.Height))
        {
            return;
        }

        for (int i = 0; i < regions.Length; i++)
        {
            if (i != place && regions[i] is { } other && !other.Area.Intersect(film).IsEmpty)
            {
                if (!IsPartOf(other.Area, film))
                {
                    return;
                }

                End(i);
            }
        }

        End(place);
        regions[place] = Create(place, OperationFor(film), film, now);
    }

    private byte OperationFor(PixelRect film) => film.Area <= mostAsAv1 ? VideoOp.Av1 : VideoOp.H264;

    private static bool IsPartOf(PixelRect area, PixelRect film) => area.Intersect(film) == area && film.Area >= 2 * area.Area;

    private bool IsTaken(PixelRect area, VideoRegion? except)
    {
        foreach (var region in regions)
        {
            if (region is not null && region != except && !region.Area.Intersect(area).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private void End(int place)
    {
        var region = regions[place]!;
        ended[place] = region.IsRunning ? region.Operation : ended[place];
        region.Dispose();
        regions[place] = null;
    }
}
