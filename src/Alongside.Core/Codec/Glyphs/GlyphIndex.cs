using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Glyphs;

/// <summary>
/// Finds in the encoder which slot of the book holds what stands in a box, and which slot is to go when there is none free: one that was not used since it
/// was last asked.
/// </summary>
internal sealed class GlyphIndex(GlyphBook book)
{
    private const int HeadBits = 12;

    private readonly int[] heads = new int[1 << HeadBits];
    private readonly int[] next = new int[GlyphBook.Capacity];
    private readonly ulong[] hashes = new ulong[GlyphBook.Capacity];
    private readonly bool[] used = new bool[GlyphBook.Capacity];
    private int hand;

    public void Forget()
    {
        Array.Clear(heads);
        hand = 0;
    }

    /// <summary>Of the box's size and its pixels.</summary>
    public static ulong HashOf(Frame source, PixelRect box)
    {
        ulong hash = (ulong)((box.Width << 8) | box.Height);
        for (int y = box.Y; y < box.Bottom; y++)
        {
            foreach (uint pixel in source.Row(y, box.X, box.Width))
            {
                hash = (hash ^ (pixel & 0xFF_FFFF)) * 0x9E37_79B9_7F4A_7C15;
                hash ^= hash >> 29;
            }
        }

        return hash;
    }

    /// <summary>The slot with exactly these pixels; -1 when there is none.</summary>
    public int Find(Frame source, PixelRect box, ulong hash)
    {
        for (int entry = heads[HeadOf(hash)]; entry != 0; entry = next[entry - 1])
        {
            if (hashes[entry - 1] == hash && IsSame(source, box, entry - 1))
            {
                used[entry - 1] = true;
                return entry - 1;
            }
        }

        return -1;
    }

    /// <summary>Takes a slot for a new symbol: the next free one, or one that is forgotten.</summary>
    public int Take(ulong hash)
    {
        int slot = book.Count;
        if (slot == GlyphBook.Capacity)
        {
            while (used[hand])
            {
                used[hand] = false;
                hand = (hand + 1) % GlyphBook.Capacity;
            }

            slot = hand;
            hand = (hand + 1) % GlyphBook.Capacity;
            Remove(slot);
        }

        ref int head = ref heads[HeadOf(hash)];
        (hashes[slot], next[slot], used[slot]) = (hash, head, true);
        head = slot + 1;
        return slot;
    }

    private static int HeadOf(ulong hash) => (int)(hash >> (64 - HeadBits));

    private void Remove(int slot)
    {
        ref int entry = ref heads[HeadOf(hashes[slot])];
        while (entry != slot + 1)
        {
            entry = ref next[entry - 1];
        }

        entry = next[slot];
    }

    private bool IsSame(Frame source, PixelRect box, int slot)
    {
        ref var glyph = ref book[slot];
        if (glyph.Width != box.Width || glyph.Height != box.Height)
        {
            return false;
        }

        var pixels = book.Pixels(slot);
        for (int row = 0; row < box.Height; row++)
        {
            if (DifferenceKernel.First(source.Row(box.Y + row, box.X, box.Width), pixels.Slice(row * box.Width, box.Width)) != box.Width)
            {
                return false;
            }
        }

        return true;
    }
}
