using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Alongside.Core.Codec.Kernels;

/// <summary>
/// Gradient prediction (the median of left, above and left + above - corner: LOCO-I) of three planes in one: green, red - green + 128,
/// blue - green + 128, all mod 256. What is left over is written green, red, blue for each pixel. The first row is predicted from the left,
/// the first column from above, the first pixel from black.
/// </summary>
internal static class PredictKernel
{
    // A pixel in the predicted space, one byte a plane: blue - green + 128, green, red - green + 128, 0. This is black.
    private const uint Origin = 0x0080_0080;

    /// <summary>Writes 3 bytes a pixel. X of the pixels must be 0; rows are at most 256 wide.</summary>
    public static void Encode(ReadOnlySpan<uint> pixels, int width, Span<byte> residuals)
    {
        Span<uint> above = stackalloc uint[256], row = stackalloc uint[256], errors = stackalloc uint[256];
        for (int start = 0; start < pixels.Length; start += width)
        {
            Transform(pixels.Slice(start, width), row);
            errors[0] = Subtract(row[0], start == 0 ? Origin : above[0]);
            if (start == 0)
            {
                SubtractLeft(row[..width], errors);
            }
            else
            {
                SubtractPredicted(row[..width], above, errors);
            }

            Write(errors[..width], residuals.Slice(start * 3, width * 3));
            var swap = above;
            above = row;
            row = swap;
        }
    }

    internal static void EncodeScalar(ReadOnlySpan<uint> pixels, int width, Span<byte> residuals)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            uint left = i % width == 0 ? i == 0 ? Origin : TransformOne(pixels[i - width]) : TransformOne(pixels[i - 1]);
            uint above = i < width ? left : TransformOne(pixels[i - width]);
            uint corner = i < width || i % width == 0 ? left : TransformOne(pixels[i - width - 1]);
            WriteOne(Subtract(TransformOne(pixels[i]), PredictOne(left, above, corner)), residuals.Slice(i * 3, 3));
        }
    }

    /// <summary>
    /// Paints one row; <paramref name="residuals"/> has 3 bytes for each pixel. <paramref name="above"/> is the row before as painted, or empty.
    /// </summary>
    public static void DecodeRow(ReadOnlySpan<byte> residuals, ReadOnlySpan<uint> above, Span<uint> pixels)
    {
        uint left = Origin, corner = Origin;
        for (int i = 0; i < pixels.Length; i++)
        {
            uint up = above.IsEmpty ? left : TransformOne(above[i]);
            uint predicted = i == 0 ? up : above.IsEmpty ? left : PredictOne(left, up, corner);
            var error = residuals.Slice(i * 3, 3);
            int green = (byte)(error[0] + (predicted >> 8));
            int red = (byte)(error[1] + (predicted >> 16)), blue = (byte)(error[2] + predicted);
            left = ((uint)red << 16) | ((uint)green << 8) | (uint)blue;
            corner = up;
            pixels[i] = ((uint)(byte)(red + green - 128) << 16) | ((uint)green << 8) | (byte)(blue + green - 128);
        }
    }

    private static uint TransformOne(uint pixel)
    {
        uint green = (pixel >> 8) & 0xFF;
        return ((((pixel >> 16) - green + 128) & 0xFF) << 16) | (green << 8) | ((pixel - green + 128) & 0xFF);
    }

    private static uint Subtract(uint a, uint b) =>
        ((a - b) & 0xFF) | (((a & 0xFF00) - (b & 0xFF00)) & 0xFF00) | (((a & 0xFF_0000) - (b & 0xFF_0000)) & 0xFF_0000);

    private static uint PredictOne(uint left, uint above, uint corner) =>
        Median(left & 0xFF, above & 0xFF, corner & 0xFF)
        | (Median((left >> 8) & 0xFF, (above >> 8) & 0xFF, (corner >> 8) & 0xFF) << 8)
        | (Median((left >> 16) & 0xFF, (above >> 16) & 0xFF, (corner >> 16) & 0xFF) << 16);

    private static uint Median(uint left, uint above, uint corner)
    {
        uint least = Math.Min(left, above), most = Math.Max(left, above);
        return corner >= most ? least : corner <= least ? most : left + above - corner;
    }

    private static void Transform(ReadOnlySpan<uint> pixels, Span<uint> row)
    {
        ref uint from = ref MemoryMarshal.GetReference(pixels), to = ref MemoryMarshal.GetReference(row);
        var greens = Vector256.Create(0x0000_FF00u);
        var origin = Vector256.Create(Origin).AsByte();
        int at = 0;
        for (; at <= pixels.Length - 8; at += 8)
        {
            var eight = Vector256.LoadUnsafe(ref from, (nuint)at);
            var green = eight & greens;
            var around = (green << 8) | (green >>> 8);
            (eight.AsByte() - around.AsByte() + origin).AsUInt32().StoreUnsafe(ref to, (nuint)at);
        }

        for (; at < pixels.Length; at++)
        {
            row[at] = TransformOne(pixels[at]);
        }
    }

    private static void SubtractLeft(ReadOnlySpan<uint> row, Span<uint> errors)
    {
        for (int at = 1; at < row.Length; at++)
        {
            errors[at] = Subtract(row[at], row[at - 1]);
        }
    }

    private static void SubtractPredicted(ReadOnlySpan<uint> row, ReadOnlySpan<uint> above, Span<uint> errors)
    {
        ref uint now = ref MemoryMarshal.GetReference(row), up = ref MemoryMarshal.GetReference(above), to = ref MemoryMarshal.GetReference(errors);
        int at = 1;
        for (; at <= row.Length - 8; at += 8)
        {
            var left = Vector256.LoadUnsafe(ref now, (nuint)at - 1).AsByte();
            var top = Vector256.LoadUnsafe(ref up, (nuint)at).AsByte();
            var corner = Vector256.LoadUnsafe(ref up, (nuint)at - 1).AsByte();
            var least = Vector256.Min(left, top);
            var most = Vector256.Max(left, top);
            var high = Vector256.Equals(Vector256.Max(corner, most), corner);
            var low = Vector256.Equals(Vector256.Min(corner, least), corner);
            var predicted = Vector256.ConditionalSelect(high, least, Vector256.ConditionalSelect(low, most, left + top - corner));
            (Vector256.LoadUnsafe(ref now, (nuint)at).AsByte() - predicted).AsUInt32().StoreUnsafe(ref to, (nuint)at);
        }

        for (; at < row.Length; at++)
        {
            errors[at] = Subtract(row[at], PredictOne(row[at - 1], above[at], above[at - 1]));
        }
    }

    private static void Write(ReadOnlySpan<uint> errors, Span<byte> residuals)
    {
        ref uint from = ref MemoryMarshal.GetReference(errors);
        ref byte to = ref MemoryMarshal.GetReference(residuals);
        var order = Vector128.Create((byte)1, 2, 0, 5, 6, 4, 9, 10, 8, 13, 14, 12, 3, 3, 3, 3);
        int at = 0;

        // Each store is 16 bytes of which 12 count: the last pixels go one by one.
        for (; at <= errors.Length - 6; at += 4)
        {
            Vector128.Shuffle(Vector128.LoadUnsafe(ref from, (nuint)at).AsByte(), order).StoreUnsafe(ref to, (nuint)at * 3);
        }

        for (; at < errors.Length; at++)
        {
            WriteOne(errors[at], residuals.Slice(at * 3, 3));
        }
    }

    private static void WriteOne(uint error, Span<byte> residual)
    {
        residual[0] = (byte)(error >> 8);
        residual[1] = (byte)(error >> 16);
        residual[2] = (byte)error;
    }
}
