namespace Alongside.Core.Codec.Kernels;

/// <summary>Indices of 1, 2, 4 or 8 bits (depth 0 to 3), the first pixel in the lowest bits, rows padded with 0 to whole bytes.</summary>
internal static class PackKernel
{
    /// <summary>Maps each place through <paramref name="map"/> (256 entries) and packs.</summary>
    public static void Pack(ReadOnlySpan<byte> places, ReadOnlySpan<byte> map, int depth, Span<byte> row)
    {
        int perByte = 8 >> depth, bits = 1 << depth, at = 0;
        if (depth == 3)
        {
            for (int i = 0; i < places.Length; i++)
            {
                row[i] = map[places[i]];
            }

            return;
        }

        for (int i = 0; i < row.Length; i++)
        {
            int value = 0, end = Math.Min(perByte, places.Length - at);
            for (int k = 0; k < end; k++)
            {
                value |= map[places[at + k]] << (k * bits);
            }

            row[i] = (byte)value;
            at += perByte;
        }
    }

    /// <summary>Turns every index of one bit into the other; the padding stays 0.</summary>
    public static void InvertBits(Span<byte> rows, int width, int stride)
    {
        byte last = (byte)(0xFF >> ((stride * 8) - width));
        for (int start = 0; start < rows.Length; start += stride)
        {
            for (int i = start; i < start + stride - 1; i++)
            {
                rows[i] = (byte)~rows[i];
            }

            rows[start + stride - 1] ^= last;
        }
    }

    /// <summary>Paints a row. False when an index is not below the palette's length; the row is then undefined.</summary>
    public static bool TryUnpack(ReadOnlySpan<byte> row, int depth, ReadOnlySpan<uint> palette, Span<uint> pixels)
    {
        int bits = 1 << depth, perByte = 8 >> depth, mask = (1 << bits) - 1, at = 0;
        foreach (byte packed in row)
        {
            int value = packed;
            int end = Math.Min(perByte, pixels.Length - at);
            for (int k = 0; k < end; k++)
            {
                int index = value & mask;
                if (index >= palette.Length)
                {
                    return false;
                }

                pixels[at++] = palette[index];
                value >>= bits;
            }
        }

        return true;
    }
}
