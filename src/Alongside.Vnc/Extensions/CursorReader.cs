using System.Buffers.Binary;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Extensions;

/// <summary>
/// The pointer's picture as two pseudo-encodings bring it, in a rectangle whose place is the hot spot.
/// <code>
/// Cursor           u32 pixel * width * height | mask, a bit a pixel, first pixel highest, rows of whole bytes
/// CursorWithAlpha  s32 encoding (Raw) | (u8 red, green, blue, alpha; colours multiplied by alpha) * width * height
/// </code>
/// What is larger than a <see cref="CursorImage"/> can be is cut around the hot spot.
/// </summary>
internal static class CursorReader
{
    /// <summary>A pointer with a longer side is refused.</summary>
    private const int MaxSide = 1024;

    /// <summary>Bytes of the rectangle's data.</summary>
    /// <exception cref="ProtocolException">Nobody's pointer is that large.</exception>
    public static int Length(int width, int height, bool alpha)
    {
        if (width > MaxSide || height > MaxSide)
        {
            throw new ProtocolException($"The VNC server has a pointer of {width} x {height} pixels.");
        }

        return alpha ? 4 + (width * height * 4) : (width * height * 4) + ((width + 7) / 8 * height);
    }

    public static CursorImage Read(ReadOnlySpan<byte> data, int width, int height, int hotX, int hotY)
    {
        if (width == 0 || height == 0)
        {
            return CursorImage.Hidden;
        }

        var mask = data[(width * height * 4)..];
        int stride = (width + 7) / 8;
        return Make(data, width, height, hotX, hotY, mask, stride, static (pixel, isSet) =>
        {
            uint bgrx = BinaryPrimitives.ReadUInt32LittleEndian(pixel);
            return isSet ? 0xff000000 | ((bgrx & 0xff) << 16) | (bgrx & 0xff00) | ((bgrx >> 16) & 0xff) : 0;
        });
    }

    public static CursorImage ReadAlpha(ReadOnlySpan<byte> data, int width, int height, int hotX, int hotY)
    {
        if (BinaryPrimitives.ReadInt32BigEndian(data) != EncodingNumber.Raw)
        {
            throw new ProtocolException("The VNC server sends its pointer in an encoding that was not asked for.");
        }

        return width == 0 || height == 0
            ? CursorImage.Hidden
            : Make(data[4..], width, height, hotX, hotY, [], 0, static (pixel, _) => Straight(pixel[0], pixel[1], pixel[2], pixel[3]));
    }

    private static CursorImage Make(
        ReadOnlySpan<byte> pixels, int width, int height, int hotX, int hotY, ReadOnlySpan<byte> mask, int stride, Func<ReadOnlySpan<byte>, bool, uint> convert)
    {
        (hotX, hotY) = (Math.Min(hotX, width - 1), Math.Min(hotY, height - 1));
        int left = Cut(width, hotX), top = Cut(height, hotY);
        int w = Math.Min(width, CursorImage.MaxSide), h = Math.Min(height, CursorImage.MaxSide);
        byte[] rgba = new byte[w * h * 4];
        for (int y = 0; y < h; y++)
        {
            for (int x = 0; x < w; x++)
            {
                int fromX = left + x, fromY = top + y;
                bool isSet = stride > 0 && (mask[(fromY * stride) + (fromX >> 3)] & (128 >> (fromX & 7))) != 0;
                uint pixel = convert(pixels.Slice(((fromY * width) + fromX) * 4, 4), isSet);
                BinaryPrimitives.WriteUInt32LittleEndian(rgba.AsSpan(((y * w) + x) * 4), pixel);
            }
        }

        return new(w, h, hotX - left, hotY - top, rgba);
    }

    /// <summary>What is cut off before the hot spot's surroundings.</summary>
    private static int Cut(int side, int hot) => Math.Clamp(hot - (CursorImage.MaxSide / 2), 0, Math.Max(0, side - CursorImage.MaxSide));

    private static uint Straight(byte red, byte green, byte blue, byte alpha)
    {
        if (alpha == 0)
        {
            return 0;
        }

        return ((uint)alpha << 24) | (Part(blue, alpha) << 16) | (Part(green, alpha) << 8) | Part(red, alpha);
    }

    private static uint Part(byte value, byte alpha) => (uint)Math.Min(255, ((value * 255) + (alpha / 2)) / alpha);
}
