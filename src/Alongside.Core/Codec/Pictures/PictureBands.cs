namespace Alongside.Core.Codec.Pictures;

/// <summary>Joins the rectangles of neighbouring cells, since each picture costs a browser's decoder a start.</summary>
internal static class PictureBands
{
    // What was not changed and is painted all the same, for the sake of a rectangle: at most one pixel in so many.
    private const int Waste = 16;

    /// <summary>
    /// Joins what lies side by side and is not dearer than <paramref name="largest"/> together; returns how many are left, at the beginning. At most one rectangle a
    /// cell, so that nothing else of the update lies within a joined one.
    /// </summary>
    public static int Join(Span<UpdatePlan.Item> areas, double largest)
    {
        areas.Sort(static (a, b) => a.Area.Y / FrameDifference.CellHeight != b.Area.Y / FrameDifference.CellHeight
            ? a.Area.Y.CompareTo(b.Area.Y) : a.Area.X.CompareTo(b.Area.X));
        int count = 0;
        for (int i = 0; i < areas.Length; i++)
        {
            var next = areas[i];
            if (count > 0)
            {
                ref var last = ref areas[count - 1];
                var both = last.Area.Union(next.Area);
                bool isBeside = last.Area.Y / FrameDifference.CellHeight == next.Area.Y / FrameDifference.CellHeight && next.Area.X - last.Area.Right <= FrameDifference.CellWidth / Waste;
                if (isBeside && last.Cost + next.Cost <= largest && (both.Area - last.Area.Area - next.Area.Area) * Waste <= both.Area)
                {
                    last = new(both, last.Cost + next.Cost, Math.Min(last.Key, next.Key));
                    continue;
                }
            }

            areas[count++] = next;
        }

        return count;
    }
}
