using System.Buffers;
using System.Buffers.Binary;
using Alongside.Core.Wire;

namespace Alongside.Vnc.Pixels;

/// <summary>
/// How pixels look on the wire (RFB 7.4).
/// <code>
/// u8 bits-per-pixel | u8 depth | u8 big-endian | u8 true-colour | u16 red-max | u16 green-max | u16 blue-max | u8 red-shift | u8 green-shift | u8 blue-shift | 3 x 0
/// </code>
/// Without true colour a pixel is an index into a map of 256 colours.
/// </summary>
/// <param name="BitsPerPixel">8, 16 or 32.</param>
/// <param name="Depth">Bits of them that say something.</param>
/// <param name="BigEndian">The most significant byte comes first.</param>
/// <param name="TrueColour">A pixel is its three components.</param>
/// <param name="RedMax">The largest red, 2^n - 1.</param>
/// <param name="GreenMax">The largest green.</param>
/// <param name="BlueMax">The largest blue.</param>
/// <param name="RedShift">Bits to the right that bring red to the lowest.</param>
/// <param name="GreenShift">The same for green.</param>
/// <param name="BlueShift">The same for blue.</param>
public readonly record struct PixelFormat(
    int BitsPerPixel, int Depth, bool BigEndian, bool TrueColour, int RedMax, int GreenMax, int BlueMax, int RedShift, int GreenShift, int BlueShift)
{
    /// <summary>On the wire, in bytes.</summary>
    public const int Length = 16;

    /// <summary>What a <see cref="Alongside.Core.Pixels.Frame"/> holds, byte for byte.</summary>
    public static PixelFormat Bgrx { get; } = new(32, 24, false, true, 255, 255, 255, 16, 8, 0);

    /// <summary>1, 2 or 4.</summary>
    public int BytesPerPixel => BitsPerPixel / 8;

    /// <summary>Every component has eight bits, so that nothing is lost from or to a frame.</summary>
    public bool IsExact => TrueColour && BitsPerPixel == 32 && RedMax == 255 && GreenMax == 255 && BlueMax == 255;

    /// <summary>A compact pixel of ZRLE: three bytes when four are not needed (RFB 7.7.6).</summary>
    internal bool HasCompact => BitsPerPixel == 32 && TrueColour && Depth <= 24 && (FitsLow || FitsHigh);

    /// <summary>A compact pixel of Tight: red, green, blue (RFB 7.7.5).</summary>
    internal bool HasTight => IsExact && Depth == 24;

    internal bool FitsLow => Mask <= 0xffffff;

    private bool FitsHigh => (Mask & 0xff) == 0;

    private uint Mask => ((uint)RedMax << RedShift) | ((uint)GreenMax << GreenShift) | ((uint)BlueMax << BlueShift);

    /// <exception cref="ProtocolException">It describes no picture.</exception>
    public static PixelFormat Read(ReadOnlySpan<byte> wire)
    {
        var format = new PixelFormat(
            wire[0], wire[1], wire[2] != 0, wire[3] != 0,
            BinaryPrimitives.ReadUInt16BigEndian(wire[4..]), BinaryPrimitives.ReadUInt16BigEndian(wire[6..]), BinaryPrimitives.ReadUInt16BigEndian(wire[8..]),
            wire[10], wire[11], wire[12]);
        format.Check();
        return format;
    }

    /// <summary>Writes it as it is on the wire.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        output.WriteU8((byte)BitsPerPixel);
        output.WriteU8((byte)Depth);
        output.WriteU8(BigEndian ? (byte)1 : (byte)0);
        output.WriteU8(TrueColour ? (byte)1 : (byte)0);
        output.WriteU16(RedMax);
        output.WriteU16(GreenMax);
        output.WriteU16(BlueMax);
        output.WriteU8((byte)RedShift);
        output.WriteU8((byte)GreenShift);
        output.WriteU8((byte)BlueShift);
        output.WriteU16(0);
        output.WriteU8(0);
    }

    private void Check()
    {
        if (BitsPerPixel is not (8 or 16 or 32))
        {
            throw new ProtocolException($"A pixel of {BitsPerPixel} bits was asked for; there are 8, 16 and 32.");
        }

        if (!TrueColour)
        {
            if (BitsPerPixel != 8)
            {
                throw new ProtocolException("A colour map was asked for with pixels of more than 8 bits.");
            }

            return;
        }

        // Some viewers state a depth that is too large or 0; the masks alone say where the colours are.
        if (!Fits(RedMax, RedShift) || !Fits(GreenMax, GreenShift) || !Fits(BlueMax, BlueShift))
        {
            throw new ProtocolException("The colours of a pixel format lie outside its pixels.");
        }

        uint red = (uint)RedMax << RedShift, green = (uint)GreenMax << GreenShift, blue = (uint)BlueMax << BlueShift;
        if ((red & green) != 0 || (red & blue) != 0 || (green & blue) != 0)
        {
            throw new ProtocolException("The colours of a pixel format overlap.");
        }
    }

    private bool Fits(int max, int shift) => max > 0 && (max & (max + 1)) == 0 && shift < BitsPerPixel && ((ulong)max << shift) >> BitsPerPixel == 0;
}
