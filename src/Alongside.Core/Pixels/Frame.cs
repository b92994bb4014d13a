using System.Runtime.InteropServices;

namespace Alongside.Core.Pixels;

/// <summary>
/// A picture of BGRX pixels, 4 bytes each, rows without gaps; X is ignored. Owns its memory, which is pinned so that a
/// capture may write into it. Not thread-safe: one owner at a time.
/// </summary>
public sealed class Frame
{
    /// <summary>The largest side a picture may have, in pixels.</summary>
    public const int MaxSide = 16384;

    /// <summary>The largest number of pixels a picture may have: 8K by 4K.</summary>
    public const int MaxPixels = 8192 * 4320;

    private readonly uint[] pixels;

    /// <exception cref="ArgumentOutOfRangeException">A side is not 1..16384, or the picture has too many pixels.</exception>
    public Frame(int width, int height)
    {
        if (!IsValidSize(width, height))
        {
            throw new ArgumentOutOfRangeException(nameof(width), $"A picture of {width} x {height} pixels is out of range.");
        }

        Width = width;
        Height = height;
        pixels = GC.AllocateArray<uint>(width * height, pinned: true);
    }

    public int Width { get; }

    public int Height { get; }

    public PixelRect Bounds => new(0, 0, Width, Height);

    public Span<uint> Pixels => pixels;

    public Span<byte> Bytes => MemoryMarshal.AsBytes(pixels.AsSpan());

    public static bool IsValidSize(int width, int height) =>
        width is > 0 and <= MaxSide && height is > 0 and <= MaxSide && (long)width * height <= MaxPixels;

    public Span<uint> Row(int y) => pixels.AsSpan(y * Width, Width);

    public Span<uint> Row(int y, int x, int width) => pixels.AsSpan((y * Width) + x, width);
}
