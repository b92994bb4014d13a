using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Cache;

/// <summary>
/// Rectangles of layers, added cell by cell: neighbours of one layer that make a rectangle become one, since each costs some bytes and a
/// strip beside a window lies in many cells.
/// </summary>
internal sealed class LayerRects
{
    // Cells come row by row: whoever can be joined came not long before.
    private const int Reach = 48;

    private (PixelRect Area, int Layer)[] items = new (PixelRect, int)[64];

    public int Count { get; private set; }

    public ReadOnlySpan<(PixelRect Area, int Layer)> Items => items.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(PixelRect area, int layer)
    {
        for (int i = Count - 1; i >= Math.Max(0, Count - 4); i--)
        {
            var (other, otherLayer) = items[i];
            if (otherLayer == layer && other.Y == area.Y && other.Height == area.Height && (other.Right == area.X || area.Right == other.X))
            {
                items[i].Area = other.Union(area);
                return;
            }
        }

        if (Count == items.Length)
        {
            Array.Resize(ref items, Count * 2);
        }

        items[Count++] = (area, layer);
    }

    /// <summary>When all have been added: joins those that lie above each other.</summary>
    public void JoinRows()
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            var (area, layer) = items[i];
            bool joined = false;
            for (int k = kept - 1; k >= Math.Max(0, kept - Reach) && !joined; k--)
            {
                var (other, otherLayer) = items[k];
                if (otherLayer == layer && other.X == area.X && other.Width == area.Width && other.Bottom == area.Y)
                {
                    items[k].Area = other.Union(area);
                    joined = true;
                }
            }

            if (!joined)
            {
                items[kept++] = (area, layer);
            }
        }

        Count = kept;
    }
}
