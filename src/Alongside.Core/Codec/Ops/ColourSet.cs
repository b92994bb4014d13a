namespace Alongside.Core.Codec.Ops;

/// <summary>Up to 255 colours in the order in which they came, and each pixel's place among them. Empties in constant time.</summary>
internal sealed class ColourSet
{
    public const int Capacity = 255;

    private const int SlotBits = 10;

    // A slot holds stamp | place | colour; a stamp of another generation is an empty slot.
    private readonly ulong[] slots = new ulong[1 << SlotBits];
    private readonly uint[] colours = new uint[Capacity];
    private uint stamp = 1;

    public int Count { get; private set; }

    public ReadOnlySpan<uint> Colours => colours.AsSpan(0, Count);

    public void Clear()
    {
        Count = 0;
        if (++stamp == 1 << 24)
        {
            Array.Clear(slots);
            stamp = 1;
        }
    }

    /// <summary>The colour's place; it is added when it is new. -1 when there is no place left.</summary>
    public int Add(uint colour)
    {
        ulong key = ((ulong)stamp << 40) | colour;
        for (uint at = Hash(colour); ; at = (at + 1) & ((1 << SlotBits) - 1))
        {
            ulong slot = slots[at];
            if ((slot & ~0xFF000000UL) == key)
            {
                return (int)(slot >> 24) & 0xFF;
            }

            if (slot >> 40 != stamp)
            {
                if (Count == Capacity)
                {
                    return -1;
                }

                slots[at] = key | ((ulong)Count << 24);
                colours[Count] = colour;
                return Count++;
            }
        }
    }

    /// <summary>The colour's place; -1 when it has none.</summary>
    public int Find(uint colour)
    {
        ulong key = ((ulong)stamp << 40) | colour;
        for (uint at = Hash(colour); ; at = (at + 1) & ((1 << SlotBits) - 1))
        {
            ulong slot = slots[at];
            if ((slot & ~0xFF000000UL) == key)
            {
                return (int)(slot >> 24) & 0xFF;
            }

            if (slot >> 40 != stamp)
            {
                return -1;
            }
        }
    }

    /// <summary>Adds a colour in the next place, known or not: what a decoder does, which never asks for places.</summary>
    public void Append(uint colour) => colours[Count++] = colour;

    /// <summary>Adds the colours of all pixels and gives each its place. False, with the set as far as it came, when there are too many.</summary>
    public bool TryIndex(ReadOnlySpan<uint> pixels, Span<byte> places)
    {
        uint last = pixels[0];
        int place = Add(last);
        for (int i = 0; i < pixels.Length; i++)
        {
            uint colour = pixels[i];
            if (colour != last)
            {
                place = Add(colour);
                if (place < 0)
                {
                    return false;
                }

                last = colour;
            }

            places[i] = (byte)place;
        }

        return true;
    }

    private static uint Hash(uint colour) => (colour * 0x9E37_79B1) >> (32 - SlotBits);
}
