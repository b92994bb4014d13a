using System.Buffers;
using System.Buffers.Binary;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Ops;

/// <summary>The two parts of an update in the making: operations, which are compressed, and bytes that compress no further.</summary>
internal sealed class UpdateParts
{
    public ByteBuffer Packed { get; } = new();

    public ByteBuffer Loose { get; } = new();

    /// <summary>The deferred operations, which stand at the beginning of the loose part with their data.</summary>
    public ByteBuffer Deferred { get; } = new();

    public int DeferredCount { get; private set; }

    public void Clear()
    {
        Packed.Clear();
        Loose.Clear();
        Deferred.Clear();
        DeferredCount = 0;
    }

    /// <summary><c>u8 op | u16 x | u16 y | u16 width | u16 height | u8 argument | u32 length | data</c>, and says that it is painted here.</summary>
    public void Defer(byte code, PixelRect area, byte argument, ReadOnlySpan<byte> data)
    {
        WriteHead(Deferred.Append(9), code, area);
        var rest = Deferred.Append(5 + data.Length);
        rest[0] = argument;
        BinaryPrimitives.WriteUInt32BigEndian(rest[1..], (uint)data.Length);
        data.CopyTo(rest[5..]);
        DeferredCount++;
        Packed.Append(1)[0] = OpTable.Show;
    }

    /// <summary><c>u8 op | u16 x | u16 y | u16 width | u16 height</c>, the beginning of every operation that paints a rectangle.</summary>
    public void Begin(byte code, PixelRect area) => WriteHead(Packed.Append(9), code, area);

    /// <summary>The loose part as it stands in an update: <c>[u16 count, the deferred operations] | the rest</c>. Returns its length.</summary>
    public int WriteLoose(IBufferWriter<byte> output)
    {
        int length = Deferred.Length + Loose.Length;
        if (DeferredCount > 0)
        {
            output.WriteU16(DeferredCount);
            length += 2;
        }

        output.Write(Deferred.Written);
        output.Write(Loose.Written);
        return length;
    }

    private static void WriteHead(Span<byte> head, byte code, PixelRect area)
    {
        head[0] = code;
        BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)area.X);
        BinaryPrimitives.WriteUInt16BigEndian(head[3..], (ushort)area.Y);
        BinaryPrimitives.WriteUInt16BigEndian(head[5..], (ushort)area.Width);
        BinaryPrimitives.WriteUInt16BigEndian(head[7..], (ushort)area.Height);
    }
}
