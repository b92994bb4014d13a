using Alongside.Core.Codec.Kernels;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Pictures;

/// <summary>Guesses what a rectangle of many colours would cost if it were sent exactly, before it is.</summary>
internal sealed class ExactCost
{
    // One pixel in so many is counted.
    private const int Sampling = 4;

    private const int Overhead = 16;

    private readonly uint[] pixels = new uint[FrameDifference.CellWidth * FrameDifference.CellHeight];
    private readonly byte[] residuals = new byte[FrameDifference.CellWidth * FrameDifference.CellHeight * 3];
    private readonly int[] counts = new int[256];

    /// <summary>What it can cost at most, in bytes.</summary>
    public static long Most(PixelRect area) => (area.Area * 3) + Overhead;

    /// <summary>In bytes. The rectangle is at most a cell large.</summary>
    public int Estimate(Frame source, PixelRect area)
    {
        var copy = pixels.AsSpan(0, area.Width * area.Height);
        for (int y = 0; y < area.Height; y++)
        {
            ColourKernel.CopyMasked(source.Row(area.Y + y, area.X, area.Width), copy.Slice(y * area.Width, area.Width));
        }

        if (NoiseEstimate.IsNoise(new(area, copy)))
        {
            return copy.Length * 3;
        }

        // Prediction leaves residuals whose entropy, value by value, is what Huffman coding makes of them, nearly.
        var left = residuals.AsSpan(0, copy.Length * 3);
        PredictKernel.Encode(copy, area.Width, left);
        Array.Clear(counts);
        int samples = 0;
        for (int i = 0; i + 3 <= left.Length; i += 3 * Sampling)
        {
            counts[left[i]]++;
            counts[left[i + 1]]++;
            counts[left[i + 2]]++;
            samples += 3;
        }

        double bits = samples * Math.Log2(samples);
        foreach (int count in counts)
        {
            bits -= count == 0 ? 0 : count * Math.Log2(count);
        }

        return (int)(bits / samples * left.Length / 8) + Overhead;
    }
}
