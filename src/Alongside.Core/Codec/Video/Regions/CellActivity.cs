using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Video.Regions;

/// <summary>
/// What has been seen of the changes within one cell of the picture: when, whether they look like a film's, and how often each of its columns and rows
/// took part. Allocated once a cell.
/// </summary>
internal sealed class CellActivity(PixelRect area)
{
    /// <summary>In a film that is known one change in so many is looked at closely.</summary>
    private const int Seldom = 4;

    public const int Side = FrameDifference.CellWidth;

    /// <summary>Pixels that are looked at, a side of them.</summary>
    private const int Grid = 8;

    /// <summary>So many of them must have changed at once before it is a film's change.</summary>
    private const int LeastChanged = 6;

    /// <summary>Older counts weigh half as much after so many changes.</summary>
    private const int Memory = 16;

    private readonly uint[] seen = new uint[Grid * Grid];
    private readonly uint[] columns = new uint[Side], rows = new uint[Side], columnTimes = new uint[Side], rowTimes = new uint[Side];
    private ChangeHistory any, busy, rich;
    private int skipped;

    public PixelRect Area => area;

    /// <summary>How many changes the counts are of.</summary>
    public int Samples { get; private set; }

    /// <summary>Took part in a film lately.</summary>
    public bool IsFilm { get; private set; }

    /// <summary>Changes like a film, if not of many colours: beside one it is a part of it, as a wall behind a face.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>How often each column of the cell had a pixel that changed, added up over its rows; the left one first.</summary>
    public ReadOnlySpan<uint> Columns => columns;

    public ReadOnlySpan<uint> Rows => rows;

    /// <summary>In how many of the changes each column had one.</summary>
    public ReadOnlySpan<uint> ColumnTimes => columnTimes;

    public ReadOnlySpan<uint> RowTimes => rowTimes;

    /// <summary>Of the last two thirds of a second, in how many slots something changed.</summary>
    public int Changes(long slot) => any.Count(slot, 0, 39);

    /// <summary>
    /// Pixels within <paramref name="changed"/> may differ from what was there before: what waits for its turn to be sent is given again and again, but does not change.
    /// <paramref name="before"/> is brought up to date. True: something of what is looked at did change.
    /// </summary>
    public bool Note(Frame source, Frame before, PixelRect changed, long slot)
    {
        var (isNew, isBusy, isRich) = Look(source);
        if (isBusy)
        {
            any.Note(slot);
            busy.Note(slot);
        }

        if (isRich)
        {
            rich.Note(slot);
        }

        if (IsBusy && ++skipped % Seldom != 0)
        {
            return isNew;
        }

        Count(source, before, changed, slot);
        for (int y = changed.Y; y < changed.Bottom; y++)
        {
            source.Row(y, changed.X, changed.Width).CopyTo(before.Row(y, changed.X, changed.Width));
        }

        return isNew;
    }

    /// <summary>Pixels have come here from elsewhere, exactly: what has moved is no change.</summary>
    public void Moved(Frame source, PixelRect to)
    {
        for (int j = 0; j < Grid; j++)
        {
            for (int i = 0; i < Grid; i++)
            {
                if (to.Contains(X(i, j), Y(j)))
                {
                    seen[(j * Grid) + i] = source.Row(Y(j))[X(i, j)] & 0xFF_FFFF;
                }
            }
        }
    }

    /// <summary>What it was part of was no film.</summary>
    public void Forget()
    {
        (any, busy, rich) = (default, default, default);
        IsFilm = IsBusy = false;
        ForgetCounts();
    }

    /// <summary>
    /// Brings <see cref="IsFilm"/> up to date: in when it changed like a film for 160 ms, in most of the frames that there were; out when it has not
    /// for a second.
    /// </summary>
    /// <param name="frames">When there was a new frame at all.</param>
    /// <param name="isDrawn">It is drawn much more often than the way has frames carried.</param>
    public void Judge(long slot, ChangeHistory frames, bool isDrawn)
    {
        IsFilm = IsFilm ? rich.Count(slot, 0, 60) > 0 : GoesOn(rich, slot, frames, isDrawn);
        IsBusy = IsBusy ? busy.Count(slot, 0, 60) > 0 : GoesOn(busy, slot, frames, isDrawn);
        if (!IsFilm && any.Count(slot, 0, 60) == 0 && Samples > 0)
        {
            ForgetCounts();
        }
    }

    private void ForgetCounts()
    {
        Samples = 0;
        columns.AsSpan().Clear();
        rows.AsSpan().Clear();
        columnTimes.AsSpan().Clear();
        rowTimes.AsSpan().Clear();
    }

    private static bool GoesOn(ChangeHistory history, long slot, ChangeHistory frames, bool isDrawn)
    {
        int changes = history.Count(slot, 0, 39), seen = frames.Count(slot, 0, 39);
        if (changes >= 7 || (changes >= 5 && changes * 5 >= seen * 3)

            // Large pictures of a film can take so long that no more is looked at.
            || (changes == 4 && seen <= 5))
        {
            return history.Count(slot, 10, 39) > 0 && history.Count(slot, 0, 11) > 0;
        }

        // On a thin line longer still. What is another picture each time that it is looked at would go on for ever as pictures, none of which is ever finished.
        return isDrawn && history.Count(slot, 0, 60) is var all and > 0 && all == frames.Count(slot, 0, 60);
    }

    private void Count(Frame source, Frame before, PixelRect changed, long slot)
    {
        Span<uint> across = stackalloc uint[Side];
        across.Clear();
        int sum = 0;
        for (int y = changed.Y; y < changed.Bottom; y++)
        {
            int count = ActivityKernel.Count(
                source.Row(y, changed.X, changed.Width), before.Row(y, changed.X, changed.Width), across.Slice(changed.X - area.X, changed.Width));
            rows[y - area.Y] += (uint)count;
            rowTimes[y - area.Y] += count > 0 ? 1u : 0;
            sum += count;
        }

        if (sum == 0)
        {
            return;
        }

        for (int x = changed.X - area.X; x < changed.Right - area.X; x++)
        {
            columns[x] += across[x];
            columnTimes[x] += across[x] > 0 ? 1u : 0;
        }

        any.Note(slot);
        if (++Samples >= Memory)
        {
            Samples /= 2;
            Halve(columns);
            Halve(rows);
            Halve(columnTimes);
            Halve(rowTimes);
        }
    }

    private static void Halve(Span<uint> counts)
    {
        foreach (ref uint count in counts)
        {
            count /= 2;
        }
    }

    // Letters and flat colours repeat among few pixels, a film's do not.
    private (bool IsNew, bool IsBusy, bool IsRich) Look(Frame source)
    {
        Span<uint> changed = stackalloc uint[Grid * Grid];
        int count = 0;
        for (int j = 0; j < Grid; j++)
        {
            var row = source.Row(Y(j));
            for (int i = 0; i < Grid; i++)
            {
                uint pixel = row[X(i, j)] & 0xFF_FFFF;
                ref uint before = ref seen[(j * Grid) + i];
                if (before != pixel)
                {
                    before = pixel;
                    changed[count++] = pixel;
                }
            }
        }

        if (count < LeastChanged)
        {
            return (count > 0, false, false);
        }

        changed = changed[..count];
        changed.Sort();
        int colours = 1;
        for (int i = 1; i < count; i++)
        {
            colours += changed[i] != changed[i - 1] ? 1 : 0;
        }

        return (true, true, colours * 2 > count);
    }

    // Where the picture is looked at: no two rows at the same places.
    private int X(int i, int j) => area.X + Math.Min((i * (Side / Grid)) + ((3 + (5 * j)) % 16), area.Width - 1);

    private int Y(int j) => area.Y + Math.Min((j * (Side / Grid)) + 7, area.Height - 1);
}
