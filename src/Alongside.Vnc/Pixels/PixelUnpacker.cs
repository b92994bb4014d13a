using System.Runtime.InteropServices;

namespace Alongside.Vnc.Pixels;

/// <summary>Turns pixels of a format into BGRX, X being 0. Components are rounded to the nearest of eight bits.</summary>
/// <param name="map">The colours of a format without true colour; read as it is when a pixel is unpacked.</param>
internal sealed class PixelUnpacker(PixelFormat format, PixelLayout layout = PixelLayout.Whole, ColourMap? map = null)
{
    private readonly bool tight = layout == PixelLayout.Tight && format.HasTight;
    private readonly int highShift = layout == PixelLayout.Compact && format.HasCompact && !format.FitsLow ? 8 : 0;
    private readonly ColourMap colours = map ?? ColourMap.Fixed;
    private readonly bool isCopy = !(layout == PixelLayout.Tight && format.HasTight) && !(layout == PixelLayout.Compact && format.HasCompact)
        && format is { IsExact: true, BigEndian: false, RedShift: 16, GreenShift: 8, BlueShift: 0 };

    /// <summary>Bytes of one pixel: 1 to 4.</summary>
    public int Bytes { get; } =
        (layout == PixelLayout.Tight && format.HasTight) || (layout == PixelLayout.Compact && format.HasCompact) ? 3 : format.BytesPerPixel;

    /// <summary>The first pixel of <paramref name="input"/>.</summary>
    public uint Unpack(ReadOnlySpan<byte> input)
    {
        if (tight)
        {
            return ((uint)input[0] << 16) | ((uint)input[1] << 8) | input[2];
        }

        uint value = 0;
        for (int i = 0; i < Bytes; i++)
        {
            value |= (uint)input[i] << (8 * (format.BigEndian ? Bytes - 1 - i : i));
        }

        if (!format.TrueColour)
        {
            return colours[(byte)value];
        }

        value <<= highShift;
        return (Component(value, format.RedMax, format.RedShift) << 16)
            | (Component(value, format.GreenMax, format.GreenShift) << 8)
            | Component(value, format.BlueMax, format.BlueShift);
    }

    /// <summary>Reads as many pixels as <paramref name="pixels"/> has room for.</summary>
    public void Unpack(ReadOnlySpan<byte> input, Span<uint> pixels)
    {
        input = input[..(pixels.Length * Bytes)];
        if (isCopy)
        {
            var from = MemoryMarshal.Cast<byte, uint>(input);
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = from[i] & 0xffffff;
            }

            return;
        }

        for (int i = 0, at = 0; i < pixels.Length; i++, at += Bytes)
        {
            pixels[i] = Unpack(input[at..]);
        }
    }

    private static uint Component(uint value, int max, int shift)
    {
        uint component = (value >> shift) & (uint)max;
        return max == 255 ? component : ((component * 255) + ((uint)max / 2)) / (uint)max;
    }
}
