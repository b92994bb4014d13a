using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Alongside.Core.Codec.Kernels;

/// <summary>How many pixels of two runs differ, X ignored.</summary>
internal static class CountKernel
{
    private const uint Colour = 0x00FF_FFFF;

    /// <summary>Both runs have one length.</summary>
    public static int Differing(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        ref uint left = ref MemoryMarshal.GetReference(a), right = ref MemoryMarshal.GetReference(b);
        var mask = Vector256.Create(Colour);
        var equal = Vector256<uint>.Zero;
        int length = Math.Min(a.Length, b.Length), at = 0;
        for (; at <= length - 8; at += 8)
        {
            var difference = (Vector256.LoadUnsafe(ref left, (nuint)at) ^ Vector256.LoadUnsafe(ref right, (nuint)at)) & mask;

            // Equal lanes are -1.
            equal -= Vector256.Equals(difference, Vector256<uint>.Zero);
        }

        return at - (int)Vector256.Sum(equal) + DifferingScalar(a[at..length], b[at..length]);
    }

    internal static int DifferingScalar(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        int count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            count += ((a[i] ^ b[i]) & Colour) != 0 ? 1 : 0;
        }

        return count;
    }
}
