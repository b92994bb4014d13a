using System.Buffers.Binary;

namespace Alongside.Net.Relay;

/// <summary>
/// Messages waiting for a socket, first in, first out, packed one after the other into blocks of a pool.
/// <code>
/// block: | length u32, top bit: text | message | length | message | ...
/// </code>
/// A message lies in one piece, so it is sent straight from here. What a queue costs is its blocks: a small message takes four bytes more
/// than it has, and one message alone a whole block. Not thread-safe: its owner has a lock. A message that was peeked at stays in place, even through
/// <see cref="Clear"/>, until <see cref="Advance"/>.
/// </summary>
public sealed class MessageQueue(IBlockSource pool)
{
    private const int Prefix = 4;
    private const uint TextBit = 0x8000_0000;
    private Block? head;
    private Block? tail;
    private bool peeked;

    /// <summary>The block of a message that is being sent while the queue was cleared.</summary>
    private Block? orphan;

    /// <summary>Bytes of the messages in the queue, their lengths not counted.</summary>
    public int Bytes { get; private set; }

    public bool IsEmpty => Bytes == 0;

    /// <summary>Blocks that it takes up.</summary>
    public int Blocks { get; private set; }

    /// <summary>Adds a message of 1 to 65,600 bytes, to be written into the span before anything else is called.</summary>
    public Span<byte> Add(int length, bool text = false)
    {
        ArgumentOutOfRangeException.ThrowIfZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, BlockPool.BlockSize - Prefix);
        if (tail is null || tail.End + Prefix + length > BlockPool.BlockSize)
        {
            Append(pool.Rent());
        }

        var span = tail!.Bytes.AsSpan(tail.End, Prefix + length);
        BinaryPrimitives.WriteUInt32LittleEndian(span, (uint)length | (text ? TextBit : 0));
        tail.End += span.Length;
        Bytes += length;
        return span[Prefix..];
    }

    /// <summary>The oldest message, which stays in the queue.</summary>
    public bool TryPeek(out ReadOnlyMemory<byte> message, out bool text)
    {
        if (Bytes == 0)
        {
            message = default;
            text = false;
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(head!.Bytes.AsSpan(head.Start));
        text = (length & TextBit) != 0;
        message = head.Bytes.AsMemory(head.Start + Prefix, (int)(length & ~TextBit));
        peeked = true;
        return true;
    }

    /// <summary>Takes the message that was peeked at out of the queue. Returns its length; 0 when it was cleared meanwhile.</summary>
    public int Advance()
    {
        peeked = false;
        if (orphan is not null)
        {
            pool.Return(orphan);
            orphan = null;
            return 0;
        }

        var length = (int)(BinaryPrimitives.ReadUInt32LittleEndian(head!.Bytes.AsSpan(head.Start)) & ~TextBit);
        head.Start += Prefix + length;
        Bytes -= length;
        if (head.Start == head.End)
        {
            pool.Return(Unlink());
        }

        return length;
    }

    /// <summary>Forgets all messages. Returns how many bytes were waiting.</summary>
    public int Clear()
    {
        var dropped = Bytes;
        Bytes = 0;
        if (peeked && orphan is null && head is not null)
        {
            orphan = Unlink();
        }

        while (head is not null)
        {
            pool.Return(Unlink());
        }

        return dropped;
    }

    private void Append(Block block)
    {
        Blocks++;
        if (tail is null)
        {
            head = block;
        }
        else
        {
            tail.Next = block;
        }

        tail = block;
    }

    private Block Unlink()
    {
        var block = head!;
        Blocks--;
        head = block.Next;
        if (head is null)
        {
            tail = null;
        }

        return block;
    }
}
