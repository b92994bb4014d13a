using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Glyphs;

/// <summary>
/// Cuts a region of a picture into paper and what stands on it: lines between blank rows, symbols between blank columns, and again within what is
/// too large to be a symbol. What has a paper of its own (a marked line, a pane) becomes a sheet of its own; what is none of that, a picture or a frame, is left over.
/// <code>
/// region -> rows -> columns -> symbol | smaller region | sheet with its own paper | left over
/// </code>
/// </summary>
internal sealed class GlyphCutter
{
    /// <summary>A region with more than this is no text.</summary>
    public const int MaxBoxes = 16384;

    private const int MaxDepth = 6;

    /// <summary>Columns of one colour beside each other that are no letter's stem.</summary>
    private const int Solid = 6;

    private const uint Colour = 0x00FF_FFFF;

    private readonly uint[] marks = new uint[Frame.MaxSide];
    private Box[] boxes = new Box[256];
    private Sheet[] sheets = new Sheet[16];
    private PixelRect[] rest = new PixelRect[16];
    private Frame source = null!;
    private int boxCount, sheetCount, restCount, line;

    /// <summary>A symbol's place, the line it stands in, and what its pixels are known by.</summary>
    public record struct Box(PixelRect Area, int Line, ulong Hash);

    /// <summary>An area of paper and its symbols: <paramref name="Count"/> boxes from <paramref name="First"/> on. A later sheet may lie on an earlier one.</summary>
    public record struct Sheet(PixelRect Area, uint Paper, int Depth, int First, int Count);

    public Span<Box> Boxes => boxes.AsSpan(0, boxCount);

    public ReadOnlySpan<Sheet> Sheets => sheets.AsSpan(0, sheetCount);

    /// <summary>What is neither paper nor symbol.</summary>
    public ReadOnlySpan<PixelRect> Rest => rest.AsSpan(0, restCount);

    /// <summary>False when there are too many boxes.</summary>
    public bool TryCut(Frame source, PixelRect region, uint paper)
    {
        this.source = source;
        (boxCount, sheetCount, restCount, line) = (0, 0, 0, 0);
        Add(new Sheet(region, paper, 0, 0, 0));
        for (int i = 0; i < sheetCount; i++)
        {
            sheets[i].First = boxCount;
            CutRows(sheets[i].Area, sheets[i].Paper, sheets[i].Depth);
            sheets[i].Count = boxCount - sheets[i].First;
        }

        return boxCount < MaxBoxes;
    }

    private void CutRows(PixelRect area, uint paper, int depth)
    {
        for (int y = area.Y; y < area.Bottom && boxCount < MaxBoxes; y++)
        {
            if (!InkKernel.HasInk(source.Row(y, area.X, area.Width), paper))
            {
                continue;
            }

            int top = y;
            while (y < area.Bottom && InkKernel.HasInk(source.Row(y, area.X, area.Width), paper))
            {
                y++;
            }

            CutColumns(area with { Y = top, Height = y - top }, paper, depth, area);
        }
    }

    private void CutColumns(PixelRect band, uint paper, int depth, PixelRect within)
    {
        // The marks below this depth are others'.
        var columns = marks.AsSpan(0, band.Width);
        columns.Clear();
        for (int y = band.Y; y < band.Bottom; y++)
        {
            InkKernel.Mark(source.Row(y, band.X, band.Width), paper, columns);
        }

        int firstRest = restCount;
        line++;
        for (int x = 0; x < columns.Length && boxCount < MaxBoxes; x++)
        {
            if (columns[x] == 0)
            {
                continue;
            }

            int left = x;
            while (x < columns.Length && columns[x] != 0)
            {
                x++;
            }

            var area = Trim(new(band.X + left, band.Y, x - left, band.Height), paper);
            if (!IsSymbol(area))
            {
                Add(area);
            }
            else if (area.Width <= Solid || !TrySplit(area, paper))
            {
                Add(new Box(area, line, 0));
            }
        }

        // What is too large is cut again once the columns of this band are no longer needed.
        int large = restCount - firstRest;
        if (large == 0)
        {
            return;
        }

        Span<PixelRect> again = large <= 64 ? stackalloc PixelRect[large] : new PixelRect[large];
        rest.AsSpan(firstRest, large).CopyTo(again);
        restCount = firstRest;
        foreach (var area in again)
        {
            CutLarge(area, paper, depth, within);
        }
    }

    /// <summary>A letter beside a block, as a terminal's cursor is one, is two symbols: cuts where columns of one colour begin or end.</summary>
    private bool TrySplit(PixelRect area, uint paper)
    {
        for (int x = area.X; x <= area.Right - Solid; x++)
        {
            uint colour = source.Row(area.Y)[x];
            int end = x;
            while (end < area.Right && IsSolid(end, area, colour))
            {
                end++;
            }

            if (end - x >= Solid && end - x < area.Width)
            {
                var before = area with { Width = x - area.X };
                var after = area with { X = end, Width = area.Right - end };
                if (!before.IsEmpty)
                {
                    Add(new Box(Trim(before, paper), line, 0));
                }

                Add(new Box(area with { X = x, Width = end - x }, line, 0));
                if (!after.IsEmpty && (after.Width <= Solid || !TrySplit(after, paper)))
                {
                    Add(new Box(Trim(after, paper), line, 0));
                }

                return true;
            }
        }

        return false;
    }

    private bool IsSolid(int x, PixelRect area, uint colour)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            if (((source.Row(y)[x] ^ colour) & Colour) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private void CutLarge(PixelRect area, uint paper, int depth, PixelRect within)
    {
        uint own = source.Row(area.Y)[area.X] & Colour;
        if (depth == MaxDepth)
        {
            Add(area);
        }
        else if (area != within)
        {
            CutRows(area, paper, depth + 1);
        }
        else if (own != (paper & Colour) && HasCorners(area, own) && IsPaper(area, own))
        {
            Add(new Sheet(area, own, depth + 1, 0, 0));
        }
        else
        {
            Add(area);
        }
    }

    private bool HasCorners(PixelRect area, uint colour)
    {
        uint Corner(int x, int y) => source.Row(y)[x] & Colour;
        return Corner(area.Right - 1, area.Y) == colour && Corner(area.X, area.Bottom - 1) == colour && Corner(area.Right - 1, area.Bottom - 1) == colour;
    }

    /// <summary>Whether a quarter of it, at least, has this colour.</summary>
    private bool IsPaper(PixelRect area, uint colour)
    {
        int hits = 0, looks = 0;
        for (int y = area.Y; y < area.Bottom; y += 1 + (area.Height / 32))
        {
            var row = source.Row(y, area.X, area.Width);
            for (int x = 0; x < row.Length; x += 1 + (area.Width / 32))
            {
                hits += (row[x] & Colour) == colour ? 1 : 0;
                looks++;
            }
        }

        return hits * 4 > looks;
    }

    private static bool IsSymbol(PixelRect area) => area.Width <= GlyphBook.MaxSide && area.Height <= GlyphBook.MaxSide && area.Area <= GlyphBook.MaxPixels;

    private PixelRect Trim(PixelRect area, uint paper)
    {
        int top = area.Y, bottom = area.Bottom;
        while (!InkKernel.HasInk(source.Row(top, area.X, area.Width), paper))
        {
            top++;
        }

        while (!InkKernel.HasInk(source.Row(bottom - 1, area.X, area.Width), paper))
        {
            bottom--;
        }

        return area with { Y = top, Height = bottom - top };
    }

    private void Add(Box box)
    {
        if (boxCount == boxes.Length)
        {
            Array.Resize(ref boxes, boxCount * 2);
        }

        boxes[boxCount++] = box;
    }

    private void Add(Sheet sheet)
    {
        if (sheetCount == sheets.Length)
        {
            Array.Resize(ref sheets, sheetCount * 2);
        }

        sheets[sheetCount++] = sheet;
    }

    private void Add(PixelRect area)
    {
        if (restCount == rest.Length)
        {
            Array.Resize(ref rest, restCount * 2);
        }

        rest[restCount++] = area;
    }
}
