using System.Buffers;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Zstd;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>
/// One update in the making: takes rectangles, keeps reference and exactness to what decoders will have after it, and knows what it has cost so far.
/// Used again for every update.
/// </summary>
/// <param name="isShort">Decoders read the short form of <see cref="UpdateHeader"/>.</param>
internal sealed class UpdateDraft(TileWriter tiles, ZstdCompressor window, bool isShort)
{
    private readonly ByteBuffer compressed = new();
    private Frame source = null!;
    private Frame? reference;
    private ExactnessMap? exactness;
    private int budget;
    private int packedUpTo;
    private PixelRect bounds;
    private long pixels;

    /// <summary>Where operations that are no tiles are written.</summary>
    public UpdateParts Parts => tiles.Parts;

    /// <summary>Nothing has been painted yet.</summary>
    public bool IsEmpty => pixels == 0;

    /// <summary>What is left of the budget, if what has not been compressed yet compressed to nothing less. May be negative.</summary>
    public int Left => budget - UpdateHeader.Length - compressed.Length - (Parts.Packed.Length - packedUpTo) - Parts.Deferred.Length - Parts.Loose.Length;

    /// <param name="reference">Brought to what decoders will have; null: of no interest, as for a snapshot.</param>
    /// <param name="budget">In bytes; what the writer's user makes of it.</param>
    public void Begin(Frame source, Frame? reference, ExactnessMap? exactness, int budget)
    {
        (this.source, this.reference, this.exactness, this.budget) = (source, reference, exactness, budget);
        (packedUpTo, bounds, pixels) = (0, default, 0);
        tiles.Clear();
        compressed.Clear();
    }

    /// <summary>Whether so many bytes still fit; compresses what is there when only that can tell.</summary>
    public bool HasRoom(long bytes)
    {
        if (bytes > Left && packedUpTo < Parts.Packed.Length)
        {
            Compress();
        }

        return bytes <= Left;
    }

    /// <summary>Copies within the reference; what isn't exact stays so where it goes.</summary>
    public void Copy(Motion motion)
    {
        CopyOp.Write(motion, Parts);
        motion.Apply(reference!);
        exactness!.Copy(motion);
        Painted(motion.To);
    }

    /// <summary>Paints what earlier states of the picture have of a rectangle within a cell, and returns what is left of it, perhaps nothing.</summary>
    public PixelRect PaintKept(PixelRect area)
    {
        if (reference is null || exactness is null)
        {
            return area;
        }

        var rest = tiles.PaintKept(source, area, reference, exactness);
        if (rest.IsEmpty)
        {
            exactness.MarkExact(area);
        }

        if (rest != area)
        {
            Painted(area);
        }

        return rest;
    }

    /// <summary>Writes what is text of rectangles, and returns what is left of them, valid until the next call.</summary>
    public ReadOnlySpan<PixelRect> WriteText(ReadOnlySpan<PixelRect> changed)
    {
        // A decoder takes each pixel twice: this counts copies too, which it doesn't, and leaves room for everything as tiles.
        long allowance = (2 * source.Bounds.Area) - pixels;
        foreach (var area in changed)
        {
            allowance -= area.Area;
        }

        var left = tiles.WriteText(source, changed, allowance, reference, out var painted);
        foreach (var area in painted)
        {
            Painted(area);
            exactness?.MarkExact(area);
        }

        return left;
    }

    /// <summary>Writes a rectangle exactly.</summary>
    public void WriteExact(PixelRect area)
    {
        tiles.Write(source, area, reference);
        Painted(area);
        exactness?.MarkExact(area);
    }

    /// <summary>Writes a rectangle exactly if that is cheap: anything but a photograph. Otherwise false, and nothing written.</summary>
    public bool TryWritePlain(PixelRect area)
    {
        if (!tiles.TryWritePlain(source, area, reference))
        {
            return false;
        }

        Painted(area);
        exactness?.MarkExact(area);
        return true;
    }

    /// <summary>Writes a rectangle as a deferred operation whose pixels are not exact.</summary>
    public void WriteInexact(byte code, PixelRect area, byte argument, ReadOnlySpan<byte> data)
    {
        Defer(code, area, argument, data);
        HasInexact(area);
    }

    /// <summary>Writes a deferred operation; <see cref="HasInexact"/> says what of the rectangle it paints.</summary>
    public void Defer(byte code, PixelRect area, byte argument, ReadOnlySpan<byte> data)
    {
        Parts.Defer(code, area, argument, data);
        Painted(area);
    }

    /// <summary>Decoders have a rectangle nearly.</summary>
    public void HasInexact(PixelRect area)
    {
        TileWriter.BringIntoReference(source, area, reference!);
        exactness!.MarkInexact(area);
    }

    /// <summary>Counts what an operation paints that is written elsewhere.</summary>
    public void Painted(PixelRect area)
    {
        bounds = bounds.Union(area);
        pixels += area.Area;
    }

    public UpdateInfo Finish(UpdateFlags flags, uint sequence, IBufferWriter<byte> output)
    {
        tiles.Finish(reference);
        if (packedUpTo < Parts.Packed.Length || packedUpTo == 0)
        {
            Compress();
        }

        flags |= Parts.DeferredCount > 0 ? UpdateFlags.Deferred : 0;
        var header = new UpdateHeader(flags, sequence, source.Width, source.Height, compressed.Length);
        int bytes = header.Write(output, isShort);
        output.Write(compressed.Written);
        bytes += compressed.Length + Parts.WriteLoose(output);
        return new(sequence, bytes, header.IsFull, header.IsReset, bounds, pixels);
    }

    private void Compress()
    {
        window.Compress(Parts.Packed.Written[packedUpTo..], compressed);
        packedUpTo = Parts.Packed.Length;
    }
}
