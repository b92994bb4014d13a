using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Video.Aom;
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
    /// <summary>Of a region at least one pixel in so many changes, or it is painted as everything else is.</summary>
    private const int LeastChange = 32;

    /// <summary>On ways that take fewer bytes a second than 3 Mbit/s a film is worth the work of AV1.</summary>
    private const long Thin = 375_000;

    /// <summary>Where less than one so many-th of a region changes, it is looked for motion in it every time: a window that is dragged where a film played.</summary>
    private const int FewChanges = 4;

    /// <summary>And so often in any case, in microseconds: a page that scrolls there.</summary>
    private const long SearchTime = 250_000;

    /// <summary>In pixels: of a larger one AV1 takes so long that there are fewer frames than H.264 would show on the same way.</summary>
    private const long MostOfAv1 = 1280 * 720;

    private readonly bool hasH264, hasAv1;
    private readonly VideoRegions regions = new();
    private readonly DamageRegion damage = new();
    private VideoDetector? detector;
    private PixelRect[] outside = [];
    private long searchedAt;
    private bool hasMotion;

    /// <param name="capabilities">What every decoder names.</param>
    public VideoStage(ReadOnlySpan<ushort> capabilities)
    {
        hasH264 = capabilities.Contains(OpTable.H264) && LibOpenH264.IsPresent;
        hasAv1 = capabilities.Contains(OpTable.Av1) && LibAom.IsPresent;
    }

    /// <summary>A part of the picture is sent as video now.</summary>
    public bool HasRegions => regions.AreRunning;

    /// <summary>For tests and measurements: where films are sent as video.</summary>
    public IEnumerable<VideoRegion> Regions => regions.Numbered.ToArray().OfType<VideoRegion>();

    /// <summary>The picture begins anew: nothing is known of it.</summary>
    public void Begin(int width, int height)
    {
        regions.Dispose();
        detector = hasH264 || hasAv1 ? new(width, height) : null;
    }

    /// <summary>Decoders forget everything: what plays on does so from a first frame.</summary>
    public void Restart(long now) => regions.Restart(now);

    /// <summary>
    /// What of rectangles it is worth looking for motion in: not where films play, roughly, but for a look now and then whether they still do. Valid until the next call.
    /// </summary>
    public ReadOnlySpan<PixelRect> WhereToSearch(ReadOnlySpan<PixelRect> changed, in EncodeTerms terms)
    {
        if (regions.IsEmpty)
        {
            return changed;
        }

        if (hasMotion || !terms.Hints.IsEmpty || terms.Now - searchedAt >= SearchTime || HasFewChanges(changed))
        {
            searchedAt = terms.Now;
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
            foreach (var region in regions.Numbered)
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
        foreach (var region in regions.Numbered)
        {
            if (region is null || now >= region.PlaysUntil || region.Area.Intersect(cell) is not { IsEmpty: false } film)
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

    /// <summary>When the last film of an area will have stopped if it is drawn no more; the time at which the last one did where it has.</summary>
    public long PlaysUntil(PixelRect area)
    {
        long until = long.MinValue;
        foreach (var region in regions.Numbered)
        {
            if (region is not null && !region.Area.Intersect(area).IsEmpty)
            {
                until = Math.Max(until, region.PlaysUntil);
            }
        }

        return until;
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
            regions.EndAll();
        }
        else
        {
            regions.Follow(source, motions);
            hasMotion = regions.EndWhereCopied(motions, difference.Rects, detector);
            detector.Moved(source, motions);
            if (detector.Note(source, difference.Rects, terms.Damage, terms.Now))
            {
                regions.Match(detector.Films, !hasAv1 ? 0 : !hasH264 ? long.MaxValue : terms.Rate < Thin ? MostOfAv1 : 0, terms.Now);
            }
        }

        regions.WriteEnds(draft);
        int shown = 0;
        foreach (var region in regions.Numbered)
        {
            shown += IsToBeShown(region, difference.Rects) ? 1 : 0;
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
        foreach (var region in regions.Numbered)
        {
            if (IsToBeShown(region, difference.Rects))
            {
                region!.Show(source, reference, target, terms.Damage?.IntervalWithin(region.Area, terms.Now), terms.Now, draft);
            }
        }

        difference.Compare(reference, source, damage);
    }

    /// <summary>Newer pixels are looked at.</summary>
    public void NoteLook(long now) => detector?.NoteLook(now);

    /// <summary>After everything else that changed: makes exact what stands still over films, as far as it fits.</summary>
    public void RefineStill(ExactnessMap exactness, long now, UpdateDraft draft)
    {
        foreach (var region in regions.Numbered)
        {
            if (region is { IsRunning: true } && region.ChangedAt == now)
            {
                region.RefineStill(exactness, draft);
            }
        }
    }

    public void Dispose() => regions.Dispose();

    private static bool IsToBeShown(VideoRegion? region, ReadOnlySpan<PixelRect> changed) =>
        region is { Copied: 0 } && VideoRegions.PixelsWithin(region.Area, changed) * LeastChange >= region.Area.Area;

    private bool HasFewChanges(ReadOnlySpan<PixelRect> changed)
    {
        foreach (var region in regions.Numbered)
        {
            if (region is { IsRunning: true } && VideoRegions.PixelsWithin(region.Area, changed) is > 0 and var pixels && pixels * FewChanges < region.Area.Area)
            {
                return true;
            }
        }

        return false;
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

    private bool IsPlaying(PixelRect area, long now)
    {
        foreach (var region in regions.Numbered)
        {
            if (region is not null && now < region.PlaysUntil && !region.Area.Intersect(area).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }
}
