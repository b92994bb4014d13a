using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Pictures;

/// <summary>When each cell of the picture changed last: what moves is not worth making exact.</summary>
internal sealed class Stillness(int width, int height)
{
    /// <summary>What has not changed for this long is still, in microseconds.</summary>
    public const long After = 80_000;

    private const int CellWidth = FrameDifference.CellWidth, CellHeight = FrameDifference.CellHeight;

    private readonly int columns = ((width - 1) / CellWidth) + 1;
    private readonly long[] changedAt = Never(((width - 1) / CellWidth) + 1, ((height - 1) / CellHeight) + 1);

    public int Cells => changedAt.Length;

    public PixelRect Cell(int index) =>
        new PixelRect(index % columns * CellWidth, index / columns * CellHeight, CellWidth, CellHeight).Intersect(new(0, 0, width, height));

    public bool IsStill(int cell, long now) => now >= StillAt(cell);

    /// <summary>When it is still if it does not change until then.</summary>
    public long StillAt(int cell) => changedAt[cell] + After;

    private static long[] Never(int columns, int rows)
    {
        long[] times = new long[columns * rows];
        Array.Fill(times, long.MinValue / 2);
        return times;
    }

    public void Changed(PixelRect area, long now)
    {
        for (int row = area.Y / CellHeight; row <= (area.Bottom - 1) / CellHeight; row++)
        {
            changedAt.AsSpan((row * columns) + (area.X / CellWidth), ((area.Right - 1) / CellWidth) - (area.X / CellWidth) + 1).Fill(now);
        }
    }
}
