using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Motions;

/// <summary>
/// Orders copies so that none reads what another has overwritten. Where they wait for each other in a circle, as two windows that change
/// places, one is cut to what is still there.
/// </summary>
internal static class CopyOrder
{
    /// <summary>Sorts in place and returns how many copies are left.</summary>
    public static int Sort(Span<Motion> copies)
    {
        int count = copies.Length;
        for (int done = 0; done < count;)
        {
            int next = FindFree(copies[done..count]);
            if (next < 0)
            {
                // The first of a circle goes now; the others lose what it overwrites.
                count = done + 1 + CutSources(copies[(done + 1)..count], copies[done].To);
                next = 0;
            }

            (copies[done], copies[done + next]) = (copies[done + next], copies[done]);
            done++;
        }

        return count;
    }

    /// <summary>The largest part of a rectangle that lies on one side of another.</summary>
    public static PixelRect Cut(PixelRect rect, PixelRect hole)
    {
        if (rect.Intersect(hole).IsEmpty)
        {
            return rect;
        }

        PixelRect best = default;
        ReadOnlySpan<PixelRect> parts =
        [
            rect with { Height = hole.Y - rect.Y },
            rect with { Y = hole.Bottom, Height = rect.Bottom - hole.Bottom },
            rect with { Width = hole.X - rect.X },
            rect with { X = hole.Right, Width = rect.Right - hole.Right },
        ];
        foreach (var part in parts)
        {
            best = part.Area > best.Area ? part : best;
        }

        return best;
    }

    // One that overwrites nothing that another of them reads.
    private static int FindFree(ReadOnlySpan<Motion> copies)
    {
        for (int i = 0; i < copies.Length; i++)
        {
            bool isFree = true;
            for (int k = 0; k < copies.Length && isFree; k++)
            {
                isFree = k == i || copies[i].To.Intersect(copies[k].From).IsEmpty;
            }

            if (isFree)
            {
                return i;
            }
        }

        return -1;
    }

    private static int CutSources(Span<Motion> copies, PixelRect overwritten)
    {
        int kept = 0;
        foreach (var copy in copies)
        {
            var rest = Cut(copy.From, overwritten);
            if (!rest.IsEmpty)
            {
                copies[kept++] = copy with { To = rest with { X = rest.X + copy.DeltaX, Y = rest.Y + copy.DeltaY } };
            }
        }

        return kept;
    }
}
