namespace Alongside.Core.Codec.Motions;

/// <summary>Where the reference has which anchor. Begins anew without being cleared; holds as many as fit, and those that repeat too often not at all.</summary>
internal sealed class AnchorTable
{
    /// <summary>The most places it holds.</summary>
    public const int Capacity = 1 << 14;

    /// <summary>Anchors with more places than this say nothing: a line of dashes, a tiled background.</summary>
    public const int MaxRepeats = 8;

    private const int Slots = Capacity * 2;

    private readonly Slot[] slots = new Slot[Slots];
    private readonly Place[] places = new Place[Capacity];
    private int generation;
    private int count;

    private struct Slot
    {
        public uint Hash;
        public int Generation, First, Repeats;
    }

    /// <summary>A place of an anchor, and the next of the same hash: its index, -1 for none.</summary>
    public readonly record struct Place(int X, int Y, int Next);

    public bool IsEmpty => count == 0;

    public bool IsFull => count == Capacity;

    public void Clear()
    {
        generation++;
        count = 0;
    }

    public Place this[int index] => places[index];

    public void Add(uint hash, int x, int y)
    {
        if (IsFull)
        {
            return;
        }

        ref var slot = ref SlotOf(hash);
        if (slot.Generation != generation)
        {
            slot = new() { Hash = hash, Generation = generation, First = -1 };
        }

        if (++slot.Repeats <= MaxRepeats)
        {
            places[count] = new(x, y, slot.First);
            slot.First = count++;
        }
    }

    /// <summary>The first place of an anchor; -1 when it is not there, or too often.</summary>
    public int Find(uint hash)
    {
        ref var slot = ref SlotOf(hash);
        return slot.Generation == generation && slot.Repeats <= MaxRepeats ? slot.First : -1;
    }

    // Twice as many slots as places: there is always a free one.
    private ref Slot SlotOf(uint hash)
    {
        // An anchor's hash is small: spread it again.
        uint at = (hash * 0x9E37_79B1) >> 17;
        while (slots[at].Generation == generation && slots[at].Hash != hash)
        {
            at = (at + 1) & (Slots - 1);
        }

        return ref slots[at];
    }
}
