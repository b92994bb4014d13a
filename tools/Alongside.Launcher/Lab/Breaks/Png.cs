using System.Buffers.Binary;
using System.IO.Compression;

namespace Alongside.Launcher.Lab.Breaks;

/// <summary>Reads pictures as a browser makes them: eight bits a channel, with or without transparency, not interlaced (PNG, 2nd edition).</summary>
internal static class Png
{
    private const int Signature = 8, Rgb = 2, Rgba = 6;

    /// <summary>Its pixels, 0xRRGGBB, row by row.</summary>
    public static (int Width, uint[] Pixels) Read(ReadOnlySpan<byte> file)
    {
        int width = 0, height = 0, channels = 0;
        using var packed = new MemoryStream();
        for (var rest = file[Signature..]; rest.Length >= 12;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(rest);
            var type = rest.Slice(4, 4);
            var data = rest.Slice(8, length);
            if (type.SequenceEqual("IHDR"u8))
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                channels = (data[8], data[9], data[12]) switch { (8, Rgb, 0) => 3, (8, Rgba, 0) => 4, _ => throw new StartException("The laboratory's browser makes pictures of another kind.") };
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }

            rest = rest[(length + 12)..];
        }

        packed.Position = 0;
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        var pixels = new uint[width * height];
        byte[] row = new byte[width * channels], above = new byte[row.Length];
        for (int y = 0; y < height; y++)
        {
            int filter = rows.ReadByte();
            rows.ReadExactly(row);
            Restore(filter, row, above, channels);
            for (int x = 0; x < width; x++)
            {
                pixels[(y * width) + x] = (uint)((row[x * channels] << 16) | (row[(x * channels) + 1] << 8) | row[(x * channels) + 2]);
            }

            (row, above) = (above, row);
        }

        return (width, pixels);
    }

    private static void Restore(int filter, byte[] row, byte[] above, int channels)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i >= channels ? row[i - channels] : 0, corner = i >= channels ? above[i - channels] : 0;
            row[i] += (byte)(filter switch { 0 => 0, 1 => left, 2 => above[i], 3 => (left + above[i]) / 2, _ => Paeth(left, above[i], corner) });
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        int guess = left + above - corner;
        int toLeft = Math.Abs(guess - left), toAbove = Math.Abs(guess - above), toCorner = Math.Abs(guess - corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
