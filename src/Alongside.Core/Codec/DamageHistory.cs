using Alongside.Core.Codec.Video.Regions;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>
/// How often the window system told of damage lately, cell by cell, also of what nobody had the time to grab: on a thin line it says what the pictures that
/// are looked at, one a second perhaps, cannot.
/// </summary>
/// <param name="width">Of the picture, in pixels.</param>
public sealed class DamageHistory(int width, int height)
{
    private const int CellWidth = FrameDifference.CellWidth, CellHeight = FrameDifference.CellHeight;

    private readonly int columns = ((width - 1) / CellWidth) + 1;
    private readonly ChangeHistory[] cells = new ChangeHistory[(((width - 1) / CellWidth) + 1) * (((height - 1) / CellHeight) + 1)];

    /// <summary>Something may have been drawn within an area; what lies outside of the picture does not count.</summary>
    public void Note(PixelRect area, long now)
    {
        area = area.Intersect(new(0, 0, width, height));
        if (area.IsEmpty)
        {
            return;
        }

        long slot = ChangeHistory.SlotOf(now);
        for (int row = area.Y / CellHeight; row <= (area.Bottom - 1) / CellHeight; row++)
        {
            for (int column = area.X / CellWidth; column <= (area.Right - 1) / CellWidth; column++)
            {
                cells[(row * columns) + column].Note(slot);
            }
        }
    }

    /// <summary>In how many of the last 40 slots of <see cref="ChangeHistory"/> there was damage within the cell of this number, row by row.</summary>
    internal int Count(int cell, long slot) => cells[cell].Count(slot, 0, 39);

    /// <summary>From one time that the liveliest cell of an area is drawn to the next, in microseconds: the mean of the last two thirds of a second, which is the most.</summary>
    internal long IntervalWithin(PixelRect area, long now)
    {
        area = area.Intersect(new(0, 0, width, height));
        if (area.IsEmpty)
        {
            return 40 * ChangeHistory.SlotTime;
        }

        long slot = ChangeHistory.SlotOf(now);
        int most = 1;
        for (int row = area.Y / CellHeight; row <= (area.Bottom - 1) / CellHeight; row++)
        {
            for (int column = area.X / CellWidth; column <= (area.Right - 1) / CellWidth; column++)
            {
                most = Math.Max(most, Count((row * columns) + column, slot));
            }
        }

        return 40 * ChangeHistory.SlotTime / most;
    }
}
