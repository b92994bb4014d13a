using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Alongside.Vnc.Pixels;

/// <summary>Turns BGRX pixels into those of a format. Components are rounded to the nearest; a colour map is <see cref="ColourMap.Fixed"/>.</summary>
internal sealed class PixelPacker
{
    private readonly uint[] red = new uint[256];
    private readonly uint[] green = new uint[256];
    private readonly uint[] blue = new uint[256];
    private readonly bool isCopy;

    public PixelPacker(PixelFormat format, PixelLayout layout = PixelLayout.Whole)
    {
        bool tight = layout == PixelLayout.Tight && format.HasTight;
        bool compact = layout == PixelLayout.Compact && format.HasCompact;
        Bytes = tight || compact ? 3 : format.BytesPerPixel;
        isCopy = Bytes == 4 && format is { IsExact: true, BigEndian: false, RedShift: 16, GreenShift: 8, BlueShift: 0 };
        for (uint value = 0; value < 256; value++)
        {
            if (tight)
            {
                (red[value], green[value], blue[value]) = (value, value << 8, value << 16);
            }
            else if (!format.TrueColour)
            {
                (red[value], green[value], blue[value]) = ColourMap.FixedIndex(value);
            }
            else
            {
                red[value] = Place(format, compact, value, format.RedMax, format.RedShift);
                green[value] = Place(format, compact, value, format.GreenMax, format.GreenShift);
                blue[value] = Place(format, compact, value, format.BlueMax, format.BlueShift);
            }
        }
    }

    /// <summary>Bytes of one pixel: 1 to 4.</summary>
    public int Bytes { get; }

    /// <summary>The pixel's bytes, the first one on the wire lowest.</summary>
    public uint Pack(uint bgrx) => red[(byte)(bgrx >> 16)] | green[(byte)(bgrx >> 8)] | blue[(byte)bgrx];

    /// <summary>Writes all of <paramref name="pixels"/>; <paramref name="output"/> has room for <see cref="Bytes"/> each.</summary>
    public void Pack(ReadOnlySpan<uint> pixels, Span<byte> output)
    {
        output = output[..(pixels.Length * Bytes)];
        switch (Bytes)
        {
            case 4 when isCopy:
                MemoryMarshal.AsBytes(pixels).CopyTo(output);
                break;
            case 4:
                for (int i = 0; i < pixels.Length; i++)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(output[(i * 4)..], Pack(pixels[i]));
                }

                break;
            case 3:
                for (int i = 0, at = 0; i < pixels.Length; i++, at += 3)
                {
                    uint value = Pack(pixels[i]);
                    output[at + 2] = (byte)(value >> 16);
                    output[at + 1] = (byte)(value >> 8);
                    output[at] = (byte)value;
                }

                break;
            case 2:
                for (int i = 0; i < pixels.Length; i++)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(output[(i * 2)..], (ushort)Pack(pixels[i]));
                }

                break;
            default:
                for (int i = 0; i < pixels.Length; i++)
                {
                    output[i] = (byte)Pack(pixels[i]);
                }

                break;
        }
    }

    private static uint Place(PixelFormat format, bool compact, uint value, int max, int shift)
    {
        uint placed = (((value * (uint)max) + 127) / 255) << shift;
        if (compact && !format.FitsLow)
        {
            placed >>= 8;
        }

        if (!format.BigEndian)
        {
            return placed;
        }

        uint turned = BinaryPrimitives.ReverseEndianness(placed);
        return compact ? turned >> 8 : turned >> (32 - format.BitsPerPixel);
    }
}
