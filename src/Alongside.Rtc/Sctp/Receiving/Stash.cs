using System.Buffers;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Sctp.Receiving;

/// <summary>A chunk that came before its turn. Owns a copy of its bytes until it is taken.</summary>
internal struct StashedChunk
{
    public byte[]? Buffer;
    public int Length;
    public uint Tsn;
    public uint ProtocolId;
    public ushort Stream;
    public ushort Ssn;
    public byte Flags;

    /// <summary>At either end of a run of pieces of one message: the run's other end.</summary>
    public uint OtherEnd;

    public readonly bool Has(byte flag) => (Flags & flag) != 0;

    public readonly ReadOnlySpan<byte> Data => Buffer.AsSpan(0, Length);
}

/// <summary>
/// Chunks above the first gap, in a ring by TSN. Pieces of one message are neighbours (there is no I-DATA), so a message is whole when a run of
/// neighbours begins with a first and ends with a last piece; runs are joined at their ends, a step a chunk.
/// </summary>
internal sealed class Stash
{
    /// <summary>What a stashed chunk costs besides its bytes: counted, or a byte at a time would fill the memory.</summary>
    public const int Overhead = 64;

    private StashedChunk[] slots = [];

    /// <summary>Bytes held, the overhead of each chunk included.</summary>
    public long Held { get; private set; }

    public bool Has(uint tsn) => slots.Length > 0 && Slot(tsn) is { Buffer: not null } slot && slot.Tsn == tsn;

    public ref StashedChunk Slot(uint tsn) => ref slots[tsn & (uint)(slots.Length - 1)];

    /// <summary>Keeps a chunk, and gives the run of a whole message if it is now there. <paramref name="cumulative"/> is where the ring begins.</summary>
    public bool Add(in StashedChunk chunk, ReadOnlySpan<byte> data, uint cumulative, out uint first, out uint last)
    {
        Reach((int)(chunk.Tsn - cumulative));
        ref var slot = ref Slot(chunk.Tsn);
        slot = chunk;
        slot.Buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, data.Length));
        slot.Length = data.Length;
        data.CopyTo(slot.Buffer);
        Held += data.Length + Overhead;

        first = last = chunk.Tsn;
        if (!chunk.Has(ChunkType.Beginning) && Has(chunk.Tsn - 1) && !Slot(chunk.Tsn - 1).Has(ChunkType.Ending))
        {
            first = Slot(chunk.Tsn - 1).OtherEnd;
        }

        if (!chunk.Has(ChunkType.Ending) && Has(chunk.Tsn + 1) && !Slot(chunk.Tsn + 1).Has(ChunkType.Beginning))
        {
            last = Slot(chunk.Tsn + 1).OtherEnd;
        }

        Slot(first).OtherEnd = last;
        Slot(last).OtherEnd = first;
        return Slot(first).Has(ChunkType.Beginning) && Slot(last).Has(ChunkType.Ending);
    }

    /// <summary>Lets go of a chunk's bytes.</summary>
    public void Free(uint tsn)
    {
        ref var slot = ref Slot(tsn);
        Held -= slot.Length + Overhead;
        ArrayPool<byte>.Shared.Return(slot.Buffer!);
        slot = default;
    }

    public void Clear()
    {
        foreach (ref var slot in slots.AsSpan())
        {
            if (slot.Buffer is not null)
            {
                Free(slot.Tsn);
            }
        }
    }

    private void Reach(int distance)
    {
        if (distance < slots.Length)
        {
            return;
        }

        var old = slots;
        slots = new StashedChunk[Math.Max(64, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)distance + 1))];
        foreach (ref var slot in old.AsSpan())
        {
            if (slot.Buffer is not null)
            {
                Slot(slot.Tsn) = slot;
            }
        }
    }
}
