namespace Alongside.Core.Codec.Glyphs;

/// <summary>The palette of an encoder's symbols: up to 4,096 colours, each found again by a table that is emptied in constant time.</summary>
internal sealed class GlyphColours
{
    private const int SlotBits = 13;

    // A slot holds stamp | colour; another stamp is an empty slot.
    private readonly ulong[] slots = new ulong[1 << SlotBits];
    private readonly ushort[] places = new ushort[1 << SlotBits];
    private readonly uint[] colours = new uint[GlyphTokens.Colours];
    private uint stamp = 1;

    public int Count { get; private set; }

    public void Clear()
    {
        Count = 0;
        stamp++;
    }

    /// <summary>The colour's place; -1 when it has none.</summary>
    public int Find(uint colour)
    {
        uint at = SlotOf(colour);
        return slots[at] == Key(colour) ? places[at] : -1;
    }

    /// <summary>Gives a colour that has none the next place.</summary>
    public void Add(uint colour)
    {
        uint at = SlotOf(colour);
        (slots[at], places[at], colours[Count]) = (Key(colour), (ushort)Count, colour);
        Count++;
    }

    /// <summary>Those added since there were so many.</summary>
    public ReadOnlySpan<uint> From(int count) => colours.AsSpan(count, Count - count);

    private ulong Key(uint colour) => ((ulong)stamp << 32) | colour;

    // Twice as many slots as colours: there is always a free one.
    private uint SlotOf(uint colour)
    {
        uint at = (colour * 0x9E37_79B1) >> (32 - SlotBits);
        while (slots[at] >> 32 == stamp && slots[at] != Key(colour))
        {
            at = (at + 1) & ((1 << SlotBits) - 1);
        }

        return at;
    }
}
