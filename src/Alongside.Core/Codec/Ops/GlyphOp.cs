using Alongside.Core.Codec.Glyphs;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// Text: paper, and symbols on it that both sides have seen before, or that are defined where they are first needed.
/// <code>
/// u8 18 | u16 x | u16 y | u16 width | u16 height | u8 r, g, b of the paper | tokens (docs/protocol/codec.md), the last of them the end
/// </code>
/// What decides which symbols there are is <see cref="GlyphStage"/>.
/// </summary>
internal sealed class GlyphOp() : Op(Number, OpTable.Glyphs)
{
    public const byte Number = 18;

    private readonly uint[] palette = new uint[GlyphTokens.Colours];
    private int colours;

    public GlyphBook Book { get; } = new();

    public override void Forget()
    {
        Book.Forget();
        colours = 0;
    }

    /// <summary>Never: symbols are found before there are tiles.</summary>
    public override bool TryEncode(Tile tile, UpdateParts parts) => false;

    public override void Decode(ref UpdatePartsReader parts, Frame picture)
    {
        var area = parts.ReadArea();
        uint paper = parts.ReadColour();
        for (int y = area.Y; y < area.Bottom; y++)
        {
            picture.Row(y, area.X, area.Width).Fill(paper);
        }

        var pen = new Pen { Area = area, Baseline = area.Y, Cursor = area.X, Previous = -1 };
        while (true)
        {
            int token = parts.Packed.ReadU8();
            switch (token)
            {
                case < GlyphTokens.Far:
                    Place(token, ref pen, ref parts, picture);
                    break;
                case < GlyphTokens.New:
                    Place(((token - GlyphTokens.Far) << 8) | parts.Packed.ReadU8(), ref pen, ref parts, picture);
                    break;
                case GlyphTokens.New or GlyphTokens.Replace:
                    int slot = token == GlyphTokens.New ? Book.Count : parts.Packed.ReadU16();
                    Define(slot, ref parts);
                    Place(slot, ref pen, ref parts, picture);
                    break;
                case GlyphTokens.Line:
                    pen.Baseline = Within(pen.Baseline + ReadSigned(ref parts));
                    pen.Cursor = Within(area.X + ReadSigned(ref parts));
                    (pen.Previous, pen.Gap) = (-1, null);
                    break;
                case GlyphTokens.Gap:
                    pen.Gap = ReadSigned(ref parts);
                    break;
                case GlyphTokens.Drop:
                    pen.Drop = (sbyte)parts.Packed.ReadU8();
                    break;
                case GlyphTokens.Fresh:
                    colours = 0;
                    break;
                case GlyphTokens.End:
                    return;
                case >= GlyphTokens.ShortGap:
                    pen.Gap = token - GlyphTokens.ShortGap + GlyphTokens.LeastGap;
                    break;
                default:
                    throw new ProtocolException("An update has an unknown token among its symbols.");
            }
        }
    }

    private void Place(int slot, ref Pen pen, ref UpdatePartsReader parts, Frame picture)
    {
        if (slot >= Book.Count)
        {
            throw new ProtocolException("An update has a symbol that was not defined.");
        }

        ref var glyph = ref Book[slot];
        glyph.Drop = pen.Drop ?? glyph.Drop;
        int gap = pen.Gap ?? (pen.Previous < 0 ? 0 : Book.GapBetween(pen.Previous, slot));
        if (pen.Previous >= 0)
        {
            Book.Remember(pen.Previous, slot, gap);
        }

        var place = new PixelRect(pen.Cursor + gap, pen.Baseline + glyph.Drop, glyph.Width, glyph.Height);
        if (place.Intersect(pen.Area) != place)
        {
            throw new ProtocolException("An update has a symbol that is not on its paper.");
        }

        parts.CountSymbol(place);
        Book.Paint(slot, picture, place.X, place.Y);
        (pen.Cursor, pen.Previous, pen.Gap, pen.Drop) = (place.Right, slot, null, null);
    }

    private void Define(int slot, ref UpdatePartsReader parts)
    {
        int form = parts.Packed.ReadU8(), width = parts.Packed.ReadU8(), height = parts.Packed.ReadU8();
        sbyte drop = (sbyte)parts.Packed.ReadU8();
        int added = ReadNumber(ref parts);
        if (form is not (GlyphTokens.Bytes or GlyphTokens.Planes) || colours + added > GlyphTokens.Colours)
        {
            throw new ProtocolException("A symbol has an unknown form or too many colours.");
        }

        for (int i = 0; i < added; i++)
        {
            palette[colours++] = parts.ReadColour();
        }

        var pixels = Book.Define(slot, width, height, drop);
        var low = parts.Packed.Take(pixels.Length);
        var high = form == GlyphTokens.Planes ? parts.Packed.Take(pixels.Length) : [];
        for (int i = 0; i < pixels.Length; i++)
        {
            int place = high.IsEmpty ? low[i] : low[i] | (high[i] << 8);
            pixels[i] = place < colours ? palette[place] : throw new ProtocolException("A symbol has a colour that is not there.");
        }
    }

    // A few steps of this size stay far from overflow, and whatever is outside the paper is refused when a symbol is placed.
    private static int Within(int place) => place is > -(1 << 20) and < 1 << 20 ? place : throw new ProtocolException("An update has a line out of range.");

    private static int ReadSigned(ref UpdatePartsReader parts)
    {
        int value = ReadNumber(ref parts);
        return (value >> 1) ^ -(value & 1);
    }

    private static int ReadNumber(ref UpdatePartsReader parts)
    {
        int value = 0;
        for (int shift = 0; shift < 21; shift += 7)
        {
            byte next = parts.Packed.ReadU8();
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new ProtocolException("An update has a number that is too long.");
    }

    private struct Pen
    {
        public PixelRect Area;
        public int Baseline, Cursor, Previous;
        public int? Gap;
        public sbyte? Drop;
    }
}
