using System.Runtime.InteropServices;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Glyphs;

/// <summary>
/// The encoder's step before tiles: changed rectangles that are text are joined across cells, cut into symbols and written as such. What is left is for tiles.
/// <code>
/// rectangles -> regions -> paper -> cut -> worth it? -> operation 18 for each sheet; what is neither paper nor symbol goes on
/// </code>
/// </summary>
internal sealed class GlyphStage(GlyphOp op)
{
    private const uint Colour = 0x00FF_FFFF;

    /// <summary>How far a region may grow so that it does not cut a symbol.</summary>
    private const int Reach = 24;

    /// <summary>A region with no more symbols is written as such, known or not, so that the book learns what is typed.</summary>
    private const int Few = 8;

    private readonly GlyphCutter cutter = new();
    private readonly GlyphIndex index = new(op.Book);
    private readonly HashSet<ulong> seen = [];
    private GlyphWriter? writer;
    private readonly List<BarePaper> bare = [];
    private Region[] regions = [];
    private PixelRect[] rest = [];
    private int regionCount, restCount;

    /// <param name="Of">So many areas have been painted by then; one that comes later may lie over this.</param>
    internal readonly record struct BarePaper(PixelRect Area, uint Paper, int Of);

    private record struct Region(PixelRect Area, long Changed, bool IsWritten);

    public void Forget() => Writer.Forget();

    /// <summary>Where decoders have nothing but paper after an area of the last <see cref="Write"/> was painted, in order: a part of what it left, which may have to wait.</summary>
    public ReadOnlySpan<BarePaper> Bare => CollectionsMarshal.AsSpan(bare);

    private GlyphWriter Writer => writer ??= new(op.Book, index);

    /// <summary>Writes what is text; returns what is left, at most a cell each, valid until the next call. Adds what it painted to <paramref name="painted"/>.</summary>
    /// <param name="allowance">Pixels that may be painted more than once.</param>
    public ReadOnlySpan<PixelRect> Write(Frame source, ReadOnlySpan<PixelRect> changed, long allowance, UpdateParts parts, List<PixelRect> painted)
    {
        Join(changed);
        bare.Clear();
        restCount = 0;
        for (int i = 0; i < regionCount; i++)
        {
            if (TryFindPaper(source, regions[i].Area, out uint paper))
            {
                var area = Grow(source, regions[i].Area, paper);
                if (cutter.TryCut(source, area, paper) && CostOf(cutter) - regions[i].Changed is var more && more <= allowance && IsWorthIt(source, area))
                {
                    allowance -= more;
                    regions[i].IsWritten = true;
                    foreach (var sheet in cutter.Sheets)
                    {
                        Writer.Write(source, sheet, cutter.Boxes.Slice(sheet.First, sheet.Count), parts);
                    }

                    painted.Add(area);
                    foreach (var left in cutter.Rest)
                    {
                        bare.Add(new(left, PaperAt(left), painted.Count));
                        AddRest(left);
                    }
                }
            }
        }

        foreach (var area in changed)
        {
            for (int i = 0; i < regionCount; i++)
            {
                if (regions[i].Area.Intersect(area) == area)
                {
                    if (!regions[i].IsWritten)
                    {
                        AddRest(area);
                    }

                    break;
                }
            }
        }

        return rest.AsSpan(0, restCount);
    }

    /// <summary>Of the sheet that is painted last there.</summary>
    private uint PaperAt(PixelRect area)
    {
        var sheets = cutter.Sheets;
        int last = sheets.Length - 1;
        while (sheets[last].Area.Intersect(area) != area)
        {
            last--;
        }

        return sheets[last].Paper & Colour;
    }

    /// <summary>Pixels that a decoder counts.</summary>
    private static long CostOf(GlyphCutter cutter)
    {
        long pixels = 0;
        foreach (var sheet in cutter.Sheets)
        {
            pixels += sheet.Area.Area;
        }

        foreach (var box in cutter.Boxes)
        {
            pixels += box.Area.Area;
        }

        foreach (var left in cutter.Rest)
        {
            pixels += left.Area;
        }

        return pixels;
    }

    /// <summary>Neighbours become one region while that adds little that has not changed.</summary>
    private void Join(ReadOnlySpan<PixelRect> changed)
    {
        if (regions.Length < changed.Length)
        {
            regions = new Region[changed.Length];
        }

        regionCount = 0;
        foreach (var area in changed)
        {
            regions[regionCount++] = new(area, area.Area, false);
            for (int i = regionCount - 2; i >= 0; i--)
            {
                ref var last = ref regions[regionCount - 1];
                var union = regions[i].Area.Union(last.Area);
                long sum = regions[i].Changed + last.Changed;
                if (union.Area <= sum + (sum / 4))
                {
                    regions[i] = new(union, sum, false);
                    regionCount--;
                    (regions[i], regions[regionCount - 1]) = (regions[regionCount - 1], regions[i]);
                    i = regionCount - 1;
                }
            }
        }
    }

    /// <summary>The colour that most of the region has; false when none is frequent enough for text.</summary>
    private static bool TryFindPaper(Frame source, PixelRect area, out uint paper)
    {
        // One pixel around: what a letter's own box has too little of.
        var around = new PixelRect(area.X - 1, area.Y - 1, area.Width + 2, area.Height + 2).Intersect(source.Bounds);
        int stepX = 1 + (around.Width / 48), stepY = 1 + (around.Height / 48), lead = 0;
        paper = 0;
        for (int y = around.Y; y < around.Bottom; y += stepY)
        {
            var row = source.Row(y, around.X, around.Width);
            for (int x = y % stepX; x < row.Length; x += stepX)
            {
                uint pixel = row[x] & Colour;
                if (lead == 0)
                {
                    paper = pixel;
                }

                lead += pixel == paper ? 1 : -1;
            }
        }

        int hits = 0, looks = 0;
        for (int y = around.Y; y < around.Bottom; y += stepY)
        {
            var row = source.Row(y, around.X, around.Width);
            for (int x = y % stepX; x < row.Length; x += stepX)
            {
                hits += (row[x] & Colour) == paper ? 1 : 0;
                looks++;
            }
        }

        return hits * 10 > looks * 3;
    }

    /// <summary>Outwards to the next blank row or column on each side, where there is one near.</summary>
    private static PixelRect Grow(Frame source, PixelRect area, uint paper)
    {
        int left = area.X, right = area.Right, top = area.Y, bottom = area.Bottom;
        int Columns(int from, int way)
        {
            for (int i = 0; i <= Reach && from + (way * i) is var x && x >= 0 && x < source.Width; i++)
            {
                if (IsBlankColumn(source, x, area, paper))
                {
                    return i;
                }
            }

            return 0;
        }

        int Rows(int from, int way)
        {
            for (int i = 0; i <= Reach && from + (way * i) is var y && y >= 0 && y < source.Height; i++)
            {
                if (!Kernels.InkKernel.HasInk(source.Row(y, left, right - left), paper))
                {
                    return i;
                }
            }

            return 0;
        }

        left -= Columns(left - 1, -1);
        right += Columns(right, 1);
        top -= Rows(top - 1, -1);
        bottom += Rows(bottom, 1);
        return new(left, top, right - left, bottom - top);
    }

    private static bool IsBlankColumn(Frame source, int x, PixelRect area, uint paper)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            if ((source.Row(y)[x] & Colour) != paper)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether enough of the symbols are known or come more than once; gives each box its hash.</summary>
    private bool IsWorthIt(Frame source, PixelRect area)
    {
        long ink = 0, fresh = 0;
        int large = 0;
        seen.Clear();
        var boxes = cutter.Boxes;
        foreach (ref var box in boxes)
        {
            box.Hash = GlyphIndex.HashOf(source, box.Area);
            ink += box.Area.Area;
            if (index.Find(source, box.Area, box.Hash) < 0 && seen.Add(box.Hash))
            {
                fresh += box.Area.Area;
                large++;
            }
        }

        foreach (var left in cutter.Rest)
        {
            if (left.Area * 2 > area.Area)
            {
                return false;
            }
        }

        return boxes.Length <= Few || fresh * 4 <= ink * 3 || (ink >= boxes.Length * 24L && ink * 2 <= area.Area);
    }

    /// <summary>On the grid of cells, which bounds a tile.</summary>
    private void AddRest(PixelRect area)
    {
        for (int y = area.Y; y < area.Bottom;)
        {
            int bottom = Math.Min(area.Bottom, (y / FrameDifference.CellHeight * FrameDifference.CellHeight) + FrameDifference.CellHeight);
            for (int x = area.X; x < area.Right;)
            {
                int right = Math.Min(area.Right, (x / FrameDifference.CellWidth * FrameDifference.CellWidth) + FrameDifference.CellWidth);
                if (restCount == rest.Length)
                {
                    Array.Resize(ref rest, Math.Max(64, restCount * 2));
                }

                rest[restCount++] = new(x, y, right - x, bottom - y);
                x = right;
            }

            y = bottom;
        }
    }
}
