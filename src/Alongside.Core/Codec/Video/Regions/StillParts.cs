using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Video.Regions;

/// <summary>
/// Finds what stands still within a film that plays: a menu, a caption, a part of the page that hangs into it. Blocks tell roughly where, pixels exactly.
/// </summary>
internal sealed class StillParts
{
    /// <summary>What has not changed for this long does not belong to the film, in microseconds.</summary>
    private const long After = 300_000;

    private const int Side = 16;

    /// <summary>Smaller ones are not worth a rectangle.</summary>
    private const int LeastSide = 32;

    /// <summary>A hole of which more than one pixel in so many changes at once was one no longer.</summary>
    private const int MostChange = 8;

    private readonly int width, height, columns, rows;
    private readonly long[] changedAt;

    // Photographs that stand still are not worth their bytes as long as the film plays.
    private readonly bool[] isLeft;

    public StillParts(int width, int height, long now)
    {
        (this.width, this.height) = (width, height);
        (columns, rows) = (((width - 1) / Side) + 1, ((height - 1) / Side) + 1);
        changedAt = new long[columns * rows];
        isLeft = new bool[columns * rows];
        Array.Fill(changedAt, now);
    }

    /// <summary>The parts, from the region's corner.</summary>
    public VideoHoles Holes { get; } = new();

    /// <summary>Compares the region's next frame with what is shown: forgets parts that have moved, finds at most one more.</summary>
    public void Update(Frame source, Frame shown, PixelRect region, long now)
    {
        for (int block = 0; block < changedAt.Length; block++)
        {
            if (Differs(source, shown, Block(block), region))
            {
                changedAt[block] = now;
                isLeft[block] = false;
            }
        }

        for (int i = Holes.Items.Length - 1; i >= 0; i--)
        {
            if (CountDiffering(source, shown, Holes.Items[i], region) * MostChange > Holes.Items[i].Area)
            {
                Holes.RemoveAt(i);
            }
        }

        for (int block = 0; block < changedAt.Length && !Holes.IsFull; block++)
        {
            if (IsStill(block, now) && TryFind(block, source, shown, region, now))
            {
                return;
            }
        }
    }

    /// <summary>A part turns out to be a photograph.</summary>
    public void Leave(int index)
    {
        var hole = Holes.Items[index];
        Holes.RemoveAt(index);
        for (int block = 0; block < isLeft.Length; block++)
        {
            isLeft[block] |= !Block(block).Intersect(hole).IsEmpty;
        }
    }

    private bool TryFind(int first, Frame source, Frame shown, PixelRect region, long now)
    {
        int column = first % columns, row = first / columns, right = column, bottom = row;
        while (right + 1 < columns && IsStill((row * columns) + right + 1, now))
        {
            right++;
        }

        while (bottom + 1 < rows && IsStillRow(bottom + 1, column, right, now))
        {
            bottom++;
        }

        var part = new PixelRect(column * Side, row * Side, (right + 1 - column) * Side, (bottom + 1 - row) * Side).Intersect(new(0, 0, width, height));
        part = Grow(part, source, shown, region);
        if (part.Width >= LeastSide && part.Height >= LeastSide)
        {
            Holes.Add(part);
            return true;
        }

        for (int y = row; y <= bottom; y++)
        {
            isLeft.AsSpan((y * columns) + column, right - column + 1).Fill(true);
        }

        return false;
    }

    // Line by line outwards, up to a block, as long as a whole line is the same as before: a film's never is.
    private PixelRect Grow(PixelRect part, Frame source, Frame shown, PixelRect region)
    {
        for (int i = 1; i < Side && part.Y > 0 && !Differs(source, shown, part with { Y = part.Y - 1, Height = 1 }, region); i++)
        {
            part = part with { Y = part.Y - 1, Height = part.Height + 1 };
        }

        for (int i = 1; i < Side && part.Bottom < height && !Differs(source, shown, part with { Y = part.Bottom, Height = 1 }, region); i++)
        {
            part = part with { Height = part.Height + 1 };
        }

        for (int i = 1; i < Side && part.X > 0 && !Differs(source, shown, part with { X = part.X - 1, Width = 1 }, region); i++)
        {
            part = part with { X = part.X - 1, Width = part.Width + 1 };
        }

        for (int i = 1; i < Side && part.Right < width && !Differs(source, shown, part with { X = part.Right, Width = 1 }, region); i++)
        {
            part = part with { Width = part.Width + 1 };
        }

        return part;
    }

    private bool IsStillRow(int row, int from, int to, long now)
    {
        for (int column = from; column <= to; column++)
        {
            if (!IsStill((row * columns) + column, now))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsStill(int block, long now)
    {
        if (isLeft[block] || now - changedAt[block] < After)
        {
            return false;
        }

        var area = Block(block);
        foreach (var hole in Holes.Items)
        {
            if (!hole.Intersect(area).IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    private PixelRect Block(int block) => new PixelRect(block % columns * Side, block / columns * Side, Side, Side).Intersect(new(0, 0, width, height));

    private static bool Differs(Frame a, Frame b, PixelRect part, PixelRect region)
    {
        for (int y = region.Y + part.Y; y < region.Y + part.Bottom; y++)
        {
            if (DifferenceKernel.First(a.Row(y, region.X + part.X, part.Width), b.Row(y, region.X + part.X, part.Width)) < part.Width)
            {
                return true;
            }
        }

        return false;
    }

    private static long CountDiffering(Frame a, Frame b, PixelRect part, PixelRect region)
    {
        long count = 0;
        for (int y = region.Y + part.Y; y < region.Y + part.Bottom; y++)
        {
            count += CountKernel.Differing(a.Row(y, region.X + part.X, part.Width), b.Row(y, region.X + part.X, part.Width));
        }

        return count;
    }
}
