using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// Few colours: an index a pixel into a palette. There is one palette for each depth, and it lives as long as the window, so that equal
/// content becomes equal bytes wherever it appears.
/// <code>
/// u8 2 | u16 x | u16 y | u16 width | u16 height
/// u8 form     bits 0-1 depth: 1, 2, 4 or 8 bits an index; bit 2: the palette of this depth is emptied first
/// u8 added    colours that are appended to it: (u8 r, g, b) * added
/// rows        ceil(width * depth / 8) bytes each, first pixel in the lowest bits
/// </code>
/// </summary>
internal sealed class PaletteOp() : Op(2, 1)
{
    private const byte Fresh = 4;

    /// <summary>Smaller tiles cost little whatever they hold, in pixels.</summary>
    private const int LeastPhotograph = 4096;

    /// <summary>On more than one pixel in so many text and drawings have the same colour, their paper; seen of skies: one in eight and less.</summary>
    private const int Paper = 6;

    /// <summary>One pixel in so many is counted.</summary>
    private const int Sampling = 3;

    private static readonly int[] Limits = [2, 4, 16, ColourSet.Capacity];

    private readonly ColourSet[] palettes = [new(), new(), new(), new()];
    private readonly ColourSet own = new();
    private readonly byte[] places = new byte[FrameDifference.CellWidth * FrameDifference.CellHeight];
    private readonly byte[] map = new byte[256];

    public override void Forget()
    {
        foreach (var palette in palettes)
        {
            palette.Clear();
        }
    }

    public override bool TryEncode(Tile tile, UpdateParts parts) => TryEncode(tile, parts, plainOnly: false);

    public override bool TryEncodePlain(Tile tile, UpdateParts parts) => TryEncode(tile, parts, plainOnly: true);

    public override void Decode(ref UpdatePartsReader parts, Frame picture)
    {
        var area = parts.ReadArea();
        int form = parts.Packed.ReadU8(), added = parts.Packed.ReadU8();
        if (form > (Fresh | 3))
        {
            throw new ProtocolException("A palette has an unknown form.");
        }

        int depth = form & 3;
        var palette = palettes[depth];
        if ((form & Fresh) != 0)
        {
            palette.Clear();
        }

        if (palette.Count + added > Limits[depth])
        {
            throw new ProtocolException("A palette has too many colours.");
        }

        for (int i = 0; i < added; i++)
        {
            palette.Append(parts.ReadColour());
        }

        int stride = Stride(area.Width, depth);
        for (int y = area.Y; y < area.Bottom; y++)
        {
            if (!PackKernel.TryUnpack(parts.Packed.Take(stride), depth, palette.Colours, picture.Row(y, area.X, area.Width)))
            {
                throw new ProtocolException("A palette index is out of range.");
            }
        }
    }

    private bool TryEncode(Tile tile, UpdateParts parts, bool plainOnly)
    {
        own.Clear();
        if (TryEncodeTwo(tile, parts))
        {
            return true;
        }

        if (!own.TryIndex(tile.Pixels, places))
        {
            return false;
        }

        int depth = own.Count <= Limits[0] ? 0 : own.Count <= Limits[1] ? 1 : own.Count <= Limits[2] ? 2 : 3;
        if (plainOnly && depth == 3 && IsPhotograph(places.AsSpan(0, tile.Pixels.Length)))
        {
            return false;
        }

        WriteHead(tile, depth, parts);
        int width = tile.Area.Width, stride = Stride(width, depth);
        var rows = parts.Packed.Append(stride * tile.Area.Height);
        for (int y = 0; y < tile.Area.Height; y++)
        {
            PackKernel.Pack(places.AsSpan(y * width, width), map, depth, rows.Slice(y * stride, stride));
        }

        return true;
    }

    // A photograph of few colours, as a sky is, costs as much as one of many, and may be shown nearly for a while.
    private static bool IsPhotograph(ReadOnlySpan<byte> places)
    {
        if (places.Length < LeastPhotograph)
        {
            return false;
        }

        Span<int> counts = stackalloc int[256];
        counts.Clear();
        int most = 0, samples = 0;
        for (int i = 0; i < places.Length; i += Sampling, samples++)
        {
            most = Math.Max(most, ++counts[places[i]]);
        }

        return most * Paper < samples;
    }

    // Two colours are most of what text is, and need no table.
    private bool TryEncodeTwo(Tile tile, UpdateParts parts)
    {
        uint first = tile.Pixels[0];
        int run = ColourKernel.CountRun(tile.Pixels, first);
        uint second = run < tile.Pixels.Length ? tile.Pixels[run] : first;
        int width = tile.Area.Width, stride = Stride(width, 0);
        for (int y = 0; y < tile.Area.Height; y++)
        {
            if (!ColourKernel.TryPackTwo(tile.Row(y), first, second, places.AsSpan(y * stride, stride)))
            {
                return false;
            }
        }

        own.Add(first);
        own.Add(second);
        WriteHead(tile, 0, parts);
        var rows = parts.Packed.Append(stride * tile.Area.Height);
        places.AsSpan(0, rows.Length).CopyTo(rows);
        if (map[0] == 1)
        {
            PackKernel.InvertBits(rows, width, stride);
        }

        return true;
    }

    // Brings the palette of this depth to where it has all the tile's own colours, and says how; map then leads from own to palette.
    private void WriteHead(Tile tile, int depth, UpdateParts parts)
    {
        var palette = palettes[depth];
        int missing = 0;
        foreach (uint colour in own.Colours)
        {
            missing += palette.Find(colour) < 0 ? 1 : 0;
        }

        bool fresh = palette.Count + missing > Limits[depth];
        if (fresh)
        {
            palette.Clear();
            missing = own.Count;
        }

        parts.Begin(Code, tile.Area);
        var head = parts.Packed.Append(2);
        head[0] = (byte)(depth | (fresh ? Fresh : 0));
        head[1] = (byte)missing;
        for (int i = 0; i < own.Count; i++)
        {
            int before = palette.Count;
            map[i] = (byte)palette.Add(own.Colours[i]);
            if (palette.Count != before)
            {
                parts.Packed.AppendColour(own.Colours[i]);
            }
        }
    }

    private static int Stride(int width, int depth) => ((width << depth) + 7) >> 3;
}
