using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Motions;

/// <summary>
/// Finds what has moved between two pictures: scrolled text, dragged windows, several at once. Keeps its memory from one search to the next;
/// not thread-safe.
/// <code>
/// hints of the window system ─┐
/// anchors -> votes ───────────┴> a motion -> where it gains -> rectangles -> an order in which none overwrites what another reads
/// </code>
/// </summary>
public sealed class MotionSearch
{
    /// <summary>The most copies of one search.</summary>
    public const int MaxCopies = 16;

    /// <summary>Fewer changed pixels than this are as cheap to paint as to look for.</summary>
    private const int LeastArea = 1024;

    /// <summary>What a copy must gain, as <see cref="Kernels.GainKernel"/> counts: about what it costs.</summary>
    private const int LeastGain = 1024;

    /// <summary>Anchors that must agree on a motion before it is measured.</summary>
    private const int LeastVotes = 4;

    /// <summary>Motions that are measured in vain before the search gives up.</summary>
    private const int Patience = 3;

    /// <summary>How far around its anchors a motion is looked for.</summary>
    private const int Around = 128;

    private readonly AnchorSearch anchors = new();
    private readonly MotionVotes votes = new();
    private readonly GainMap map = new();
    private readonly Motion[] copies = new Motion[MaxCopies];
    private int count;

    /// <summary>What the last search found.</summary>
    public ReadOnlySpan<Motion> Copies => copies.AsSpan(0, count);

    /// <summary>
    /// The copies that bring <paramref name="reference"/> nearer to <paramref name="source"/>, in the order in which they are to be applied, one
    /// after another. They may make a few pixels wrong that were right: compare again afterwards. Valid until the next search.
    /// </summary>
    /// <param name="reference">The picture before; not changed. <see cref="Motion.Apply"/> does that.</param>
    /// <param name="source">The picture now, of the same size.</param>
    /// <param name="changed">Where they differ: <see cref="FrameDifference.Rects"/>.</param>
    /// <param name="hints">Motions that are likely.</param>
    public ReadOnlySpan<Motion> Find(Frame reference, Frame source, ReadOnlySpan<PixelRect> changed, ReadOnlySpan<Motion> hints)
    {
        count = 0;
        PixelRect bounds = default;
        long area = 0;
        foreach (var rect in changed)
        {
            bounds = bounds.Union(rect);
            area += rect.Area;
        }

        if (area < LeastArea)
        {
            return [];
        }

        foreach (var hint in hints)
        {
            TryTake(reference, source, Grow(hint.To).Intersect(bounds), hint.DeltaX, hint.DeltaY);
        }

        votes.Clear();
        anchors.Vote(reference, source, changed, area, votes);
        foreach (var copy in copies.AsSpan(0, count))
        {
            votes.Remove(copy.To);
        }

        for (int misses = 0; misses < Patience && count < MaxCopies && votes.TryFindBest(LeastVotes, out int deltaX, out int deltaY, out var around);)
        {
            int before = count;
            misses += TryTake(reference, source, Grow(around).Intersect(bounds), deltaX, deltaY) ? 0 : 1;
            votes.Remove(deltaX, deltaY);
            foreach (var copy in copies.AsSpan(before, count - before))
            {
                votes.Remove(copy.To);
            }
        }

        count = CopyOrder.Sort(copies.AsSpan(0, count));
        return Copies;
    }

    private static PixelRect Grow(PixelRect rect) =>
        new(rect.X - Around, rect.Y - Around, rect.Width + (2 * Around), rect.Height + (2 * Around));

    private bool TryTake(Frame reference, Frame source, PixelRect area, int deltaX, int deltaY)
    {
        bool found = false;
        if ((deltaX, deltaY) == (0, 0) || area.IsEmpty)
        {
            return false;
        }

        map.Measure(reference, source, area, deltaX, deltaY, copies.AsSpan(0, count));
        while (count < MaxCopies && map.TryTakeBest(LeastGain, out var best))
        {
            foreach (var copy in copies.AsSpan(0, count))
            {
                best = CopyOrder.Cut(best, copy.To);
            }

            if (!best.IsEmpty)
            {
                copies[count++] = new(best, deltaX, deltaY);
                found = true;
            }
        }

        return found;
    }
}
