using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Video.OpenH264;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Video.Regions;

/// <summary>
/// The encoder's step between copying and painting: where films play, their next frames, so that only the rest is painted.
/// <code>
/// copies -> films move with what is around them -> detector -> regions begin, move, end -> frames of those that changed -> what differs still
/// </code>
/// A frame of a film is a part of the update it belongs to, so that it never tears against what is around it. Its pixels are not exact; what stands still
/// in it becomes exact and is left out of the frames that follow, and all of it becomes exact soon after the last of them.
/// </summary>
internal sealed class VideoStage : IDisposable
{
    /// <summary>A region without a frame for this long has stopped, and is made exact, in microseconds.</summary>
    private const long Playing = 150_000;

    /// <summary>Of a region at least one pixel in so many changes, or it is painted as everything else is.</summary>
    private const int LeastChange = 32;

    /// <summary>A region that costs everybody a new key frame when it changes its size does so at most this often, in microseconds.</summary>
    private const long LeastAge = 1_000_000;

    /// <summary>So often in a row a film must be found elsewhere before it is believed.</summary>
    private const int Doubts = 3;

    /// <summary>What moves this near to a film may move it too, in pixels.</summary>
    private const int Near = 48;

    private readonly bool hasH264;
    private readonly VideoRegion?[] regions = new VideoRegion?[VideoLimits.MaxRegions];
    private readonly bool[] hasEnded = new bool[VideoLimits.MaxRegions];
    private readonly DamageRegion damage = new();
    private VideoDetector? detector;
    private PixelRect[] outside = [];

    /// <param name="capabilities">What every decoder names.</param>
    public VideoStage(ReadOnlySpan<ushort> capabilities) => hasH264 = capabilities.Contains(OpTable.H264) && LibOpenH264.IsPresent;

    /// <summary>A part of the picture is sent as video now.</summary>
    public bool HasRegions => Array.Exists(regions, region => region is { IsRunning: true });

    /// <summary>For tests and measurements: where films are sent as video.</summary>
    public IEnumerable<VideoRegion> Regions => regions.OfType<VideoRegion>();

    /// <summary>The picture begins anew: nothing is known of it.</summary>
    public void Begin(int width, int height)
    {
        Clear();
        detector = hasH264 ? new(width, height) : null;
    }

    /// <summary>Decoders forget everything: what plays on does so from a first frame.</summary>
    public void Restart(long now)
    {
        for (int i = 0; i < regions.Length; i++)
        {
            hasEnded[i] = false;
            if (regions[i] is { } region)
            {
                region.Dispose();
                regions[i] = Create(i, region.Area, now);
            }
        }
    }

    /// <summary>What of rectangles is not a film's, roughly: what it is worth looking for motion in. Valid until the next call.</summary>
    public ReadOnlySpan<PixelRect> Outside(ReadOnlySpan<PixelRect> changed)
    {
        if (!Array.Exists(regions, region => region is not null))
        {
            return changed;
        }

        if (outside.Length < changed.Length)
        {
            outside = new PixelRect[changed.Length];
        }

        int count = 0;
        foreach (var rect in changed)
        {
            var rest = rect;
            foreach (var region in regions)
            {
                rest = region is null ? rest : Without(rest, region.Area);
            }

            if (!rest.IsEmpty)
            {
                outside[count++] = rest;
            }
        }

        return outside.AsSpan(0, count);
    }

    /// <summary>What is not exact of a cell and belongs to no film that plays, which would only paint over it: one rectangle of it, perhaps of several.</summary>
    public PixelRect InexactWithin(ExactnessMap exactness, PixelRect cell, long now)
    {
        foreach (var region in regions)
        {
            if (region is null || now - region.ChangedAt >= Playing || region.Area.Intersect(cell) is not { IsEmpty: false } film)
            {
                continue;
            }

            Span<PixelRect> around =
            [
                cell with { Height = film.Y - cell.Y },
                cell with { Y = film.Bottom, Height = cell.Bottom - film.Bottom },
                new(cell.X, film.Y, film.X - cell.X, film.Height),
                new(film.Right, film.Y, cell.Right - film.Right, film.Height),
            ];
            foreach (var part in around)
            {
                if (InexactWithin(exactness, part, region) is { IsEmpty: false } area && !IsPlaying(area, now))
                {
                    return area;
                }
            }

            return default;
        }

        return exactness.InexactWithin(cell);
    }

    /// <summary>
    /// Writes the next frames of films, which changes <paramref name="reference"/>, and leaves in <paramref name="difference"/> what differs still.
    /// </summary>
    /// <param name="motions">What has been copied in this update.</param>
    public void Show(
        Frame source, Frame reference, FrameDifference difference, ReadOnlySpan<Motion> motions, in EncodeTerms terms, UpdateDraft draft)
    {
        if (detector is null)
        {
            return;
        }

        if (terms.Budget == int.MaxValue)
        {
            EndAll();
        }
        else
        {
            Follow(source, motions);
            if (detector.Note(source, difference.Rects, terms.Now))
            {
                Match(terms.Now);
            }
        }

        WriteEnds(draft);
        int shown = 0;
        foreach (var region in regions)
        {
            shown += region is not null && Moves(region, difference.Rects) ? 1 : 0;
        }

        if (shown == 0)
        {
            return;
        }

        damage.Clear();
        foreach (var rect in difference.Rects)
        {
            damage.Add(rect);
        }

        int target = draft.Left / 4 * 3 / shown;
        foreach (var region in regions)
        {
            if (region is not null && Moves(region, difference.Rects))
            {
                region.Show(source, reference, target, terms.Now, draft);
            }
        }

        difference.Compare(reference, source, damage);
    }

    /// <summary>After everything else that changed: makes exact what stands still over films, as far as it fits.</summary>
    public void RefineStill(ExactnessMap exactness, long now, UpdateDraft draft)
    {
        foreach (var region in regions)
        {
            if (region is { IsRunning: true } && region.ChangedAt == now)
            {
                region.RefineStill(exactness, draft);
            }
        }
    }

    public void Dispose() => Clear();

    private static bool Moves(VideoRegion region, ReadOnlySpan<PixelRect> changed)
    {
        long pixels = 0;
        foreach (var rect in changed)
        {
            pixels += rect.Intersect(region.Area).Area;
        }

        return pixels * LeastChange >= region.Area.Area;
    }

    private static PixelRect InexactWithin(ExactnessMap exactness, PixelRect part, VideoRegion region) =>
        part.IsEmpty || !part.Intersect(region.Area).IsEmpty ? default : exactness.InexactWithin(part);

    // A rectangle without another one, where that leaves one rectangle or none; otherwise whole.
    private static PixelRect Without(PixelRect rect, PixelRect other)
    {
        var shared = rect.Intersect(other);
        if (shared.IsEmpty)
        {
            return rect;
        }

        if (shared.Height == rect.Height)
        {
            return shared.X == rect.X ? new(shared.Right, rect.Y, rect.Right - shared.Right, rect.Height)
                : shared.Right == rect.Right ? rect with { Width = shared.X - rect.X } : rect;
        }

        return shared.Width != rect.Width ? rect
            : shared.Y == rect.Y ? new(rect.X, shared.Bottom, rect.Width, rect.Bottom - shared.Bottom)
            : shared.Bottom == rect.Bottom ? rect with { Height = shared.Y - rect.Y } : rect;
    }

    private static PixelRect Around(PixelRect area, int by) => new(area.X - by, area.Y - by, area.Width + (2 * by), area.Height + (2 * by));

    // Edges within a few pixels of each other.
    private static bool IsSame(PixelRect a, PixelRect b) =>
        Math.Abs(a.X - b.X) <= 4 && Math.Abs(a.Y - b.Y) <= 4 && Math.Abs(a.Right - b.Right) <= 4 && Math.Abs(a.Bottom - b.Bottom) <= 4;

    private bool IsPlaying(PixelRect area, long now)
    {
        foreach (var region in regions)
        {
            if (region is not null && now - region.ChangedAt < Playing && !region.Area.Intersect(area).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    // A window that is dragged, or a page that scrolls, takes its film along.
    private void Follow(Frame source, ReadOnlySpan<Motion> motions)
    {
        foreach (var region in regions)
        {
            if (region is not { IsRunning: true } || motions.IsEmpty)
            {
                continue;
            }

            var (x, y) = (region.Area.X, region.Area.Y);
            int here = region.DistanceAt(source, x, y), least = here;
            foreach (var motion in motions)
            {
                if (motion.From.Intersect(Around(region.Area, Near)).IsEmpty || IsTaken(region.Area with { X = region.Area.X + motion.DeltaX, Y = region.Area.Y + motion.DeltaY }, region))
                {
                    continue;
                }

                int there = region.DistanceAt(source, region.Area.X + motion.DeltaX, region.Area.Y + motion.DeltaY);
                if (there >= 0 && there < least && there * 4 < here * 3)
                {
                    (x, y, least) = (region.Area.X + motion.DeltaX, region.Area.Y + motion.DeltaY, there);
                }
            }

            region.MoveTo(x, y);
        }
    }

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

    // Brings the regions to what the detector has found.
    private void Match(long now)
    {
        var films = detector!.Films;
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
            int free = Array.FindIndex(regions, region => region is null);
            if (free >= 0 && VideoLimits.Allows(film.Width, film.Height) && !IsTaken(film, null))
            {
                regions[free] = Create(free, film, now);
            }
        }
    }

    private void Doubt(int place, VideoRegion region, PixelRect film, long now)
    {
        region.Doubts = region.Doubts > 0 && IsSame(region.Elsewhere, film) ? region.Doubts + 1 : 1;
        region.Elsewhere = film;
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
            regions[place] = Create(place, film, now);
        }
    }

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

    private static VideoRegion Create(int number, PixelRect area, long now) =>
        new(number, VideoOp.H264, area, new H264Encoder(YuvPicture.Even(area.Width), YuvPicture.Even(area.Height), VideoRate.Finest), now);

    private void End(int place)
    {
        hasEnded[place] |= regions[place]!.IsRunning;
        regions[place]!.Dispose();
        regions[place] = null;
    }

    private void EndAll()
    {
        for (int i = 0; i < regions.Length; i++)
        {
            if (regions[i] is not null)
            {
                End(i);
            }
        }
    }

    private void Clear()
    {
        EndAll();
        hasEnded.AsSpan().Clear();
    }

    // Decoders need not keep what they know of it. Nothing is painted, but an operation has a rectangle.
    private void WriteEnds(UpdateDraft draft)
    {
        for (int i = 0; i < regions.Length; i++)
        {
            if (hasEnded[i])
            {
                hasEnded[i] = false;
                draft.Parts.Defer(VideoOp.H264, new(0, 0, 1, 1), VideoArgument.OfEnd(i), []);
            }
        }
    }
}
