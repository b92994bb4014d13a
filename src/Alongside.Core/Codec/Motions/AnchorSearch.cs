using System.Numerics;
using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Motions;

/// <summary>
/// Looks where the content of changed areas was before: picks anchors in the reference and in the source and votes for how far they lie apart.
/// In a large area not every row is looked at, and that of both pictures with steps that have no common divisor, so that any two rows meet sometimes.
/// </summary>
internal sealed class AnchorSearch
{
    /// <summary>Anchors that are picked in one picture, about.</summary>
    private const int Wanted = 8192;

    /// <summary>Rows that must be alike, above or below an anchor, before it votes.</summary>
    private const int BlockHeight = 8;

    private readonly AnchorTable table = new();
    private uint[] hashes = [];
    private ushort[] found = [];

    /// <summary>Adds votes. The changed rectangles lie within both pictures, which have one size.</summary>
    public void Vote(Frame reference, Frame source, ReadOnlySpan<PixelRect> changed, long area, MotionVotes votes)
    {
        if (hashes.Length < source.Width)
        {
            hashes = new uint[source.Width];
            found = new ushort[source.Width];
        }

        var (stepThen, stepNow) = area switch { < 1 << 17 => (1, 1), < 1 << 18 => (1, 2), < 1 << 19 => (3, 4), _ => (7, 8) };
        int shift = 31 - Math.Max(0, BitOperations.Log2((uint)(area / stepNow)) - BitOperations.Log2(Wanted));
        table.Clear();
        var spans = new SpanReader(changed);
        while (!table.IsFull && spans.TryRead(out var span))
        {
            for (int y = FirstRow(span.Y, stepThen); y < span.Bottom; y += stepThen)
            {
                int count = AnchorKernel.Pick(reference.Row(y, span.X, span.Width), shift, hashes, found);
                foreach (ushort x in found.AsSpan(0, count))
                {
                    table.Add(hashes[x], span.X + x, y);
                }
            }
        }

        if (table.IsEmpty)
        {
            return;
        }

        spans = new(changed);
        while (spans.TryRead(out var span))
        {
            for (int y = FirstRow(span.Y, stepNow); y < span.Bottom; y += stepNow)
            {
                int count = AnchorKernel.Pick(source.Row(y, span.X, span.Width), shift, hashes, found);
                foreach (ushort x in found.AsSpan(0, count))
                {
                    int place = table.Find(hashes[x]);
                    if (place < 0 || IsUnmoved(reference, source, span.X + x, y))
                    {
                        continue;
                    }

                    for (; place >= 0; place = table[place].Next)
                    {
                        var (fromX, fromY, _) = table[place];
                        if (AreAlike(reference, fromX, fromY, source, span.X + x, y, 1) || AreAlike(reference, fromX, fromY, source, span.X + x, y, -1))
                        {
                            votes.Add(span.X + x, y, span.X + x - fromX, y - fromY);
                        }
                    }
                }
            }
        }
    }

    private static int FirstRow(int y, int step) => (y + step - 1) / step * step;

    private static bool IsUnmoved(Frame reference, Frame source, int x, int y) =>
        DifferenceKernel.First(source.Row(y, x, AnchorKernel.Length), reference.Row(y, x, AnchorKernel.Length)) == AnchorKernel.Length;

    // A run of sixteen pixels stands in many places of a text by chance; a block of it hardly ever.
    private static bool AreAlike(Frame reference, int fromX, int fromY, Frame source, int x, int y, int way)
    {
        int last = way * (BlockHeight - 1);
        if (Math.Min(y, fromY) + last < 0 || Math.Max(y, fromY) + last >= source.Height)
        {
            return false;
        }

        for (int i = way; i != last + way; i += way)
        {
            var then = reference.Row(fromY + i, fromX, AnchorKernel.Length);
            if (DifferenceKernel.First(source.Row(y + i, x, AnchorKernel.Length), then) != AnchorKernel.Length)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Joins changed rectangles that stand beside each other in a row of cells, so that runs are found across their edges.
    /// </summary>
    private ref struct SpanReader(ReadOnlySpan<PixelRect> rects)
    {
        private readonly ReadOnlySpan<PixelRect> rects = rects;
        private int at;

        public bool TryRead(out PixelRect span)
        {
            span = default;
            if (at == rects.Length)
            {
                return false;
            }

            span = rects[at++];
            while (at < rects.Length && rects[at].X >= span.Right && rects[at].X - span.Right <= FrameDifference.CellWidth
                && rects[at].Y / FrameDifference.CellHeight == span.Y / FrameDifference.CellHeight)
            {
                span = span.Union(rects[at++]);
            }

            return true;
        }
    }
}
