namespace Alongside.Net.Relay;

/// <summary>
/// Buffers that hold at least one whole message of the relay. Given back, they are kept up to a limit, so that a busy moment does not
/// stay in memory for good. One owner at a time; only the owner may use or return a block.
/// </summary>
public sealed class BlockPool(int keep) : IBlockSource
{
    /// <summary>Room for a message of 65,600 bytes and its length, and for a good number of small ones; below the large object heap.</summary>
    public const int BlockSize = 68 * 1024;

    private readonly Lock gate = new();
    private readonly Block?[] free = new Block?[keep];
    private int count;
    private int lent;

    /// <summary>Blocks that are out. A test states that all come back.</summary>
    public int Lent => Volatile.Read(ref lent);

    public Block Rent()
    {
        Interlocked.Increment(ref lent);
        lock (gate)
        {
            if (count > 0)
            {
                var block = free[--count]!;
                free[count] = null;
                return block;
            }
        }

        return new Block();
    }

    public void Return(Block block)
    {
        Interlocked.Decrement(ref lent);
        block.Start = 0;
        block.End = 0;
        block.Next = null;
        lock (gate)
        {
            if (count < free.Length)
            {
                free[count++] = block;
            }
        }
    }
}

/// <summary>Where a queue gets its blocks: the pool itself, or somebody in between who counts.</summary>
public interface IBlockSource
{
    Block Rent();

    void Return(Block block);
}

/// <summary>One buffer of the pool and its place in a queue.</summary>
public sealed class Block
{
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(BlockPool.BlockSize);

    internal int Start { get; set; }

    internal int End { get; set; }

    internal Block? Next { get; set; }
}
