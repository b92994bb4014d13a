namespace Alongside.Core.Pixels;

/// <summary>
/// Where a desktop may have changed: a state, not a queue. Holds at most <see cref="Capacity"/> rectangles; when more come they are
/// merged, so that the region may grow but never loses a pixel. Rectangles may overlap.
/// </summary>
public sealed class DamageRegion
{
    public const int Capacity = 32;

    private readonly PixelRect[] rects = new PixelRect[Capacity];
    private int count;

    public bool IsEmpty => count == 0;

    /// <summary>The rectangles; valid until the region is changed.</summary>
    public ReadOnlySpan<PixelRect> Rects => rects.AsSpan(0, count);

    public PixelRect Bounds
    {
        get
        {
            PixelRect bounds = default;
            foreach (var rect in Rects)
            {
                bounds = bounds.Union(rect);
            }

            return bounds;
        }
    }

    public void Clear() => count = 0;

    public void Add(DamageRegion other)
    {
        foreach (var rect in other.Rects)
        {
            Add(rect);
        }
    }

    public void Add(PixelRect rect)
    {
        if (rect.IsEmpty)
        {
            return;
        }

        // Whatever is nearly covered together becomes one; the grown rectangle may then reach another one.
        for (int i = 0; i < count; i++)
        {
            if (IsCheapToMerge(rects[i], rect))
            {
                rect = rects[i].Union(rect);
                RemoveAt(i);
                i = -1;
            }
        }

        if (count == Capacity)
        {
            int nearest = FindLeastWaste(rect);
            rect = rects[nearest].Union(rect);
            RemoveAt(nearest);
            Add(rect);
            return;
        }

        rects[count++] = rect;
    }

    /// <summary>Keeps only what lies within <paramref name="bounds"/>.</summary>
    public void Clip(PixelRect bounds)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            var clipped = rects[i].Intersect(bounds);
            if (clipped.IsEmpty)
            {
                RemoveAt(i);
            }
            else
            {
                rects[i] = clipped;
            }
        }
    }

    // A merge is cheap when the pixels it adds are fewer than a quarter of those that changed: looking at them costs less than a rectangle.
    private static bool IsCheapToMerge(PixelRect a, PixelRect b) => Waste(a, b) * 4 <= a.Area + b.Area;

    private static long Waste(PixelRect a, PixelRect b) => a.Union(b).Area - a.Area - b.Area + a.Intersect(b).Area;

    private int FindLeastWaste(PixelRect rect)
    {
        int best = 0;
        for (int i = 1; i < count; i++)
        {
            if (Waste(rects[i], rect) < Waste(rects[best], rect))
            {
                best = i;
            }
        }

        return best;
    }

    private void RemoveAt(int index) => rects[index] = rects[--count];
}
