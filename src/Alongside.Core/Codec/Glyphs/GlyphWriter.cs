using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Glyphs;

/// <summary>Writes a sheet as operation 18 (docs/protocol/codec.md), and keeps book, index and palette as the decoder will.</summary>
internal sealed class GlyphWriter(GlyphBook book, GlyphIndex index)
{
    /// <summary>Symbols of one line begin no further apart, in pixels: a drop is a byte.</summary>
    private const int Band = 32;

    private readonly GlyphColours colours = new();
    private readonly byte[] drops = new byte[256];
    private PixelRect area;
    private int baseline;
    private int cursor;
    private int previous;

    public void Forget()
    {
        book.Forget();
        index.Forget();
        colours.Clear();
    }

    public void Write(Frame source, GlyphCutter.Sheet sheet, ReadOnlySpan<GlyphCutter.Box> boxes, UpdateParts parts)
    {
        area = sheet.Area;
        baseline = area.Y;
        parts.Begin(GlyphOp.Number, area);
        var packed = parts.Packed;
        packed.AppendColour(sheet.Paper & 0xFF_FFFF);
        for (int from = 0; from < boxes.Length;)
        {
            int end = from + 1;
            while (end < boxes.Length && boxes[end].Line == boxes[from].Line && Math.Abs(boxes[end].Area.Y - boxes[from].Area.Y) <= Band)
            {
                end++;
            }

            WriteLine(source, boxes[from..end], packed);
            from = end;
        }

        packed.Append(1)[0] = GlyphTokens.End;
    }

    private void WriteLine(Frame source, ReadOnlySpan<GlyphCutter.Box> boxes, ByteBuffer packed)
    {
        int height = FindBaseline(source, boxes);
        packed.Append(1)[0] = GlyphTokens.Line;
        AppendSigned(packed, height - baseline);
        AppendSigned(packed, boxes[0].Area.X - area.X);
        (baseline, cursor, previous) = (height, boxes[0].Area.X, -1);
        foreach (var box in boxes)
        {
            int slot = index.Find(source, box.Area, box.Hash);
            int gap = box.Area.X - cursor, drop = box.Area.Y - baseline;
            bool isNew = slot < 0;
            slot = isNew ? index.Take(box.Hash) : slot;
            if (previous >= 0)
            {
                if (gap != book.GapBetween(previous, slot))
                {
                    AppendGap(packed, gap);
                }

                book.Remember(previous, slot, gap);
            }

            if (isNew)
            {
                Define(source, box.Area, slot, drop, packed);
            }
            else
            {
                if (book[slot].Drop != drop)
                {
                    book[slot].Drop = (sbyte)drop;
                    packed.Append(1)[0] = GlyphTokens.Drop;
                    packed.Append(1)[0] = (byte)drop;
                }

                AppendSlot(packed, slot);
            }

            (cursor, previous) = (box.Area.Right, slot);
        }
    }

    /// <summary>The height at which most of the known symbols stand as they stood last; the top of the first one when there is none.</summary>
    private int FindBaseline(Frame source, ReadOnlySpan<GlyphCutter.Box> boxes)
    {
        int top = boxes[0].Area.Y;
        foreach (var box in boxes)
        {
            top = Math.Min(top, box.Area.Y);
        }

        Array.Clear(drops);
        int best = 0, height = top;
        foreach (var box in boxes)
        {
            int slot = index.Find(source, box.Area, box.Hash);
            int at = slot < 0 ? -1 : box.Area.Y - book[slot].Drop - top + 128;
            if (at is >= 0 and < 256 && drops[at] < 255 && ++drops[at] > best)
            {
                (best, height) = (drops[at], at + top - 128);
            }
        }

        // Every symbol must be within a byte of it.
        return Math.Abs(height - top) <= Band ? height : top;
    }

    private void Define(Frame source, PixelRect box, int slot, int drop, ByteBuffer packed)
    {
        bool isReplacing = slot < book.Count;
        var pixels = book.Define(slot, box.Width, box.Height, drop);
        for (int row = 0; row < box.Height; row++)
        {
            Kernels.ColourKernel.CopyMasked(source.Row(box.Y + row, box.X, box.Width), pixels.Slice(row * box.Width, box.Width));
        }

        if (colours.Count + pixels.Length > GlyphTokens.Colours)
        {
            packed.Append(1)[0] = GlyphTokens.Fresh;
            colours.Clear();
        }

        packed.Append(1)[0] = (byte)(isReplacing ? GlyphTokens.Replace : GlyphTokens.New);
        if (isReplacing)
        {
            packed.AppendU16(slot);
        }

        int before = colours.Count, most = 0;
        foreach (uint pixel in pixels)
        {
            if (colours.Find(pixel) < 0)
            {
                colours.Add(pixel);
            }

            most = Math.Max(most, colours.Find(pixel));
        }

        var form = packed.Append(4);
        (form[0], form[1], form[2], form[3]) = ((byte)(most < 256 ? GlyphTokens.Bytes : GlyphTokens.Planes), (byte)box.Width, (byte)box.Height, (byte)drop);
        AppendNumber(packed, (uint)(colours.Count - before));
        foreach (uint colour in colours.From(before))
        {
            packed.AppendColour(colour);
        }

        var low = packed.Append(pixels.Length);
        for (int i = 0; i < pixels.Length; i++)
        {
            low[i] = (byte)colours.Find(pixels[i]);
        }

        if (most >= 256)
        {
            var high = packed.Append(pixels.Length);
            for (int i = 0; i < pixels.Length; i++)
            {
                high[i] = (byte)(colours.Find(pixels[i]) >> 8);
            }
        }
    }

    private static void AppendSlot(ByteBuffer packed, int slot)
    {
        if (slot < GlyphTokens.Far)
        {
            packed.Append(1)[0] = (byte)slot;
            return;
        }

        var two = packed.Append(2);
        (two[0], two[1]) = ((byte)(GlyphTokens.Far + (slot >> 8)), (byte)slot);
    }

    private static void AppendGap(ByteBuffer packed, int gap)
    {
        if (gap is >= GlyphTokens.LeastGap and <= GlyphTokens.MostGap)
        {
            packed.Append(1)[0] = (byte)(GlyphTokens.ShortGap + gap - GlyphTokens.LeastGap);
            return;
        }

        packed.Append(1)[0] = GlyphTokens.Gap;
        AppendSigned(packed, gap);
    }

    // Zigzag: the sign in the lowest bit.
    private static void AppendSigned(ByteBuffer packed, int value) => AppendNumber(packed, (uint)((value << 1) ^ (value >> 31)));

    // Seven bits a byte, the lowest first.
    private static void AppendNumber(ByteBuffer packed, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            packed.Append(1)[0] = (byte)(value | 0x80);
        }

        packed.Append(1)[0] = (byte)value;
    }
}
