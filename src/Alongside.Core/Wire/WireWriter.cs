using System.Buffers;
using System.Buffers.Binary;

namespace Alongside.Core.Wire;

/// <summary>Big-endian values into a buffer writer.</summary>
public static class WireWriter
{
    public static void WriteU8(this IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public static void WriteU16(this IBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), checked((ushort)value));
        output.Advance(2);
    }

    public static void WriteI16(this IBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteInt16BigEndian(output.GetSpan(2), checked((short)value));
        output.Advance(2);
    }

    public static void WriteU32(this IBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    public static void WriteU64(this IBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    public static void WriteBytes(this IBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        value.CopyTo(output.GetSpan(value.Length));
        output.Advance(value.Length);
    }
}
