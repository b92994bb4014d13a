using System.Buffers.Binary;

namespace Alongside.Bench.Rfb;

/// <summary>Big-endian numbers from a stream, and how many bytes have come.</summary>
internal sealed class RfbReader(Stream stream)
{
    private readonly byte[] small = new byte[4];
    private readonly byte[] discarded = new byte[1 << 16];

    public long Count { get; private set; }

    public byte U8() => Fill(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Fill(2));

    public int S32() => BinaryPrimitives.ReadInt32BigEndian(Fill(4));

    public void Skip(long count)
    {
        while (count > 0)
        {
            int part = (int)Math.Min(count, discarded.Length);
            stream.ReadExactly(discarded, 0, part);
            (count, Count) = (count - part, Count + part);
        }
    }

    private ReadOnlySpan<byte> Fill(int count)
    {
        stream.ReadExactly(small, 0, count);
        Count += count;
        return small.AsSpan(0, count);
    }
}
