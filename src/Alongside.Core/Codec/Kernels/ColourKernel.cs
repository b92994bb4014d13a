using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Alongside.Core.Codec.Kernels;

/// <summary>Questions about the colours of a run of pixels. X must be 0, except where it is said to be ignored.</summary>
internal static class ColourKernel
{
    private const uint Colour = 0x00FF_FFFF;

    /// <summary>Copies pixels with X made 0.</summary>
    public static void CopyMasked(ReadOnlySpan<uint> source, Span<uint> target)
    {
        ref uint from = ref MemoryMarshal.GetReference(source), to = ref MemoryMarshal.GetReference(target[..source.Length]);
        var mask = Vector256.Create(Colour);
        int at = 0;
        for (; at <= source.Length - 8; at += 8)
        {
            (Vector256.LoadUnsafe(ref from, (nuint)at) & mask).StoreUnsafe(ref to, (nuint)at);
        }

        CopyMaskedScalar(source[at..], target[at..]);
    }

    /// <summary>How many pixels from the first on have exactly this colour.</summary>
    public static int CountRun(ReadOnlySpan<uint> pixels, uint colour)
    {
        ref uint from = ref MemoryMarshal.GetReference(pixels);
        var wanted = Vector256.Create(colour);
        int at = 0;
        for (; at <= pixels.Length - 8; at += 8)
        {
            uint other = ~Vector256.Equals(Vector256.LoadUnsafe(ref from, (nuint)at), wanted).ExtractMostSignificantBits() & 0xFF;
            if (other != 0)
            {
                return at + int.TrailingZeroCount((int)other);
            }
        }

        return at + CountRunScalar(pixels[at..], colour);
    }

    /// <summary>
    /// One bit a pixel, set where it is <paramref name="one"/>, the first in the lowest bit; the last byte filled with 0. False when a
    /// pixel is neither <paramref name="one"/> nor <paramref name="zero"/>: <paramref name="bits"/> is then undefined.
    /// </summary>
    public static bool TryPackTwo(ReadOnlySpan<uint> pixels, uint zero, uint one, Span<byte> bits)
    {
        ref uint from = ref MemoryMarshal.GetReference(pixels);
        var zeros = Vector256.Create(zero);
        var ones = Vector256.Create(one);
        var known = Vector256<uint>.AllBitsSet;
        int at = 0;
        for (; at <= pixels.Length - 8; at += 8)
        {
            var eight = Vector256.LoadUnsafe(ref from, (nuint)at);
            var set = Vector256.Equals(eight, ones);
            known &= set | Vector256.Equals(eight, zeros);
            bits[at >> 3] = (byte)set.ExtractMostSignificantBits();
        }

        return known == Vector256<uint>.AllBitsSet && TryPackTwoScalar(pixels[at..], zero, one, bits[(at >> 3)..]);
    }

    /// <summary>Three bytes a pixel: red, green, blue.</summary>
    public static void ToRgb(ReadOnlySpan<uint> pixels, Span<byte> rgb)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            uint colour = pixels[i];
            rgb[(i * 3) + 2] = (byte)colour;
            rgb[(i * 3) + 1] = (byte)(colour >> 8);
            rgb[i * 3] = (byte)(colour >> 16);
        }
    }

    public static void FromRgb(ReadOnlySpan<byte> rgb, Span<uint> pixels)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = ((uint)rgb[i * 3] << 16) | ((uint)rgb[(i * 3) + 1] << 8) | rgb[(i * 3) + 2];
        }
    }

    internal static void CopyMaskedScalar(ReadOnlySpan<uint> source, Span<uint> target)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = source[i] & Colour;
        }
    }

    internal static int CountRunScalar(ReadOnlySpan<uint> pixels, uint colour)
    {
        int at = 0;
        while (at < pixels.Length && pixels[at] == colour)
        {
            at++;
        }

        return at;
    }

    internal static bool TryPackTwoScalar(ReadOnlySpan<uint> pixels, uint zero, uint one, Span<byte> bits)
    {
        bits[..((pixels.Length + 7) >> 3)].Clear();
        for (int i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] == one)
            {
                bits[i >> 3] |= (byte)(1 << (i & 7));
            }
            else if (pixels[i] != zero)
            {
                return false;
            }
        }

        return true;
    }
}
