using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>
/// Finds what really changed within damage: the tight rectangle around the changed pixels of each cell of a fixed grid. Cells make what is
/// found bounded and disjoint, whatever the damage; a fixed grid makes equal content equal bytes.
/// </summary>
public sealed class FrameDifference
{
    /// <summary>Measured: docs/adr/0002-tiles-and-window.md.</summary>
    public const int CellWidth = 128;
    public const int CellHeight = 128;

    // Changed pixels of a cell: left, top, right and bottom within the picture; Right 0 when none.
    private struct Box
    {
        public int Left, Top, Right, Bottom;
    }

    private Box[] cells = [];
    private PixelRect[] rects = [];
    private int count;

    /// <summary>What <see cref="Compare"/> found, from top to bottom, left to right; valid until the next.</summary>
    public ReadOnlySpan<PixelRect> Rects => rects.AsSpan(0, count);

    /// <summary>Compares two frames of one size within the damage. Allocates only when a larger frame than before comes.</summary>
    public void Compare(Frame reference, Frame source, DamageRegion damage)
    {
        if (reference.Width != source.Width || reference.Height != source.Height)
        {
            throw new ArgumentException("Frames of different sizes cannot be compared.", nameof(source));
        }

        int columns = ((source.Width - 1) / CellWidth) + 1, rows = ((source.Height - 1) / CellHeight) + 1;
        if (columns * rows > cells.Length)
        {
            cells = new Box[columns * rows];
            rects = new PixelRect[columns * rows];
        }

        PixelRect touched = default;
        foreach (var rect in damage.Rects)
        {
            var area = rect.Intersect(source.Bounds);
            if (!area.IsEmpty)
            {
                touched = touched.Union(area);
                CompareArea(reference, source, area, columns);
            }
        }

        Collect(touched, columns);
    }

    private void CompareArea(Frame reference, Frame source, PixelRect area, int columns)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            var was = reference.Row(y);
            var now = source.Row(y);
            var line = cells.AsSpan(y / CellHeight * columns, columns);
            int x = area.X;
            while (true)
            {
                x += DifferenceKernel.First(now[x..area.Right], was[x..area.Right]);
                if (x >= area.Right)
                {
                    break;
                }

                int column = x / CellWidth, end = Math.Min((column + 1) * CellWidth, area.Right);
                int last = x + DifferenceKernel.Last(now[x..end], was[x..end]);
                Extend(ref line[column], x, y, last + 1);
                x = end;
                if (x >= area.Right)
                {
                    break;
                }
            }
        }
    }

    private static void Extend(ref Box box, int left, int y, int right)
    {
        if (box.Right == 0)
        {
            box = new() { Left = left, Top = y, Right = right, Bottom = y + 1 };
            return;
        }

        box.Left = Math.Min(box.Left, left);
        box.Top = Math.Min(box.Top, y);
        box.Right = Math.Max(box.Right, right);
        box.Bottom = Math.Max(box.Bottom, y + 1);
    }

    private void Collect(PixelRect touched, int columns)
    {
        count = 0;
        if (touched.IsEmpty)
        {
            return;
        }

        for (int row = touched.Y / CellHeight; row <= (touched.Bottom - 1) / CellHeight; row++)
        {
            for (int column = touched.X / CellWidth; column <= (touched.Right - 1) / CellWidth; column++)
            {
                ref var box = ref cells[(row * columns) + column];
                if (box.Right != 0)
                {
                    rects[count++] = new(box.Left, box.Top, box.Right - box.Left, box.Bottom - box.Top);
                    box = default;
                }
            }
        }
    }
}
