using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Glyphs;

/// <summary>
/// The symbols that encoder and decoder of a stream both keep: exact pixels with the paper around the ink, and how they stand in a line. Which slot a new
/// one takes is the encoder's decision alone, so that both forget the same. At most 4,096 of 2,048 pixels: 32 MiB, taken as they come.
/// </summary>
internal sealed class GlyphBook
{
    public const int Capacity = 4096;

    /// <summary>The largest side and the most pixels of a symbol.</summary>
    public const int MaxSide = 64;
    public const int MaxPixels = 2048;

    /// <summary>Between two symbols that have not met yet, in pixels.</summary>
    private const int UsualGap = 1;

    private const int PairBits = 14;

    // Memory is taken in steps, so that a slot's next symbol mostly fits where its last one was.
    private const int Step = 64;

    private readonly Glyph[] glyphs = new Glyph[Capacity];
    private readonly sbyte[] gaps = new sbyte[1 << PairBits];

    public struct Glyph
    {
        public byte Width, Height;

        /// <summary>From the line's height to the symbol's top.</summary>
        public sbyte Drop;

        public uint[]? Memory;
    }

    /// <summary>Slots in use, from 0 on.</summary>
    public int Count { get; private set; }

    public void Forget()
    {
        Count = 0;
        Array.Clear(gaps);
    }

    public ref Glyph this[int slot] => ref glyphs[slot];

    public ReadOnlySpan<uint> Pixels(int slot) => glyphs[slot].Memory.AsSpan(0, glyphs[slot].Width * glyphs[slot].Height);

    /// <summary>Begins a symbol in a slot, at most one beyond those in use; its pixels, X 0, are the caller's to fill.</summary>
    public Span<uint> Define(int slot, int width, int height, int drop)
    {
        if (slot > Count || slot >= Capacity || width is < 1 or > MaxSide || height is < 1 or > MaxSide || width * height > MaxPixels)
        {
            throw new ProtocolException("A symbol has no place, or a size out of range.");
        }

        Count = Math.Max(Count, slot + 1);
        ref var glyph = ref glyphs[slot];
        int pixels = width * height;
        if (glyph.Memory is null || glyph.Memory.Length < pixels)
        {
            glyph.Memory = new uint[(pixels + Step - 1) / Step * Step];
        }

        (glyph.Width, glyph.Height, glyph.Drop) = ((byte)width, (byte)height, (sbyte)drop);
        return glyph.Memory.AsSpan(0, pixels);
    }

    /// <summary>The gap that these two had last when they stood beside each other.</summary>
    public int GapBetween(int left, int right) => gaps[PairOf(left, right)] + UsualGap;

    public void Remember(int left, int right, int gap)
    {
        if (gap - UsualGap is >= sbyte.MinValue and <= sbyte.MaxValue)
        {
            gaps[PairOf(left, right)] = (sbyte)(gap - UsualGap);
        }
    }

    /// <summary>Paints a symbol, which lies within the picture.</summary>
    public void Paint(int slot, Frame picture, int x, int y)
    {
        ref var glyph = ref glyphs[slot];
        var pixels = Pixels(slot);
        for (int row = 0; row < glyph.Height; row++)
        {
            pixels.Slice(row * glyph.Width, glyph.Width).CopyTo(picture.Row(y + row, x, glyph.Width));
        }
    }

    private static int PairOf(int left, int right) => (int)(((uint)((left << 12) | right) * 0x9E37_79B1) >> (32 - PairBits));
}
