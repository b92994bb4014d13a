using System.Buffers;
using System.Buffers.Binary;

namespace Alongside.Core.Codec;

/// <summary>
/// Bytes of one update in the making. Owned by one encoder or decoder and used again for every update: it grows to the largest of
/// them and then allocates no more.
/// </summary>
internal sealed class ByteBuffer : IBufferWriter<byte>
{
    private byte[] bytes = new byte[4096];

    public int Length { get; private set; }

    /// <summary>What can be written before it grows.</summary>
    public int Room => bytes.Length - Length;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Takes back what was written from <paramref name="length"/> on.</summary>
    public void Shorten(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    /// <summary>Written bytes to be written over: a length that is known only now. Valid until the buffer grows.</summary>
    public Span<byte> At(int start, int count) => bytes.AsSpan(0, Length).Slice(start, count);

    /// <summary>Room for <paramref name="count"/> bytes at the end, exactly; not yet written.</summary>
    public Span<byte> Reserve(int count)
    {
        if (count > Room)
        {
            Array.Resize(ref bytes, checked((int)Math.Max((long)Length + count, Math.Min(bytes.Length * 2L, Array.MaxLength))));
        }

        return bytes.AsSpan(Length, count);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Room);
        Length += count;
    }

    /// <summary>Appends <paramref name="count"/> bytes for the caller to fill.</summary>
    public Span<byte> Append(int count)
    {
        var span = Reserve(count);
        Length += count;
        return span;
    }

    public void AppendU16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Append(2), (ushort)value);

    /// <summary>Red, green, blue.</summary>
    public void AppendColour(uint colour)
    {
        var rgb = Append(3);
        rgb[0] = (byte)(colour >> 16);
        rgb[1] = (byte)(colour >> 8);
        rgb[2] = (byte)colour;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return bytes.AsSpan(Length);
    }
}
