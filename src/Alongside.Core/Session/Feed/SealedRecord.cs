namespace Alongside.Core.Session.Feed;

/// <summary>
/// A stream record that waits for the windows of its receivers, shared by all of them. Owned by the <see cref="RecordPool"/> it came from, to
/// which it returns when the last receiver has let go.
/// </summary>
internal sealed class SealedRecord(RecordPool pool)
{
    private readonly byte[] bytes = GC.AllocateUninitializedArray<byte>(RecordPool.Size);
    private int length;
    private int holders;

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, length);

    public void Fill(ReadOnlySpan<byte> record)
    {
        record.CopyTo(bytes);
        length = record.Length;
        holders = 0;
    }

    public void Hold() => holders++;

    public void LetGo()
    {
        if (--holders == 0)
        {
            pool.Return(this);
        }
    }
}

/// <summary>Keeps a few records for the next update. What a large update needed beyond that is left to the collector.</summary>
internal sealed class RecordPool
{
    /// <summary>The largest payload (docs/protocol/relay.md).</summary>
    public const int Size = 65_536;

    private const int Kept = 16;
    private readonly Stack<SealedRecord> free = new(Kept);

    /// <summary>Records that somebody still waits for.</summary>
    public int Out { get; private set; }

    public SealedRecord Rent()
    {
        Out++;
        return free.TryPop(out var record) ? record : new SealedRecord(this);
    }

    public void Return(SealedRecord record)
    {
        Out--;
        if (free.Count < Kept)
        {
            free.Push(record);
        }
    }
}
