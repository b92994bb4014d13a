using System.Runtime.InteropServices;
using Alongside.Core.Codec.Cache;
using Alongside.Core.Codec.Glyphs;
using Alongside.Core.Codec.Kernels;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec;

/// <summary>Writes rectangles as operations: offers each to the operations that all decoders know, in their order.</summary>
internal sealed class TileWriter
{
    private readonly Op[] ops;
    private readonly CacheKeeper? keeper;
    private readonly CachePainter? painter;
    private readonly GlyphStage? glyphs;
    private readonly List<PixelRect> written = [];
    private readonly uint[] pixels = new uint[FrameDifference.CellWidth * FrameDifference.CellHeight];

    /// <exception cref="ProtocolException">The capabilities name no operations.</exception>
    public TileWriter(ReadOnlySpan<ushort> capabilities)
    {
        ops = OpTable.CreateFor(capabilities);
        if (!capabilities.Contains(OpTable.Tiles))
        {
            throw new ProtocolException("The other side cannot decode tiles (capability 1), so there is no picture to send it.");
        }

        if (ops.OfType<CachedOp>().FirstOrDefault() is { } cached)
        {
            keeper = new(cached);
            painter = new(cached, keeper);
        }

        glyphs = ops.OfType<GlyphOp>().FirstOrDefault() is { } op ? new(op) : null;
    }

    public UpdateParts Parts { get; } = new();

    public void Clear()
    {
        Parts.Clear();
        painter?.Clear();
    }

    /// <summary>What decoders forget at a reset, and at a picture that begins anew, this forgets too.</summary>
    public void Forget(PixelRect picture, bool reset, long now)
    {
        foreach (var op in ops)
        {
            op.BeginPicture();
            if (reset)
            {
                op.Forget();
            }
        }

        if (reset)
        {
            glyphs?.Forget();
        }

        keeper?.Begin(picture, now);
    }

    /// <summary>Before anything else of an update: keeps what is worth it of what is about to change, given as one rectangle a cell.</summary>
    public void Keep(Frame source, Frame reference, ExactnessMap exactness, ReadOnlySpan<PixelRect> changing, long now) =>
        keeper?.Keep(source, reference, exactness, changing, now, Parts);

    /// <summary>After the last rectangle of an update. What earlier states have is painted over all else, here and in the reference.</summary>
    public void Finish(Frame? reference) => painter?.Write(Parts, reference);

    /// <summary>
    /// Brings into the reference what earlier states have of a rectangle within a cell; <see cref="Finish"/> writes it. What is left of the rectangle, perhaps nothing.
    /// </summary>
    public PixelRect PaintKept(Frame source, PixelRect area, Frame reference, ExactnessMap exactness) =>
        painter is null ? area : painter.Paint(source, area, reference, exactness);

    /// <summary>
    /// Writes what is text of rectangles that need not be within cells, and brings it into the reference, with bare paper where something is left. Adds what it painted to
    /// <paramref name="painted"/>; returns what is left, at most a cell each, valid until the next call.
    /// </summary>
    /// <param name="allowance">Pixels that may be painted more than once.</param>
    public ReadOnlySpan<PixelRect> WriteText(Frame source, ReadOnlySpan<PixelRect> changed, long allowance, Frame? reference, out ReadOnlySpan<PixelRect> painted)
    {
        written.Clear();
        var left = glyphs is null ? changed : glyphs.Write(source, changed, allowance, Parts, written);
        painted = CollectionsMarshal.AsSpan(written);
        if (reference is null || glyphs is null)
        {
            return left;
        }

        // In the order in which decoders paint: an area may lie over what an earlier one left bare.
        var bare = glyphs.Bare;
        int next = 0;
        for (int i = 0; i < painted.Length; i++)
        {
            BringIntoReference(source, painted[i], reference);
            for (; next < bare.Length && bare[next].Of == i + 1; next++)
            {
                var (area, paper, _) = bare[next];
                for (int y = area.Y; y < area.Bottom; y++)
                {
                    reference.Row(y, area.X, area.Width).Fill(paper);
                }
            }
        }

        return left;
    }

    /// <summary>Writes one rectangle, at most a cell large, and brings it into the reference.</summary>
    public void Write(Frame source, PixelRect area, Frame? reference)
    {
        if (!TryWrite(source, area, reference, plainOnly: false))
        {
            throw new InvalidOperationException("No operation took a tile.");
        }
    }

    /// <summary>The same, if an operation that costs little suits it: anything but a photograph.</summary>
    public bool TryWritePlain(Frame source, PixelRect area, Frame? reference) => TryWrite(source, area, reference, plainOnly: true);

    public static void BringIntoReference(Frame source, PixelRect area, Frame reference)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            ColourKernel.CopyMasked(source.Row(y, area.X, area.Width), reference.Row(y, area.X, area.Width));
        }
    }

    private bool TryWrite(Frame source, PixelRect area, Frame? reference, bool plainOnly)
    {
        var copy = pixels.AsSpan(0, area.Width * area.Height);
        for (int y = 0; y < area.Height; y++)
        {
            ColourKernel.CopyMasked(source.Row(area.Y + y, area.X, area.Width), copy.Slice(y * area.Width, area.Width));
        }

        var tile = new Tile(area, copy);
        foreach (var op in ops)
        {
            if (plainOnly ? op.TryEncodePlain(tile, Parts) : op.TryEncode(tile, Parts))
            {
                if (reference is not null)
                {
                    BringIntoReference(source, area, reference);
                }

                return true;
            }
        }

        return false;
    }
}
