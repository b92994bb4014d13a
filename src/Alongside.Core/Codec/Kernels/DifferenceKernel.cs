using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Alongside.Core.Codec.Kernels;

/// <summary>Where two runs of BGRX pixels differ, X ignored.</summary>
internal static class DifferenceKernel
{
    private const uint Colour = 0x00FF_FFFF;

    /// <summary>The index of the first pixel that differs; the length when none does. Both runs have one length.</summary>
    public static int First(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        ref uint left = ref MemoryMarshal.GetReference(a), right = ref MemoryMarshal.GetReference(b);
        var mask = Vector256.Create(Colour);
        int length = Math.Min(a.Length, b.Length), at = 0;
        for (; at <= length - 32; at += 32)
        {
            var d0 = Vector256.LoadUnsafe(ref left, (nuint)at) ^ Vector256.LoadUnsafe(ref right, (nuint)at);
            var d1 = Vector256.LoadUnsafe(ref left, (nuint)at + 8) ^ Vector256.LoadUnsafe(ref right, (nuint)at + 8);
            var d2 = Vector256.LoadUnsafe(ref left, (nuint)at + 16) ^ Vector256.LoadUnsafe(ref right, (nuint)at + 16);
            var d3 = Vector256.LoadUnsafe(ref left, (nuint)at + 24) ^ Vector256.LoadUnsafe(ref right, (nuint)at + 24);
            if (((d0 | d1 | d2 | d3) & mask) != Vector256<uint>.Zero)
            {
                break;
            }
        }

        for (; at <= length - 8; at += 8)
        {
            var equal = Vector256.Equals((Vector256.LoadUnsafe(ref left, (nuint)at) ^ Vector256.LoadUnsafe(ref right, (nuint)at)) & mask, Vector256<uint>.Zero);
            uint differs = ~equal.ExtractMostSignificantBits() & 0xFF;
            if (differs != 0)
            {
                return at + int.TrailingZeroCount((int)differs);
            }
        }

        return at + FirstScalar(a[at..length], b[at..length]);
    }

    /// <summary>The index of the last pixel that differs; -1 when none does.</summary>
    public static int Last(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        ref uint left = ref MemoryMarshal.GetReference(a), right = ref MemoryMarshal.GetReference(b);
        var mask = Vector256.Create(Colour);
        int end = Math.Min(a.Length, b.Length);
        for (; end >= 8; end -= 8)
        {
            nuint at = (nuint)(end - 8);
            var equal = Vector256.Equals((Vector256.LoadUnsafe(ref left, at) ^ Vector256.LoadUnsafe(ref right, at)) & mask, Vector256<uint>.Zero);
            uint differs = ~equal.ExtractMostSignificantBits() & 0xFF;
            if (differs != 0)
            {
                return (int)at + 31 - int.LeadingZeroCount((int)differs);
            }
        }

        return LastScalar(a[..end], b[..end]);
    }

    internal static int FirstScalar(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        int at = 0;
        while (at < a.Length && ((a[at] ^ b[at]) & Colour) == 0)
        {
            at++;
        }

        return at;
    }

    internal static int LastScalar(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        int at = a.Length - 1;
        while (at >= 0 && ((a[at] ^ b[at]) & Colour) == 0)
        {
            at--;
        }

        return at;
    }
}
