using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Alongside.Core.Codec.Kernels;

/// <summary>
/// BGRX pixels to and from luma and chroma at half the resolution each way: BT.709, 8 bits, luma 16..235, chroma 16..240, a chroma sample the mean
/// of the four pixels around it. Whole numbers only, so that every machine computes the same.
/// </summary>
internal static class YuvKernel
{
    // Parts of 65,536. R, G and B of luma are 219/255 of 0.2126, 0.7152, 0.0722; those of chroma 224/255 of (B - Y) / 1.8556 and (R - Y) / 1.5748.
    private const int YRed = 11966, YGreen = 40254, YBlue = 4064;
    private const int UBlue = 28784, URed = -6596, UGreen = -22188;
    private const int VRed = 28784, VGreen = -26145, VBlue = -2639;
    private const int YBias = (16 << 16) + 32768, ChromaBias = (128 << 18) + (1 << 17);

    // The way back: 255/219 and the inverse of the above.
    private const int Luma = 76309, RedV = 117489, GreenU = -13975, GreenV = -34925, BlueU = 138438;
    private const int Half = 32768;

    /// <summary>Two rows of an even number of pixels: their luma, and the chroma that they share, half as long.</summary>
    public static void ToYuv(
        ReadOnlySpan<uint> upper, ReadOnlySpan<uint> lower, Span<byte> upperY, Span<byte> lowerY, Span<byte> u, Span<byte> v)
    {
        int count = upper.Length, at = 0;
        ref uint first = ref MemoryMarshal.GetReference(upper), second = ref MemoryMarshal.GetReference(lower[..count]);
        ref byte firstY = ref MemoryMarshal.GetReference(upperY[..count]), secondY = ref MemoryMarshal.GetReference(lowerY[..count]);
        ref byte toU = ref MemoryMarshal.GetReference(u[..(count / 2)]), toV = ref MemoryMarshal.GetReference(v[..(count / 2)]);
        for (; at <= count - 16; at += 16)
        {
            var a = Vector256.LoadUnsafe(ref first, (nuint)at);
            var b = Vector256.LoadUnsafe(ref first, (nuint)at + 8);
            var c = Vector256.LoadUnsafe(ref second, (nuint)at);
            var d = Vector256.LoadUnsafe(ref second, (nuint)at + 8);
            Narrow(LumaOf(a), LumaOf(b)).StoreUnsafe(ref firstY, (nuint)at);
            Narrow(LumaOf(c), LumaOf(d)).StoreUnsafe(ref secondY, (nuint)at);
            var (redBlue, green) = Sums(a, c);
            var (redBlue2, green2) = Sums(b, d);
            NarrowHalf(Chroma(redBlue, green, URed, UGreen, UBlue), Chroma(redBlue2, green2, URed, UGreen, UBlue)).StoreUnsafe(ref toU, (nuint)at / 2);
            NarrowHalf(Chroma(redBlue, green, VRed, VGreen, VBlue), Chroma(redBlue2, green2, VRed, VGreen, VBlue)).StoreUnsafe(ref toV, (nuint)at / 2);
        }

        ToYuvScalar(upper[at..], lower[at..], upperY[at..], lowerY[at..], u[(at / 2)..], v[(at / 2)..]);
    }

    public static void ToYuvScalar(
        ReadOnlySpan<uint> upper, ReadOnlySpan<uint> lower, Span<byte> upperY, Span<byte> lowerY, Span<byte> u, Span<byte> v)
    {
        for (int i = 0; i < upper.Length; i += 2)
        {
            int red = 0, green = 0, blue = 0;
            for (int k = i; k < i + 2; k++)
            {
                upperY[k] = LumaOf(upper[k]);
                lowerY[k] = LumaOf(lower[k]);
                red += Red(upper[k]) + Red(lower[k]);
                green += Green(upper[k]) + Green(lower[k]);
                blue += Blue(upper[k]) + Blue(lower[k]);
            }

            u[i / 2] = (byte)(((red * URed) + (green * UGreen) + (blue * UBlue) + ChromaBias) >> 18);
            v[i / 2] = (byte)(((red * VRed) + (green * VGreen) + (blue * VBlue) + ChromaBias) >> 18);
        }
    }

    /// <summary>A row of pixels, X 0; two neighbours share a chroma sample. <paramref name="pixels"/> may have an odd length.</summary>
    public static void FromYuv(ReadOnlySpan<byte> y, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<uint> pixels)
    {
        int count = pixels.Length, at = 0;
        ref byte luma = ref MemoryMarshal.GetReference(y[..count]);
        ref byte blueness = ref MemoryMarshal.GetReference(u[..((count + 1) / 2)]), redness = ref MemoryMarshal.GetReference(v[..((count + 1) / 2)]);
        ref uint to = ref MemoryMarshal.GetReference(pixels);
        for (; at <= count - 16; at += 16)
        {
            var (l0, l1) = Widen(Vector128.LoadUnsafe(ref luma, (nuint)at));
            var (u0, u1) = Twice(Vector64.LoadUnsafe(ref blueness, (nuint)at / 2));
            var (v0, v1) = Twice(Vector64.LoadUnsafe(ref redness, (nuint)at / 2));
            Pixels(l0, u0, v0).StoreUnsafe(ref to, (nuint)at);
            Pixels(l1, u1, v1).StoreUnsafe(ref to, (nuint)at + 8);
        }

        FromYuvScalar(y[at..], u[(at / 2)..], v[(at / 2)..], pixels[at..]);
    }

    public static void FromYuvScalar(ReadOnlySpan<byte> y, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<uint> pixels)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            int l = ((y[i] - 16) * Luma) + Half, cb = u[i / 2] - 128, cr = v[i / 2] - 128;
            uint red = Clamp((l + (cr * RedV)) >> 16), green = Clamp((l + (cb * GreenU) + (cr * GreenV)) >> 16), blue = Clamp((l + (cb * BlueU)) >> 16);
            pixels[i] = (red << 16) | (green << 8) | blue;
        }
    }

    private static Vector256<uint> Pixels(Vector256<int> y, Vector256<int> u, Vector256<int> v)
    {
        var l = ((y - Vector256.Create(16)) * Luma) + Vector256.Create(Half);
        var cb = u - Vector256.Create(128);
        var cr = v - Vector256.Create(128);
        var red = Clamp((l + (cr * RedV)) >> 16);
        var green = Clamp((l + (cb * GreenU) + (cr * GreenV)) >> 16);
        var blue = Clamp((l + (cb * BlueU)) >> 16);
        return ((red << 16) | (green << 8) | blue).AsUInt32();
    }

    private static Vector256<int> LumaOf(Vector256<uint> pixels)
    {
        var low = Vector256.Create(0xFFu);
        var red = ((pixels >>> 16) & low).AsInt32();
        var green = ((pixels >>> 8) & low).AsInt32();
        var blue = (pixels & low).AsInt32();
        return ((red * YRed) + (green * YGreen) + (blue * YBlue) + Vector256.Create(YBias)) >> 16;
    }

    // Of each square of four pixels, in the lower half of a 64-bit lane: the sums of red and blue (16 bits each), and of green.
    private static (Vector256<int> RedBlue, Vector256<int> Green) Sums(Vector256<uint> upper, Vector256<uint> lower)
    {
        var two = Vector256.Create(0x00FF_00FFu);
        var redBlue = ((upper & two) + (lower & two)).AsUInt64();
        var green = (((upper >>> 8) & Vector256.Create(0xFFu)) + ((lower >>> 8) & Vector256.Create(0xFFu))).AsUInt64();
        return ((redBlue + (redBlue >>> 32)).AsInt32(), (green + (green >>> 32)).AsInt32());
    }

    private static Vector256<int> Chroma(Vector256<int> redBlue, Vector256<int> green, int ofRed, int ofGreen, int ofBlue)
    {
        var red = redBlue >>> 16;
        var blue = redBlue & Vector256.Create(0xFFFF);
        return ((red * ofRed) + (green * ofGreen) + (blue * ofBlue) + Vector256.Create(ChromaBias)) >> 18;
    }

    private static Vector128<byte> Narrow(Vector256<int> first, Vector256<int> second)
    {
        var words = Vector256.Narrow(first, second);
        return Vector128.Narrow(words.GetLower().AsUInt16(), words.GetUpper().AsUInt16());
    }

    // Only the lower half of each 64-bit lane counts.
    private static Vector64<byte> NarrowHalf(Vector256<int> first, Vector256<int> second)
    {
        var low = Vector256.Create(0xFFul);
        var words = Vector256.Narrow(first.AsUInt64() & low, second.AsUInt64() & low);
        var halves = Vector128.Narrow(words.GetLower(), words.GetUpper());
        return Vector128.Narrow(halves, halves).GetLower();
    }

    private static (Vector256<int> First, Vector256<int> Second) Widen(Vector128<byte> bytes)
    {
        var (low, high) = Vector128.Widen(bytes);
        return (Vector256.WidenLower(low.ToVector256()).AsInt32(), Vector256.WidenLower(high.ToVector256()).AsInt32());
    }

    // Each of eight bytes for two pixels.
    private static (Vector256<int> First, Vector256<int> Second) Twice(Vector64<byte> bytes)
    {
        var words = Vector128.WidenLower(bytes.ToVector128()).AsUInt16();
        return Widen((words | (words << 8)).AsByte());
    }

    private static Vector256<int> Clamp(Vector256<int> value) => Vector256.Min(Vector256.Max(value, Vector256<int>.Zero), Vector256.Create(255));

    private static uint Clamp(int value) => (uint)Math.Clamp(value, 0, 255);

    public static byte LumaOf(uint pixel) => (byte)(((Red(pixel) * YRed) + (Green(pixel) * YGreen) + (Blue(pixel) * YBlue) + YBias) >> 16);

    private static int Red(uint pixel) => (int)(pixel >> 16) & 0xFF;

    private static int Green(uint pixel) => (int)(pixel >> 8) & 0xFF;

    private static int Blue(uint pixel) => (int)pixel & 0xFF;
}
