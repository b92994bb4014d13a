using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Alongside.Core.Codec.Kernels;

/// <summary>Where pixels differ, counted column by column.</summary>
internal static class ActivityKernel
{
    private const uint Colour = 0x00FF_FFFF;

    /// <summary>Adds 1 to each column in which two rows differ, X ignored; returns how many those are. All three have one length.</summary>
    public static int Count(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, Span<uint> columns)
    {
        int length = a.Length, at = 0;
        ref uint left = ref MemoryMarshal.GetReference(a), right = ref MemoryMarshal.GetReference(b[..length]);
        ref uint counts = ref MemoryMarshal.GetReference(columns[..length]);
        var mask = Vector256.Create(Colour);
        var one = Vector256.Create(1u);
        var sum = Vector256<uint>.Zero;
        for (; at <= length - 8; at += 8)
        {
            var difference = (Vector256.LoadUnsafe(ref left, (nuint)at) ^ Vector256.LoadUnsafe(ref right, (nuint)at)) & mask;
            var differs = Vector256.AndNot(one, Vector256.Equals(difference, Vector256<uint>.Zero));
            (Vector256.LoadUnsafe(ref counts, (nuint)at) + differs).StoreUnsafe(ref counts, (nuint)at);
            sum += differs;
        }

        return (int)Vector256.Sum(sum) + CountScalar(a[at..], b[at..length], columns[at..length]);
    }

    public static int CountScalar(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, Span<uint> columns)
    {
        int count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (((a[i] ^ b[i]) & Colour) != 0)
            {
                columns[i]++;
                count++;
            }
        }

        return count;
    }
}
