using Alongside.Core.Pixels;

namespace Alongside.Vnc.Encodings;

/// <summary>Rectangles of one update: neighbours joined, so that less is said about each, and large ones cut, as encoders want them.</summary>
internal sealed class RectList
{
    /// <summary>Viewers need not take wider rectangles of Tight.</summary>
    private const int MaxWidth = 2048;

    private readonly List<PixelRect> rects = [];

    public int Count => rects.Count;

    public PixelRect this[int index] => rects[index];

    public void Clear() => rects.Clear();

    /// <summary>Adds a rectangle; joined with the last one, or with one that ends where it begins, when no pixel comes in by that.</summary>
    /// <param name="maxArea">Nothing becomes larger than this.</param>
    public void Join(PixelRect rect, int maxArea)
    {
        for (int i = rects.Count - 1; i >= Math.Max(0, rects.Count - 64); i--)
        {
            var other = rects[i];
            bool beside = other.Y == rect.Y && other.Height == rect.Height && other.Right == rect.X && other.Width + rect.Width <= MaxWidth;
            bool below = other.X == rect.X && other.Width == rect.Width && other.Bottom == rect.Y;
            if ((beside || below) && other.Area + rect.Area <= maxArea)
            {
                rects[i] = other.Union(rect);
                return;
            }
        }

        rects.Add(rect);
    }

    /// <summary>Adds a rectangle in pieces of at most <paramref name="maxArea"/>, as near to squares of <paramref name="side"/> as that allows.</summary>
    public void Cut(PixelRect rect, int side, int maxArea)
    {
        int width = Math.Min(rect.Width, Math.Min(side, MaxWidth)), height = Math.Min(rect.Height, Math.Max(1, maxArea / width));
        for (int y = rect.Y; y < rect.Bottom; y += height)
        {
            for (int x = rect.X; x < rect.Right; x += width)
            {
                rects.Add(new(x, y, Math.Min(width, rect.Right - x), Math.Min(height, rect.Bottom - y)));
            }
        }
    }
}
