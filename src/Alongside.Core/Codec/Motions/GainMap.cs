using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Motions;

/// <summary>
/// Where one motion would gain how much, block by block, and the rectangle in which it gains most: holes and fixed parts within it count
/// against it, so that a scroll bar is left out and a blinking cursor is not.
/// </summary>
internal sealed class GainMap
{
    private const int BlockWidth = 32;
    private const int BlockHeight = 16;

    /// <summary>No copy gains as much as this costs: what is taken is not taken again.</summary>
    private const int Taken = -(1 << 24);

    private int[] blocks = [];
    private int[] sums = [];
    private Frame reference = null!;
    private Frame source = null!;
    private PixelRect area;
    private PixelRect reach;
    private int deltaX;
    private int deltaY;
    private int columns;
    private int rows;

    /// <summary>Measures one motion within an area, around which its pixels may lie too.</summary>
    /// <param name="taken">What other copies have brought already.</param>
    public void Measure(Frame reference, Frame source, PixelRect area, int deltaX, int deltaY, ReadOnlySpan<Motion> taken)
    {
        (this.reference, this.source, this.deltaX, this.deltaY) = (reference, source, deltaX, deltaY);

        // To where there is something to copy from.
        reach = source.Bounds.Intersect(source.Bounds with { X = deltaX, Y = deltaY });
        area = area.Intersect(reach);
        this.area = area;
        if (area.IsEmpty)
        {
            (columns, rows) = (0, 0);
            return;
        }

        columns = ((area.Width - 1) / BlockWidth) + 1;
        rows = ((area.Height - 1) / BlockHeight) + 1;
        if (columns * rows > blocks.Length)
        {
            blocks = new int[columns * rows];
        }

        if (sums.Length < columns)
        {
            sums = new int[columns];
        }

        int step = area.Area switch { < 1 << 17 => 1, < 1 << 19 => 2, _ => 4 };
        for (int row = 0; row < rows; row++)
        {
            var line = blocks.AsSpan(row * columns, columns);
            line.Clear();
            int top = area.Y + (row * BlockHeight), bottom = Math.Min(top + BlockHeight, area.Bottom);
            for (int y = top; y < bottom; y += step)
            {
                for (int column = 0; column < columns; column++)
                {
                    int x = area.X + (column * BlockWidth);
                    line[column] += RowGain(y, x, Math.Min(BlockWidth, area.Right - x)) * step;
                }
            }
        }

        foreach (var motion in taken)
        {
            Take(motion.To);
        }
    }

    /// <summary>The rectangle in which the motion gains most, to the pixel; false when that is less than <paramref name="least"/>.</summary>
    public bool TryTakeBest(int least, out PixelRect best)
    {
        best = default;
        if (!TryFindBlocks(least, out int left, out int top, out int right, out int bottom))
        {
            return false;
        }

        best = new PixelRect(area.X + (left * BlockWidth), area.Y + (top * BlockHeight), (right - left) * BlockWidth, (bottom - top) * BlockHeight).Intersect(area);

        // Also when little of it is left below: what has been looked at is not looked at again.
        Take(left, top, right, bottom);
        best = FitRow(FitRow(best, -1), 1);
        best = best.IsEmpty ? best : FitColumn(FitColumn(best, -1), 1);
        best = best.IsEmpty ? best : FitRow(FitRow(best, -1), 1);
        Take(best);
        return !best.IsEmpty;
    }

    private int RowGain(int y, int x, int width) => GainKernel.Sum(
        source.Row(y, x, width), reference.Row(y, x, width), reference.Row(y - deltaY, x - deltaX, width), Before(x, y));

    private uint Before(int x, int y) => source.Row(y)[Math.Max(0, x - 1)];

    private void Take(PixelRect rect)
    {
        var inside = rect.Intersect(area);
        if (inside.IsEmpty)
        {
            return;
        }

        // A block belongs to what has its middle.
        Take(
            (inside.X - area.X + (BlockWidth / 2)) / BlockWidth, (inside.Y - area.Y + (BlockHeight / 2)) / BlockHeight,
            (inside.Right - area.X + (BlockWidth / 2)) / BlockWidth, (inside.Bottom - area.Y + (BlockHeight / 2)) / BlockHeight);
    }

    private void Take(int left, int top, int right, int bottom)
    {
        for (int row = top; row < Math.Min(bottom, rows); row++)
        {
            for (int column = left; column < Math.Min(right, columns); column++)
            {
                blocks[(row * columns) + column] = Taken;
            }
        }
    }

    // The largest sum of a rectangle: for each pair of rows the largest run of their column sums.
    private bool TryFindBlocks(int least, out int left, out int top, out int right, out int bottom)
    {
        (left, top, right, bottom) = (0, 0, 0, 0);
        int best = least - 1;
        for (int from = 0; from < rows; from++)
        {
            var sum = sums.AsSpan(0, columns);
            sum.Clear();
            for (int to = from; to < rows; to++)
            {
                var line = blocks.AsSpan(to * columns, columns);
                int run = 0, start = 0;
                for (int column = 0; column < sum.Length; column++)
                {
                    int value = Math.Max(sum[column] + line[column], Taken);
                    sum[column] = value;
                    if (run <= 0)
                    {
                        (run, start) = (0, column);
                    }

                    run += value;
                    if (run > best)
                    {
                        best = run;
                        (left, top, right, bottom) = (start, from, column + 1, to + 1);
                    }
                }
            }
        }

        return best >= least;
    }

    // Moves the upper or lower edge to the row where the gain is greatest: inwards by a block at most, outwards as far as it goes on rising.
    private PixelRect FitRow(PixelRect rect, int way)
    {
        int edge = way < 0 ? rect.Y : rect.Bottom, limit = way < 0 ? reach.Y : reach.Bottom;
        var fit = new EdgeFit(edge - (way * Math.Min(BlockHeight, rect.Height)), way);
        while (fit.Wants(edge, limit, BlockHeight, out int first, out int count))
        {
            for (int i = 0; i < count; i++)
            {
                fit.Add(RowGain(way < 0 ? first + count - 1 - i : first + i, rect.X, rect.Width));
            }
        }

        return way < 0 ? rect with { Y = fit.Best, Height = rect.Bottom - fit.Best } : rect with { Height = fit.Best - rect.Y };
    }

    // The same for the left or right edge.
    private PixelRect FitColumn(PixelRect rect, int way)
    {
        int edge = way < 0 ? rect.X : rect.Right, limit = way < 0 ? reach.X : reach.Right;
        var fit = new EdgeFit(edge - (way * Math.Min(BlockWidth, rect.Width)), way);
        Span<int> gains = stackalloc int[BlockWidth];

        // Hundreds of rows say the same as a quarter of them.
        int step = rect.Height switch { < 128 => 1, < 384 => 2, _ => 4 };
        while (fit.Wants(edge, limit, BlockWidth, out int first, out int count))
        {
            gains.Clear();
            for (int y = rect.Y; y < rect.Bottom; y += step)
            {
                GainKernel.AddColumns(
                    source.Row(y, first, count), reference.Row(y, first, count), reference.Row(y - deltaY, first - deltaX, count), Before(first, y), gains);
            }

            for (int i = 0; i < count; i++)
            {
                fit.Add(gains[way < 0 ? count - 1 - i : i]);
            }
        }

        return way < 0 ? rect with { X = fit.Best, Width = rect.Right - fit.Best } : rect with { Width = fit.Best - rect.X };
    }

    /// <summary>An edge that is moved outwards line by line from within a rectangle, and where it had gained most.</summary>
    private struct EdgeFit(int start, int way)
    {
        private int at = start, sum, most;

        public int Best { get; private set; } = start;

        /// <summary>The next lines to be added: those up to the old edge, as many outside, and more while the last of them helped.</summary>
        public readonly bool Wants(int edge, int limit, int size, out int first, out int count)
        {
            bool isInside = way < 0 ? at > edge : at < edge;
            bool isRising = at == edge || Math.Abs(at - Best) < size;
            count = isInside ? Math.Abs(edge - at) : isRising ? Math.Min(size, Math.Abs(limit - at)) : 0;
            first = way < 0 ? at - count : at;
            return count > 0;
        }

        public void Add(int gain)
        {
            sum += gain;
            at += way;
            if (sum > most)
            {
                (most, Best) = (sum, at);
            }
        }
    }
}
