using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Video.Regions;

/// <summary>
/// Finds where films play, from what changes. Knows nothing of what is done about it.
/// <code>
/// changes -> each cell: when, how many colours, which columns and rows -> cells that change like a film, side by side -> the rectangle whose columns and rows take part
/// </code>
/// What is found is as tight as the film, wherever its edges lie in the cells: columns and rows take part or don't, and a caption that ticks below is parted from it by
/// some that don't.
/// </summary>
/// <param name="width">Of the picture, in pixels.</param>
internal sealed class VideoDetector(int width, int height)
{
    /// <summary>The smallest film, a side.</summary>
    public const int LeastSide = 128;

    /// <summary>How often it is looked for films, in slots of <see cref="ChangeHistory"/>: every 66 ms.</summary>
    private const int Period = 4;

    /// <summary>The same while there are some: every 131 ms. Where they play is known, and moves with what is copied.</summary>
    private const int KnownPeriod = 8;

    /// <summary>So many columns or rows of a film may take no part, as at the border of a face.</summary>
    private const int Gap = 12;

    /// <summary>Of a film's pixels at least one in so many changes at once.</summary>
    private const int LeastDensity = 12;

    /// <summary>Columns and rows take part that change at least one so many-th of what the mean does: more than a caption beside the film.</summary>
    private const int Share = 8;

    /// <summary>And at least one so many-th as often: more often than a page that was painted once before the film.</summary>
    private const int TimesShare = 4;

    /// <summary>What is drawn so often in two thirds of a second, and twice as often as it is looked at, may be a film of which the way or the machine cannot take more.</summary>
    private const int LeastDamage = 6;

    private const int MaxTries = 32;

    private const int Side = CellActivity.Side;

    private readonly int columns = ((width - 1) / Side) + 1, rows = ((height - 1) / Side) + 1;
    private readonly CellActivity?[] cells = new CellActivity?[(((width - 1) / Side) + 1) * (((height - 1) / Side) + 1)];
    private readonly bool[] isTaken = new bool[(((width - 1) / Side) + 1) * (((height - 1) / Side) + 1)];
    private readonly bool[] isSeen = new bool[(((width - 1) / Side) + 1) * (((height - 1) / Side) + 1)];
    private readonly int[] stack = new int[(((width - 1) / Side) + 1) * (((height - 1) / Side) + 1)];
    private readonly ulong[] profile = new ulong[Math.Max(width, height) + Side];
    private readonly uint[] times = new uint[Math.Max(width, height) + Side];
    private readonly PixelRect[] found = new PixelRect[VideoLimits.MaxRegions];
    private readonly Frame before = new(width, height);
    // In which slots something was new, and was looked whether it is.
    private ChangeHistory frames, looks;
    private long lookedAt;
    private int count;

    /// <summary>The films there are; they do not overlap.</summary>
    public ReadOnlySpan<PixelRect> Films => found.AsSpan(0, count);

    /// <summary>
    /// These rectangles, at most one a cell and within it, have to be painted anew. True when it has been looked for films again.
    /// </summary>
    /// <param name="damage">How often the cells are drawn, if that is known.</param>
    public bool Note(Frame source, ReadOnlySpan<PixelRect> changed, DamageHistory? damage, long now)
    {
        long slot = ChangeHistory.SlotOf(now);
        bool isNew = false;
        foreach (var rect in changed)
        {
            int column = rect.X / Side, row = rect.Y / Side;
            var cell = cells[(row * columns) + column] ??= new(new PixelRect(column * Side, row * Side, Side, Side).Intersect(source.Bounds));
            isNew |= cell.Note(source, before, rect, slot);
        }

        if (isNew)
        {
            frames.Note(slot);
        }

        return LookAgain(damage, slot);
    }

    /// <summary>These have been copied, and are no changes of the cells that they lie in now.</summary>
    public void Moved(Frame source, ReadOnlySpan<Motion> motions)
    {
        foreach (var motion in motions)
        {
            for (int row = motion.To.Y / Side; row <= (motion.To.Bottom - 1) / Side; row++)
            {
                for (int column = motion.To.X / Side; column <= (motion.To.Right - 1) / Side; column++)
                {
                    cells[(row * columns) + column]?.Moved(source, motion.To);
                }
            }
        }
    }

    /// <summary>There is no film, whatever it looked like until now.</summary>
    public void Forget(PixelRect film)
    {
        foreach (var cell in cells)
        {
            if (cell is not null && !cell.Area.Intersect(film).IsEmpty)
            {
                cell.Forget();
            }
        }
    }

    /// <summary>Newer pixels are looked at, which may be the same.</summary>
    public void NoteLook(long now) => looks.Note(ChangeHistory.SlotOf(now));

    /// <summary>Time went by, perhaps without a change.</summary>
    public bool LookAgain(DamageHistory? damage, long slot)
    {
        if (slot - lookedAt < (count > 0 ? KnownPeriod : Period) && slot >= lookedAt)
        {
            return false;
        }

        lookedAt = slot;
        count = 0;
        int least = Math.Max(LeastDamage, 2 * looks.Count(slot, 0, 39));
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i]?.Judge(slot, frames, damage?.Count(i, slot) >= least);
            isTaken[i] = cells[i] is not { IsFilm: true };
        }

        // What is left of one that was found is tried again, but not for ever.
        for (int i = 0, tries = 0; i < cells.Length && count < found.Length && tries < MaxTries; i++)
        {
            if (!isTaken[i])
            {
                tries++;
                if (TryFind(i, slot, out var film))
                {
                    found[count++] = film;
                }
            }
        }

        return true;
    }

    // The film of which a cell is part, if there is one; its cells are taken, at any rate this one.
    private bool TryFind(int first, long slot, out PixelRect film)
    {
        var (left, top, right, bottom) = Collect(first, out int changes, out int samples);
        film = default;

        // A neighbour that changes as often may hold a little of the film.
        int outerLeft = Outer(slot, changes, left, -1, top, bottom, isColumn: true), outerRight = Outer(slot, changes, right, 1, top, bottom, isColumn: true);
        int outerTop = Outer(slot, changes, top, -1, left, right, isColumn: false), outerBottom = Outer(slot, changes, bottom, 1, left, right, isColumn: false);
        for (int i = outerLeft; i <= outerRight; i++)
        {
            Add((i - outerLeft) * Side, i, top, bottom, isColumn: true);
        }

        var (fromX, toX) = Extent((outerRight - outerLeft + 1) * Side, (left - outerLeft) * Side, (right + 1 - outerLeft) * Side);
        fromX += outerLeft * Side;
        toX += outerLeft * Side;

        // Of its rows only cells tell that lie between those columns, if there are any.
        int firstColumn = Math.Max(left, (fromX + Side - 1) / Side), lastColumn = Math.Min(right, (toX / Side) - 1);
        if (firstColumn > lastColumn)
        {
            (firstColumn, lastColumn) = (Math.Max(left, fromX / Side), Math.Min(right, (toX - 1) / Side));
        }

        for (int i = outerTop; i <= outerBottom; i++)
        {
            Add((i - outerTop) * Side, i, firstColumn, lastColumn, isColumn: false);
        }

        var (fromY, toY) = Extent((outerBottom - outerTop + 1) * Side, (top - outerTop) * Side, (bottom + 1 - outerTop) * Side);
        fromY += outerTop * Side;
        toY += outerTop * Side;
        film = new PixelRect(fromX, fromY, toX - fromX, toY - fromY).Intersect(new(0, 0, width, height));
        Take(film, first);
        return film.Width >= LeastSide && film.Height >= LeastSide && IsDense(film, samples) && !Overlaps(film);
    }

    // The cells that hang together with one, as the columns and rows around them.
    private (int Left, int Top, int Right, int Bottom) Collect(int first, out int changes, out int samples)
    {
        int left = columns, top = rows, right = 0, bottom = 0, depth = 0;
        changes = samples = 0;
        isSeen.AsSpan().Clear();
        isTaken[first] = isSeen[first] = true;
        stack[depth++] = first;
        while (depth > 0)
        {
            int index = stack[--depth], column = index % columns, row = index / columns;
            (left, top, right, bottom) = (Math.Min(left, column), Math.Min(top, row), Math.Max(right, column), Math.Max(bottom, row));
            changes = Math.Max(changes, cells[index]!.Changes(lookedAt));
            samples = Math.Max(samples, cells[index]!.Samples);
            for (int y = Math.Max(0, row - 1); y <= Math.Min(rows - 1, row + 1); y++)
            {
                for (int x = Math.Max(0, column - 1); x <= Math.Min(columns - 1, column + 1); x++)
                {
                    // What is only busy takes part in whichever film is beside it, and begins none.
                    int next = (y * columns) + x;
                    if (!isTaken[next] || (!isSeen[next] && cells[next] is { IsBusy: true, IsFilm: false }))
                    {
                        isTaken[next] = isSeen[next] = true;
                        stack[depth++] = next;
                    }
                }
            }
        }

        return (left, top, right, bottom);
    }

    // The next column (or row) of cells if one of them changes nearly as often, else this one.
    private int Outer(long slot, int changes, int line, int step, int from, int to, bool isColumn)
    {
        int next = line + step;
        for (int i = from; next >= 0 && next < (isColumn ? columns : rows) && i <= to; i++)
        {
            if (cells[isColumn ? (i * columns) + next : (next * columns) + i] is { } cell && cell.Changes(slot) * 5 >= changes * 3)
            {
                return next;
            }
        }

        return line;
    }

    // Adds up the columns of one column of cells (or the rows of one row).
    private void Add(int at, int line, int from, int to, bool isColumn)
    {
        var sums = profile.AsSpan(at, Side);
        var often = times.AsSpan(at, Side);
        sums.Clear();
        often.Clear();
        for (int i = from; i <= to; i++)
        {
            if (cells[isColumn ? (i * columns) + line : (line * columns) + i] is { } cell)
            {
                var counts = isColumn ? cell.Columns : cell.Rows;
                var seen = isColumn ? cell.ColumnTimes : cell.RowTimes;
                for (int k = 0; k < Side; k++)
                {
                    sums[k] += counts[k];
                    often[k] = Math.Max(often[k], seen[k]);
                }
            }
        }
    }

    // From the busiest place between two outwards, as far as there is activity.
    private (int From, int To) Extent(int length, int inner, int outer)
    {
        int busiest = inner;
        ulong sum = 0;
        uint most = 0;
        for (int i = inner; i < outer; i++)
        {
            sum += profile[i];
            most = Math.Max(most, times[i]);
            busiest = profile[i] > profile[busiest] ? i : busiest;
        }

        ulong least = Math.Max(1, sum / (ulong)(outer - inner) / Share);
        int from = busiest, to = busiest + 1;
        for (int i = busiest; i >= 0 && from - i <= Gap; i--)
        {
            from = TakesPart(i, least, most) ? i : from;
        }

        for (int i = busiest; i < length && i - to < Gap; i++)
        {
            to = TakesPart(i, least, most) ? i + 1 : to;
        }

        return (from, to);
    }

    private bool TakesPart(int line, ulong least, uint most) => profile[line] >= least && times[line] * TimesShare >= most;

    // Cells of the component that hardly lie within the film are free again, for another one beside it.
    private void Take(PixelRect film, int first)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            if (i != first && isTaken[i] && cells[i] is { IsFilm: true } cell && !IsFound(cell.Area) && cell.Area.Intersect(film).Area * 8 < cell.Area.Area)
            {
                isTaken[i] = false;
            }
        }
    }

    private bool IsFound(PixelRect cell)
    {
        foreach (var film in Films)
        {
            if (film.Intersect(cell).Area * 8 >= cell.Area)
            {
                return true;
            }
        }

        return false;
    }

    private bool Overlaps(PixelRect film)
    {
        foreach (var other in Films)
        {
            if (!other.Intersect(film).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsDense(PixelRect film, int samples)
    {
        long changed = 0;
        for (int row = film.Y / Side; row <= (film.Bottom - 1) / Side; row++)
        {
            for (int column = film.X / Side; column <= (film.Right - 1) / Side; column++)
            {
                foreach (uint line in cells[(row * columns) + column] is { } cell ? cell.Rows : [])
                {
                    changed += line;
                }
            }
        }

        return changed * LeastDensity >= film.Area * samples;
    }
}
