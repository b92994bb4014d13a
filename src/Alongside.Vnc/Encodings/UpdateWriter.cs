using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// One FramebufferUpdate in the making (RFB 7.6.1).
/// <code>
/// u8 0 | u8 0 | u16 rectangles | each: u16 x | u16 y | u16 width | u16 height | i32 encoding | its data
/// </code>
/// The number of rectangles is written when the last one is.
/// </summary>
internal sealed class UpdateWriter(ByteBuffer output)
{
    /// <summary>Kept below 65535, which would mean "until LastRect".</summary>
    public const int MaxRects = 65_000;

    private int start;

    public ByteBuffer Output => output;

    public int Rects { get; private set; }

    public void Begin()
    {
        start = output.Length;
        Rects = 0;
        output.WriteU32((uint)ServerMessageType.FramebufferUpdate << 24);
    }

    /// <summary>Begins a rectangle; its data is written to <see cref="Output"/> next.</summary>
    public void Rect(PixelRect rect, int encoding)
    {
        Rects++;
        output.WriteU16(rect.X);
        output.WriteU16(rect.Y);
        output.WriteU16(rect.Width);
        output.WriteU16(rect.Height);
        output.WriteU32((uint)encoding);
    }

    /// <summary>Closes the update, or takes it back when nothing is in it.</summary>
    /// <returns>Whether there is one.</returns>
    public bool End()
    {
        if (Rects == 0)
        {
            output.Shorten(start);
            return false;
        }

        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(output.At(start + 2, 2), checked((ushort)Rects));
        return true;
    }
}
