using System.Runtime.Intrinsics;

namespace Alongside.Vnc.Pixels;

/// <summary>Pixels of three bytes to BGRX: ZRLE's CPIXEL comes blue first, Tight's TPIXEL red first. The X byte becomes 0xff.</summary>
internal static class TripletKernel
{
    private const uint Opaque = 0xff000000;
    private static readonly Vector128<byte> BlueFirst = Vector128.Create((byte)0, 1, 2, 0x80, 3, 4, 5, 0x80, 6, 7, 8, 0x80, 9, 10, 11, 0x80);
    private static readonly Vector128<byte> RedFirst = Vector128.Create((byte)2, 1, 0, 0x80, 5, 4, 3, 0x80, 8, 7, 6, 0x80, 11, 10, 9, 0x80);

    /// <param name="triplets">Blue, green, red; three bytes for each of <paramref name="pixels"/>.</param>
    /// <param name="pixels">Where they go.</param>
    public static void FromBlueFirst(ReadOnlySpan<byte> triplets, Span<uint> pixels)
    {
        int done = Widen(triplets, pixels, BlueFirst);
        FromBlueFirstScalar(triplets[(done * 3)..], pixels[done..]);
    }

    /// <param name="triplets">Red, green, blue; three bytes for each of <paramref name="pixels"/>.</param>
    /// <param name="pixels">Where they go.</param>
    public static void FromRedFirst(ReadOnlySpan<byte> triplets, Span<uint> pixels)
    {
        int done = Widen(triplets, pixels, RedFirst);
        FromRedFirstScalar(triplets[(done * 3)..], pixels[done..]);
    }

    internal static void FromBlueFirstScalar(ReadOnlySpan<byte> triplets, Span<uint> pixels)
    {
        for (int i = 0, at = 0; i < pixels.Length; i++, at += 3)
        {
            pixels[i] = Opaque | ((uint)triplets[at + 2] << 16) | ((uint)triplets[at + 1] << 8) | triplets[at];
        }
    }

    internal static void FromRedFirstScalar(ReadOnlySpan<byte> triplets, Span<uint> pixels)
    {
        for (int i = 0, at = 0; i < pixels.Length; i++, at += 3)
        {
            pixels[i] = Opaque | ((uint)triplets[at] << 16) | ((uint)triplets[at + 1] << 8) | triplets[at + 2];
        }
    }

    /// <summary>Four pixels at a time, as long as sixteen bytes can be read for their twelve. How many were done.</summary>
    private static int Widen(ReadOnlySpan<byte> triplets, Span<uint> pixels, Vector128<byte> order)
    {
        if (!Vector128.IsHardwareAccelerated)
        {
            return 0;
        }

        int i = 0;
        var opaque = Vector128.Create(Opaque);
        for (int at = 0; at + 16 <= triplets.Length && i + 4 <= pixels.Length; at += 12, i += 4)
        {
            var four = Vector128.Shuffle(Vector128.Create(triplets.Slice(at, 16)), order).AsUInt32() | opaque;
            four.CopyTo(pixels.Slice(i, 4));
        }

        return i;
    }
}
