using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Alongside.Core.Codec.Kernels;

/// <summary>
/// What a copy would gain along a row: pixels that it makes right less those that it makes wrong. A pixel that differs from its left
/// neighbour costs bits when it has to be painted; one that doesn't costs nearly nothing. X is ignored.
/// </summary>
internal static class GainKernel
{
    /// <summary>Of a pixel that differs from the one to its left.</summary>
    public const int Edge = 16;

    /// <summary>Of any other pixel that becomes right.</summary>
    public const int Flat = 1;

    /// <summary>Of any other pixel that becomes wrong: mending it needs an operation of its own.</summary>
    public const int FlatLoss = 4;

    private const uint Colour = 0x00FF_FFFF;

    /// <summary>The gain along a row.</summary>
    /// <param name="source">The pixels as they are to be.</param>
    /// <param name="still">The pixels as they are without the copy.</param>
    /// <param name="moved">The pixels that the copy would bring.</param>
    /// <param name="before">The pixel to the left of the first of the source.</param>
    public static int Sum(ReadOnlySpan<uint> source, ReadOnlySpan<uint> still, ReadOnlySpan<uint> moved, uint before)
    {
        int at = 0, edges = 0, right = 0, wrong = 0;
        ref uint s = ref MemoryMarshal.GetReference(source), o = ref MemoryMarshal.GetReference(still[..source.Length]);
        ref uint m = ref MemoryMarshal.GetReference(moved[..source.Length]);
        var mask = Vector256.Create(Colour);
        for (; at <= source.Length - 8; at += 8)
        {
            var now = Vector256.LoadUnsafe(ref s, (nuint)at);
            uint isStill = Equal(now, Vector256.LoadUnsafe(ref o, (nuint)at), mask);
            uint isMoved = Equal(now, Vector256.LoadUnsafe(ref m, (nuint)at), mask);
            if (isStill == isMoved)
            {
                continue;
            }

            uint isEdge = ~Equal(now, at == 0 ? Behind(now, before) : Vector256.LoadUnsafe(ref s, (nuint)(at - 1)), mask);
            uint gained = isMoved & ~isStill, lost = isStill & ~isMoved;
            edges += BitOperations.PopCount(gained & isEdge) - BitOperations.PopCount(lost & isEdge);
            right += BitOperations.PopCount(gained & ~isEdge);
            wrong += BitOperations.PopCount(lost & ~isEdge);
        }

        int gain = (edges * Edge) + (right * Flat) - (wrong * FlatLoss);
        return at == source.Length ? gain : gain + SumScalar(source[at..], still[at..], moved[at..], at == 0 ? before : source[at - 1]);
    }

    /// <summary>Adds the gain of each pixel of a row to that of its column.</summary>
    public static void AddColumns(ReadOnlySpan<uint> source, ReadOnlySpan<uint> still, ReadOnlySpan<uint> moved, uint before, Span<int> columns)
    {
        int at = 0;
        ref uint s = ref MemoryMarshal.GetReference(source), o = ref MemoryMarshal.GetReference(still[..source.Length]);
        ref uint m = ref MemoryMarshal.GetReference(moved[..source.Length]);
        ref int to = ref MemoryMarshal.GetReference(columns[..source.Length]);
        var mask = Vector256.Create(Colour);
        var edge = Vector256.Create(Edge);
        for (; at <= source.Length - 8; at += 8)
        {
            var now = Vector256.LoadUnsafe(ref s, (nuint)at);
            var isStill = Vector256.Equals((now ^ Vector256.LoadUnsafe(ref o, (nuint)at)) & mask, Vector256<uint>.Zero).AsInt32();
            var isMoved = Vector256.Equals((now ^ Vector256.LoadUnsafe(ref m, (nuint)at)) & mask, Vector256<uint>.Zero).AsInt32();
            var left = at == 0 ? Behind(now, before) : Vector256.LoadUnsafe(ref s, (nuint)(at - 1));
            var isFlat = Vector256.Equals((now ^ left) & mask, Vector256<uint>.Zero).AsInt32();
            var gained = Vector256.ConditionalSelect(isFlat, Vector256.Create(Flat), edge) & Vector256.AndNot(isMoved, isStill);
            var lost = Vector256.ConditionalSelect(isFlat, Vector256.Create(FlatLoss), edge) & Vector256.AndNot(isStill, isMoved);
            (Vector256.LoadUnsafe(ref to, (nuint)at) + gained - lost).StoreUnsafe(ref to, (nuint)at);
        }

        if (at < source.Length)
        {
            AddColumnsScalar(source[at..], still[at..], moved[at..], at == 0 ? before : source[at - 1], columns[at..]);
        }
    }

    internal static int SumScalar(ReadOnlySpan<uint> source, ReadOnlySpan<uint> still, ReadOnlySpan<uint> moved, uint before)
    {
        int gain = 0;
        for (int i = 0; i < source.Length; i++)
        {
            gain += Of(source[i], still[i], moved[i], before);
            before = source[i];
        }

        return gain;
    }

    internal static void AddColumnsScalar(ReadOnlySpan<uint> source, ReadOnlySpan<uint> still, ReadOnlySpan<uint> moved, uint before, Span<int> columns)
    {
        for (int i = 0; i < source.Length; i++)
        {
            columns[i] += Of(source[i], still[i], moved[i], before);
            before = source[i];
        }
    }

    private static int Of(uint source, uint still, uint moved, uint before)
    {
        bool isStill = ((source ^ still) & Colour) == 0, isMoved = ((source ^ moved) & Colour) == 0;
        if (isStill == isMoved)
        {
            return 0;
        }

        bool isEdge = ((source ^ before) & Colour) != 0;
        return isMoved ? (isEdge ? Edge : Flat) : -(isEdge ? Edge : FlatLoss);
    }

    // Each pixel's left neighbour.
    private static Vector256<uint> Behind(Vector256<uint> pixels, uint before) =>
        Vector256.Shuffle(pixels, Vector256.Create(0u, 0, 1, 2, 3, 4, 5, 6)).WithElement(0, before);

    private static uint Equal(Vector256<uint> a, Vector256<uint> b, Vector256<uint> mask) =>
        Vector256.Equals((a ^ b) & mask, Vector256<uint>.Zero).ExtractMostSignificantBits();
}
