using System.Numerics;
using System.Runtime.InteropServices;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Screens;

/// <summary>Compares pictures of BGRX pixels; X is ignored.</summary>
internal static class Pictures
{
    private const uint Rgb = 0xff_ffff;

    public static bool AreSame(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        var mask = new Vector<uint>(Rgb);
        var first = MemoryMarshal.Cast<uint, Vector<uint>>(a);
        var second = MemoryMarshal.Cast<uint, Vector<uint>>(b);
        for (int i = 0; i < first.Length; i++)
        {
            if (((first[i] ^ second[i]) & mask) != Vector<uint>.Zero)
            {
                return false;
            }
        }

        for (int i = first.Length * Vector<uint>.Count; i < a.Length; i++)
        {
            if (((a[i] ^ b[i]) & Rgb) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same outside <paramref name="hole"/>, which lies within pictures <paramref name="width"/> wide.</summary>
    public static bool AreSame(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, int width, PixelRect hole)
    {
        int before = hole.Y * width, after = hole.Bottom * width;
        if (!AreSame(a[..before], b[..before]) || !AreSame(a[after..], b[after..]))
        {
            return false;
        }

        for (int row = before; row < after; row += width)
        {
            if (!AreSame(a.Slice(row, hole.X), b.Slice(row, hole.X)) || !AreSame(a[(row + hole.Right)..(row + width)], b[(row + hole.Right)..(row + width)]))
            {
                return false;
            }
        }

        return true;
    }

    public static int Differing(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        int count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            count += ((a[i] ^ b[i]) & Rgb) != 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Peak signal to noise over red, green and blue, dB; 99 when they are the same.</summary>
    public static double Psnr(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        long sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            for (int shift = 0; shift <= 16; shift += 8)
            {
                int difference = (int)((a[i] >> shift) & 255) - (int)((b[i] >> shift) & 255);
                sum += difference * difference;
            }
        }

        return sum == 0 ? 99 : Math.Min(99, Decibels(sum / (3.0 * a.Length)));
    }

    /// <summary>Peak signal to noise of a mean squared error above 0.</summary>
    public static double Decibels(double meanSquaredError) => 10 * Math.Log10(255.0 * 255 / meanSquaredError);

    /// <summary>How many pixels of <paramref name="a"/> are not as before, and the squared error of <paramref name="b"/> there, over red, green and blue.</summary>
    public static (long Pixels, double Error) ErrorWhereChanged(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, ReadOnlySpan<uint> before)
    {
        long pixels = 0, error = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (((a[i] ^ before[i]) & Rgb) == 0)
            {
                continue;
            }

            pixels++;
            for (int shift = 0; shift <= 16; shift += 8)
            {
                int difference = (int)((a[i] >> shift) & 255) - (int)((b[i] >> shift) & 255);
                error += difference * difference;
            }
        }

        return (pixels, error);
    }
}
