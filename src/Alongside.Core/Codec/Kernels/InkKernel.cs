using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Alongside.Core.Codec.Kernels;

/// <summary>Where a run of pixels is not of the colour of the paper. X is ignored.</summary>
internal static class InkKernel
{
    private const uint Colour = 0x00FF_FFFF;

    /// <summary>Whether any pixel is not paper.</summary>
    public static bool HasInk(ReadOnlySpan<uint> row, uint paper)
    {
        ref uint from = ref MemoryMarshal.GetReference(row);
        var mask = Vector256.Create(Colour);
        var blank = Vector256.Create(paper & Colour);
        int at = 0;
        for (; at <= row.Length - 16; at += 16)
        {
            var difference = (Vector256.LoadUnsafe(ref from, (nuint)at) ^ blank) | (Vector256.LoadUnsafe(ref from, (nuint)at + 8) ^ blank);
            if ((difference & mask) != Vector256<uint>.Zero)
            {
                return true;
            }
        }

        return HasInkScalar(row[at..], paper);
    }

    /// <summary>Adds to each column's mark what its pixel differs in from the paper: a mark that stays 0 is blank.</summary>
    public static void Mark(ReadOnlySpan<uint> row, uint paper, Span<uint> marks)
    {
        ref uint from = ref MemoryMarshal.GetReference(row), to = ref MemoryMarshal.GetReference(marks[..row.Length]);
        var mask = Vector256.Create(Colour);
        var blank = Vector256.Create(paper & Colour);
        int at = 0;
        for (; at <= row.Length - 8; at += 8)
        {
            var difference = (Vector256.LoadUnsafe(ref from, (nuint)at) ^ blank) & mask;
            (difference | Vector256.LoadUnsafe(ref to, (nuint)at)).StoreUnsafe(ref to, (nuint)at);
        }

        MarkScalar(row[at..], paper, marks[at..]);
    }

    internal static bool HasInkScalar(ReadOnlySpan<uint> row, uint paper)
    {
        foreach (uint pixel in row)
        {
            if (((pixel ^ paper) & Colour) != 0)
            {
                return true;
            }
        }

        return false;
    }

    internal static void MarkScalar(ReadOnlySpan<uint> row, uint paper, Span<uint> marks)
    {
        for (int i = 0; i < row.Length; i++)
        {
            marks[i] |= (row[i] ^ paper) & Colour;
        }
    }
}
