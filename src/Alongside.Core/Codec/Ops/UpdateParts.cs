using System.Buffers.Binary;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Ops;

/// <summary>The two parts of an update in the making: operations, which are compressed, and bytes that compress no further.</summary>
internal sealed class UpdateParts
{
    public ByteBuffer Packed { get; } = new();

    public ByteBuffer Loose { get; } = new();

    public void Clear()
    {
        Packed.Clear();
        Loose.Clear();
    }

    /// <summary><c>u8 op | u16 x | u16 y | u16 width | u16 height</c>, the beginning of every operation that paints a rectangle.</summary>
    public void Begin(byte code, PixelRect area)
    {
        var head = Packed.Append(9);
        head[0] = code;
        BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)area.X);
        BinaryPrimitives.WriteUInt16BigEndian(head[3..], (ushort)area.Y);
        BinaryPrimitives.WriteUInt16BigEndian(head[5..], (ushort)area.Width);
        BinaryPrimitives.WriteUInt16BigEndian(head[7..], (ushort)area.Height);
    }
}
