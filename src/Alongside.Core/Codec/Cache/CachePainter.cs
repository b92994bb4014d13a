using Alongside.Core.Codec.Kernels;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Cache;

/// <summary>
/// Finds in the encoder what of a changed rectangle is as a layer has it in the same place, whole or in part: the strip that a moved window
/// leaves behind is part of many cells. Every pixel is verified.
/// </summary>
internal sealed class CachePainter(CachedOp op, CacheKeeper keeper)
{
    // Smaller rectangles are not shorter than a tile.
    private const int WorthPainting = 64;

    // A changed rectangle with holes of what no layer has is looked at so often.
    private const int Passes = 3;

    private readonly LayerRects paints = new();

    public void Clear() => paints.Clear();

    /// <summary>Writes what was found since <see cref="Clear"/>, over what else has been written in these places meanwhile.</summary>
    public void Write(UpdateParts parts, Frame? reference)
    {
        paints.JoinRows();
        foreach (var (area, layer) in paints.Items)
        {
            op.Paint(area, layer, parts);
            if (reference is not null)
            {
                Copy(op.Layers.Find(layer)!, area, reference);
            }
        }
    }

    /// <summary>
    /// Brings into the reference what layers have of a rectangle within a cell. What is left: the tight rectangle around what still differs, perhaps empty.
    /// </summary>
    public PixelRect Paint(Frame source, PixelRect area, Frame reference, ExactnessMap exactness)
    {
        bool any = false;
        for (int layer = 0; layer < CacheLayers.MaxLayers; layer++)
        {
            if (keeper.Has(area, layer))
            {
                any = true;
                if (Matches(op.Layers.Find(layer)!, source, area))
                {
                    Take(area, layer, reference);
                    return default;
                }
            }
        }

        // Parts are found by what differs from the reference, and what is not exact does not.
        if (!any || area.Area < WorthPainting || !exactness.IsExact(area))
        {
            return area;
        }

        bool painted = false;
        for (int pass = 0; pass < Passes && PaintParts(source, area, reference); pass++)
        {
            painted = true;
        }

        return painted ? Tighten(source, area, reference) : area;
    }

    private static bool Matches(Frame layer, Frame source, PixelRect area)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            if (DifferenceKernel.First(layer.Row(y, area.X, area.Width), source.Row(y, area.X, area.Width)) != area.Width)
            {
                return false;
            }
        }

        return true;
    }

    private static PixelRect Tighten(Frame source, PixelRect area, Frame reference)
    {
        PixelRect rest = default;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            var (left, right) = Span(source.Row(y), reference.Row(y), area.X, area.Right);
            rest = left < right ? rest.Union(new(left, y, right - left, 1)) : rest;
        }

        return rest;
    }

    // First and behind the last pixel that differ; equal when none does.
    private static (int Left, int Right) Span(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, int from, int end)
    {
        int left = from + DifferenceKernel.First(a[from..end], b[from..end]);
        return left == end ? (end, end) : (left, left + DifferenceKernel.Last(a[left..end], b[left..end]) + 1);
    }

    private bool PaintParts(Frame source, PixelRect area, Frame reference)
    {
        bool painted = false;
        int misses = 0;
        for (int y = area.Y; y < area.Bottom;)
        {
            var found = FindPart(source, area, y, reference, out int layer, out bool differs);
            if (found.Area >= WorthPainting)
            {
                Take(found, layer, reference);
                painted = true;
                y = found.Bottom;
                misses = 0;
                continue;
            }

            // What no layer has is mostly large: look at fewer and fewer rows of it.
            misses += differs ? 1 : 0;
            y += 1 + Math.Min(misses / 4, 7);
        }

        return painted;
    }

    // The rectangle from this row down that a layer has, around the first or the last pixel of the row that differs.
    private PixelRect FindPart(Frame source, PixelRect area, int y, Frame reference, out int layer, out bool differs)
    {
        var now = source.Row(y);
        var (left, right) = Span(now, reference.Row(y), area.X, area.Right);
        differs = left < right;
        layer = 0;
        (int low, int high) = (0, 0);
        for (int i = 0; i < CacheLayers.MaxLayers && differs; i++)
        {
            if (!keeper.Has(area, i))
            {
                continue;
            }

            var kept = op.Layers.Find(i)!.Row(y);
            foreach (int at in (ReadOnlySpan<int>)[left, right - 1])
            {
                int from = area.X + DifferenceKernel.Last(kept[area.X..(at + 1)], now[area.X..(at + 1)]) + 1;
                int end = at + DifferenceKernel.First(kept[at..area.Right], now[at..area.Right]);
                if (end - from > high - low)
                {
                    (low, high, layer) = (from, end, i);
                }
            }
        }

        if (low >= high)
        {
            return default;
        }

        (left, right) = Span(now, reference.Row(y), low, high);
        return Extend(source, new(left, y, right - left, 1), area.Bottom, low, high, op.Layers.Find(layer)!, reference);
    }

    // Down as long as the layer has everything between the outermost differing pixels of all rows.
    private static PixelRect Extend(Frame source, PixelRect part, int bottom, int low, int high, Frame layer, Frame reference)
    {
        for (int y = part.Bottom; y < bottom; y++)
        {
            var now = source.Row(y);
            var kept = layer.Row(y);
            var (left, right) = Span(now, reference.Row(y), low, high);
            bool differs = left < right;
            left = differs ? Math.Min(left, part.X) : part.X;
            right = differs ? Math.Max(right, part.Right) : part.Right;
            if (DifferenceKernel.First(kept[left..right], now[left..right]) != right - left)
            {
                break;
            }

            low += DifferenceKernel.Last(kept[low..left], now[low..left]) + 1;
            high = right + DifferenceKernel.First(kept[right..high], now[right..high]);
            part = differs ? new(left, part.Y, right - left, y + 1 - part.Y) : part;
        }

        return part;
    }

    private void Take(PixelRect area, int layer, Frame reference)
    {
        Copy(op.Layers.Find(layer)!, area, reference);
        keeper.Used(area, layer);
        paints.Add(area, layer);
    }

    private static void Copy(Frame layer, PixelRect area, Frame reference)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            layer.Row(y, area.X, area.Width).CopyTo(reference.Row(y, area.X, area.Width));
        }
    }
}
