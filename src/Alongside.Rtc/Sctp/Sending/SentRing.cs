namespace Alongside.Rtc.Sctp.Sending;

/// <summary>Chunks by TSN, in a ring that grows with what is under way; and two lists through them: in flight by time of sending, and lost.</summary>
internal sealed class SentRing(uint firstTsn)
{
    private SentChunk[] slots = new SentChunk[16];

    /// <summary>All up to this one is acknowledged.</summary>
    public uint Acknowledged { get; private set; } = firstTsn - 1;

    /// <summary>What the next new chunk will be called.</summary>
    public uint NextTsn { get; private set; } = firstTsn;

    public int Count => (int)(NextTsn - Acknowledged - 1);

    public ChunkList Flight;
    public ChunkList Lost;

    public ref SentChunk this[uint tsn] => ref slots[tsn & (uint)(slots.Length - 1)];

    public uint Add()
    {
        if (Count == slots.Length)
        {
            Grow();
        }

        uint tsn = NextTsn++;
        this[tsn] = default;
        return tsn;
    }

    public void Acknowledge(uint tsn)
    {
        this[tsn] = default;
        Acknowledged = tsn;
    }

    public void Append(ref ChunkList list, uint tsn)
    {
        ref var chunk = ref this[tsn];
        chunk.Next = tsn;
        chunk.Previous = list.Count == 0 ? tsn : list.Last;
        if (list.Count == 0)
        {
            list.First = tsn;
        }
        else
        {
            this[list.Last].Next = tsn;
        }

        list.Last = tsn;
        list.Count++;
    }

    public void Remove(ref ChunkList list, uint tsn)
    {
        ref var chunk = ref this[tsn];
        bool isFirst = chunk.Previous == tsn, isLast = chunk.Next == tsn;
        if (isFirst)
        {
            list.First = chunk.Next;
        }
        else
        {
            this[chunk.Previous].Next = isLast ? chunk.Previous : chunk.Next;
        }

        if (isLast)
        {
            list.Last = chunk.Previous;
        }
        else
        {
            this[chunk.Next].Previous = isFirst ? chunk.Next : chunk.Previous;
        }

        list.Count--;
    }

    private void Grow()
    {
        var old = slots;
        slots = new SentChunk[old.Length * 2];
        for (uint tsn = Acknowledged + 1; tsn != NextTsn; tsn++)
        {
            this[tsn] = old[tsn & (uint)(old.Length - 1)];
        }
    }
}

/// <summary>A list through the ring. Its ends mean nothing while it is empty.</summary>
internal struct ChunkList
{
    public uint First;
    public uint Last;
    public int Count;
}
