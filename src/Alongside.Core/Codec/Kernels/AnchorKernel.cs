using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Alongside.Core.Codec.Kernels;

/// <summary>
/// Picks anchors in a row of pixels: runs of <see cref="Length"/> that begin at a change of colour and whose hash is small. What is picked depends
/// on the pixels of the run alone, so the same content is picked wherever it stands. X is ignored.
/// </summary>
internal static class AnchorKernel
{
    /// <summary>Pixels of a run.</summary>
    public const int Length = 16;

    private const uint Colour = 0x00FF_FFFF;

    // Odd numbers without a pattern: one for each doubling of the run.
    private const uint Two = 0x9E37_79B1, Four = 0x85EB_CA77, Eight = 0xC2B2_AE3D, Sixteen = 0x27D4_EB2F;

    /// <summary>Writes where anchors begin and their hashes, and returns how many there are.</summary>
    /// <param name="shift">An anchor's hash is below 2^shift; 1 to 31.</param>
    /// <param name="hashes">As long as the row; holds the hash of the run at each place that is picked afterwards.</param>
    /// <param name="places">As long as the row.</param>
    public static int Pick(ReadOnlySpan<uint> row, int shift, Span<uint> hashes, Span<ushort> places)
    {
        if (row.Length < Length)
        {
            return 0;
        }

        // No anchor begins where the first colour goes on: margins, and rows of one colour, cost a look.
        int start = ColourKernel.CountRun(row, row[0]) - 1;
        if (row.Length - start < Length)
        {
            return 0;
        }

        int count = PickFrom(row[start..], shift, hashes[start..], places);
        if (start > 0)
        {
            foreach (ref ushort place in places[..count])
            {
                place += (ushort)start;
            }
        }

        return count;
    }

    private static int PickFrom(ReadOnlySpan<uint> row, int shift, Span<uint> hashes, Span<ushort> places)
    {
        int runs = row.Length - Length + 1;
        Hash(row, hashes);
        ref uint from = ref MemoryMarshal.GetReference(row), hash = ref MemoryMarshal.GetReference(hashes);
        var mask = Vector256.Create(Colour);
        int count = 0, at = 0;
        for (; at <= runs - 8; at += 8)
        {
            var small = Vector256.Equals(Vector256.ShiftRightLogical(Vector256.LoadUnsafe(ref hash, (nuint)at), shift), Vector256<uint>.Zero);
            var same = (Vector256.LoadUnsafe(ref from, (nuint)at) ^ Vector256.LoadUnsafe(ref from, (nuint)at + 1)) & mask;
            uint picked = Vector256.AndNot(small, Vector256.Equals(same, Vector256<uint>.Zero)).ExtractMostSignificantBits();
            for (; picked != 0; picked &= picked - 1)
            {
                places[count++] = (ushort)(at + int.TrailingZeroCount((int)picked));
            }
        }

        return PickScalar(row, shift, hashes, places, at, count);
    }

    internal static int PickScalar(ReadOnlySpan<uint> row, int shift, ReadOnlySpan<uint> hashes, Span<ushort> places, int at, int count)
    {
        for (; at <= row.Length - Length; at++)
        {
            if (hashes[at] >> shift == 0 && ((row[at] ^ row[at + 1]) & Colour) != 0)
            {
                places[count++] = (ushort)at;
            }
        }

        return count;
    }

    // The hash of a run is that of its first half times a number plus that of its second: four doublings make sixteen pixels.
    internal static void Hash(ReadOnlySpan<uint> row, Span<uint> hashes)
    {
        ColourKernel.CopyMasked(row, hashes);
        Double(hashes[..row.Length], 1, Two);
        Double(hashes[..(row.Length - 1)], 2, Four);
        Double(hashes[..(row.Length - 3)], 4, Eight);
        Double(hashes[..(row.Length - 7)], 8, Sixteen);
    }

    internal static uint HashScalar(ReadOnlySpan<uint> run) => Half(run, Sixteen, 8);

    private static uint Half(ReadOnlySpan<uint> run, uint factor, int half)
    {
        uint next = half switch { 8 => Eight, 4 => Four, _ => Two };
        return half == 1 ? ((run[0] & Colour) * factor) + (run[1] & Colour) : (Half(run[..half], next, half / 2) * factor) + Half(run[half..], next, half / 2);
    }

    private static void Double(Span<uint> hashes, int step, uint factor)
    {
        ref uint at = ref MemoryMarshal.GetReference(hashes);
        int i = 0, end = hashes.Length - step;
        var times = Vector256.Create(factor);
        for (; i <= end - 8; i += 8)
        {
            ((Vector256.LoadUnsafe(ref at, (nuint)i) * times) + Vector256.LoadUnsafe(ref at, (nuint)(i + step))).StoreUnsafe(ref at, (nuint)i);
        }

        for (; i < end; i++)
        {
            hashes[i] = (hashes[i] * factor) + hashes[i + step];
        }
    }
}
