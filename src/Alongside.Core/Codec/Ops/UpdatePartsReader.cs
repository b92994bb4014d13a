using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Ops;

/// <summary>The two parts of an update being read, and what is left of its budget.</summary>
internal ref struct UpdatePartsReader(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> loose, PixelRect bounds, DamageRegion dirty)
{
    /// <summary>An update may paint each pixel twice: what it costs to read is bounded by its picture.</summary>
    private long pixelsLeft = 2 * bounds.Area;

    private long copiesLeft = bounds.Area;
    private long storesLeft = bounds.Area;

    public WireReader Packed = new(packed);

    public WireReader Loose = new(loose);

    /// <summary>The rectangle an operation paints: within the picture, not empty, within the budget.</summary>
    public PixelRect ReadArea() => ReadPainted(ref Packed);

    /// <summary>The same of a deferred operation, which stands in the loose part.</summary>
    public PixelRect ReadDeferredArea() => ReadPainted(ref Loose);

    /// <summary>A rectangle within the picture, not empty. Who paints or stores it says so before.</summary>
    public PixelRect ReadPlace() => ReadPlace(ref Packed);

    private PixelRect ReadPainted(ref WireReader reader)
    {
        var area = ReadPlace(ref reader);
        CountPainted(area);
        return area;
    }

    private readonly PixelRect ReadPlace(ref WireReader reader)
    {
        int x = reader.ReadU16(), y = reader.ReadU16(), width = reader.ReadU16(), height = reader.ReadU16();
        var area = new PixelRect(x, y, width, height);
        if (area.IsEmpty || area.Right > bounds.Width || area.Bottom > bounds.Height)
        {
            throw new ProtocolException("An update paints outside its picture.");
        }

        return area;
    }

    public void CountPainted(PixelRect area)
    {
        pixelsLeft -= area.Area;
        if (pixelsLeft < 0)
        {
            throw new ProtocolException("An update paints more pixels than its picture allows.");
        }

        dirty.Add(area);
    }

    /// <summary>A symbol on paper that has been counted itself.</summary>
    public void CountSymbol(PixelRect area)
    {
        pixelsLeft -= area.Area;
        if (pixelsLeft < 0)
        {
            throw new ProtocolException("An update paints more pixels than its picture allows.");
        }
    }

    public void CountCopied(PixelRect area)
    {
        copiesLeft -= area.Area;
        if (copiesLeft < 0)
        {
            throw new ProtocolException("An update copies more pixels than its picture has.");
        }

        dirty.Add(area);
    }

    public void CountStored(PixelRect area)
    {
        storesLeft -= area.Area;
        if (storesLeft < 0)
        {
            throw new ProtocolException("An update stores more pixels than its picture has.");
        }
    }

    /// <summary>Where the pixels of <paramref name="area"/> are copied from: a rectangle of the same size within the picture.</summary>
    public PixelRect ReadSource(PixelRect area)
    {
        var source = area with { X = Packed.ReadU16(), Y = Packed.ReadU16() };
        return source.Right <= bounds.Width && source.Bottom <= bounds.Height ? source
            : throw new ProtocolException("An update copies from outside its picture.");
    }

    public uint ReadColour()
    {
        var rgb = Packed.Take(3);
        return ((uint)rgb[0] << 16) | ((uint)rgb[1] << 8) | rgb[2];
    }
}
