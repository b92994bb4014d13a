using System.Text;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Zstd;
using Alongside.Core.Pixels;

namespace Alongside.Bench;

/// <summary>Golden files from pictures that are made up: every operation, every depth, every edge; and updates that must be refused.</summary>
internal static class SyntheticVectors
{
    public static void WriteAll(string folder)
    {
        Directory.CreateDirectory(folder);
        WriteStream(Path.Combine(folder, "stream.bin"));
        WriteDepths(Path.Combine(folder, "depths.bin"));
        WriteEdges(Path.Combine(folder, "edges.bin"));
        WriteLong(Path.Combine(folder, "long.bin"));
        WriteWrong(Path.Combine(folder, "wrong.bin"));
        WriteCopies(Path.Combine(folder, "copies.bin"));
        CachedVectors.Write(Path.Combine(folder, "cached.bin"));
        GlyphVectors.Write(Path.Combine(folder, "glyphs.bin"));
    }

    // Solid, text, gradient and noise beside each other; small changes; reset; a snapshot in between; another size.
    private static void WriteStream(string path)
    {
        using var writer = new VectorWriter(path);
        var frame = new Frame(301, 203);
        var random = new Random(11);
        frame.Pixels.Fill(0x203040);
        writer.Encode(frame);
        Paint(frame, new(10, 10, 120, 60), (x, y) => Glyph(x, y) ? 0u : 0xFFFFFF);
        writer.Encode(frame);
        Paint(frame, new(128, 64, 150, 120), (x, y) => Colour(x, y * 2, (x + y) / 2));
        writer.Encode(frame);
        Paint(frame, new(5, 120, 90, 70), (_, _) => (uint)random.Next(1 << 24));
        writer.Encode(frame);
        for (int i = 0; i < 12; i++)
        {
            Paint(frame, new(20 + (i * 8), 80, 7, 13), (x, y) => Glyph(x, y + i) ? 0x202020u : 0xF0F0F0);
            writer.Encode(frame);
        }

        writer.Snapshot();
        writer.Encoder.Reset();
        frame.Pixels[0] ^= 1;
        writer.Encode(frame);
        var larger = new Frame(400, 90);
        Paint(larger, larger.Bounds, (x, y) => Colour(x, y, 0));
        writer.Encode(larger);
        larger.Pixels[77] = 0xFF_123456;
        writer.Encode(larger);
    }

    // Each depth, growing until its palette is full and begins anew.
    private static void WriteDepths(string path)
    {
        using var writer = new VectorWriter(path);
        var frame = new Frame(77, 45);
        var random = new Random(12);
        foreach (int colours in new[] { 1, 2, 3, 4, 5, 16, 17, 100, 255, 256, 2, 3, 4, 12, 200 })
        {
            uint tint = (uint)random.Next(1 << 24);
            for (int i = 0; i < 3; i++)
            {
                Paint(frame, new(i, i, 70, 40), (_, _) => (uint)(random.Next(colours) * 0x010305) ^ tint);
                writer.Encode(frame);
            }
        }
    }

    private static void WriteEdges(string path)
    {
        using var writer = new VectorWriter(path);
        var random = new Random(13);
        foreach (var (width, height) in new[] { (1, 1), (1, 300), (300, 1), (127, 129), (128, 128), (129, 2), (16384, 1), (2, 16384) })
        {
            var frame = new Frame(width, height);
            writer.Encode(frame);
            Paint(frame, frame.Bounds, (x, y) => Colour(x, y, x ^ y));
            writer.Encode(frame);
            frame.Pixels[^1] = (uint)random.Next(1 << 24);
            writer.Encode(frame);
        }
    }

    // A few small bytes that unpack to far more than the window, so that it slides; and matches over its whole length.
    private static void WriteLong(string path)
    {
        using var writer = new VectorWriter(path);
        var frame = new Frame(640, 480);
        for (int i = 0; i < 40; i++)
        {
            int shift = i * 3;
            Paint(frame, frame.Bounds, (x, y) => Colour((x + shift) / 4, y + (shift / 2), (x / 3) + y));
            writer.Encode(frame);
        }
    }

    private static void WriteWrong(string path)
    {
        using var writer = new VectorWriter(path);
        var frame = new Frame(64, 64);
        frame.Pixels.Fill(0x804020);
        writer.Encode(frame);
        byte[] solid = [1, 0, 0, 0, 0, 0, 8, 0, 8, 1, 2, 3];

        writer.Refuse([]);
        writer.Refuse([2, .. Update(1, 64, 64, solid, 2)[1..]]);
        writer.Refuse(Update(1, 64, 64, solid, 2)[..17]);
        writer.Refuse(Update(1, 64, 64, solid, 2)[..^1]);
        writer.Refuse([.. Update(1, 64, 64, solid, 2), 0]);
        writer.Refuse(Update(3, 0, 64, solid));
        writer.Refuse(Update(3, 16385, 1, solid));
        writer.Refuse(Update(3, 16384, 16384, solid));
        writer.Refuse(Update(3, 64, 64, [9]));
        writer.Refuse(Update(3, 64, 64, [16, .. solid[1..]]));
        writer.Refuse(Update(3, 64, 64, solid[..^1]));
        writer.Refuse(Update(3, 64, 64, [1, 0, 60, 0, 0, 0, 8, 0, 8, 1, 2, 3]));
        writer.Refuse(Update(3, 64, 64, [1, 0, 0, 0, 0, 0, 0, 0, 8, 1, 2, 3]));
        writer.Refuse(Update(3, 64, 64, [1, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3]));
        writer.Refuse(Update(3, 64, 64, [2, 0, 0, 0, 0, 0, 1, 0, 1, 8, 0, 0]));
        writer.Refuse(Update(3, 64, 64, [2, 0, 0, 0, 0, 0, 1, 0, 1, 0, 3, 0, 0, 0, 1, 1, 1, 2, 2, 2, 0]));
        writer.Refuse(Update(3, 64, 64, [2, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1]));
        writer.Refuse(Update(3, 64, 64, [2, 0, 0, 0, 0, 0, 1, 0, 1, 3, 0, 0]));
        writer.Refuse(Update(3, 64, 64, [3, 0, 0, 0, 0, 0, 2, 0, 2, 1, 2, 3]));
        writer.Refuse(Update(3, 64, 64, [4, 0, 0, 0, 0, 0, 2, 0, 2]));
        writer.Refuse(Update(3, 64, 64, Repeat([1, 0, 0, 0, 0, 0, 64, 0, 64, 1, 2, 3], 3)));
        writer.Refuse(Update(3, 64, 64, new byte[(64 * 64 * 4) + 65537]));
        writer.Refuse(Plain(3, 64, 64, Encoding.ASCII.GetBytes("not zstd at all")));
        writer.Refuse(Plain(3, 64, 64, [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xF8, 0, 0, 0]));
        writer.Refuse(Plain(3, 64, 64, [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x50, 1, 0, 0]));
        writer.Refuse(Plain(3, 64, 64, [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x50, 6, 0, 0]));

        // Out of order: after the good one below, the one that skips, the one that repeats, and a change of size without `full`.
        byte[] good = Update(3, 64, 64, solid);
        var painted = new Frame(64, 64);
        Paint(painted, new(0, 0, 8, 8), (_, _) => 0x010203);
        foreach (byte[] wrong in new[] { Update(0, 64, 64, solid, 9), Update(0, 64, 64, solid, 7), Update(1, 65, 64, solid, 8) })
        {
            writer.Write(good, VectorWriter.Hash(painted));
            writer.Refuse(wrong);
        }

        // A snapshot that is continued as if it were the stream.
        writer.Write(Update(7, 64, 64, solid), VectorWriter.Hash(painted));
        writer.Refuse(Update(0, 64, 64, solid, 8));
    }

    // Copies in every direction, overlapping and not, one that reads what another has written, one that is painted over; and wrong ones.
    private static void WriteCopies(string path)
    {
        using var writer = new VectorWriter(path);
        var frame = new Frame(97, 61);
        var random = new Random(14);
        Paint(frame, frame.Bounds, (_, _) => (uint)random.Next(1 << 24));
        writer.Encode(frame);
        byte sequence = 1;
        foreach (var (dx, dy) in new[] { (0, 3), (0, -3), (4, 0), (-4, 0), (5, 7), (-5, 7), (5, -7), (-5, -7), (0, 0), (0, 20), (40, 0), (-1, 1) })
        {
            var to = new PixelRect(40, 20, 33, 27);
            Copy(frame, to, dx, dy);
            writer.Write(Update(1, 97, 61, CopyBytes(to, dx, dy), ++sequence), VectorWriter.Hash(frame));
        }

        Copy(frame, new(0, 0, 97, 30), 0, -1);
        Copy(frame, new(1, 0, 48, 61), 1, 0);
        Paint(frame, new(3, 3, 8, 8), (_, _) => 0x010203);
        byte[] several = [.. CopyBytes(new(0, 0, 97, 30), 0, -1), .. CopyBytes(new(1, 0, 48, 61), 1, 0), 1, 0, 3, 0, 3, 0, 8, 0, 8, 1, 2, 3];
        writer.Write(Update(1, 97, 61, several, ++sequence), VectorWriter.Hash(frame));

        writer.Refuse(Update(1, 97, 61, CopyBytes(new(1, 0, 97, 1), 1, 0), 99));
        writer.Refuse(Update(1, 97, 61, CopyBytes(new(0, 0, 97, 1), -1, 0), 99));
        writer.Refuse(Update(1, 97, 61, CopyBytes(new(0, 0, 1, 61), 0, -1), 99));
        writer.Refuse(Update(1, 97, 61, CopyBytes(new(0, 0, 0, 5), 0, 0), 99));
        writer.Refuse(Update(1, 97, 61, CopyBytes(new(0, 0, 5, 0), 0, 0), 99));
        writer.Refuse(Update(1, 97, 61, [16, 0, 0, 0, 0, 0, 1, 0, 1, 255, 255, 255, 255], 99));
        writer.Refuse(Update(1, 97, 61, [16, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0], 99));
        writer.Refuse(Update(1, 97, 61, [16, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0], 99));
        writer.Refuse(Update(1, 97, 61, Repeat(CopyBytes(new(0, 0, 97, 61), 0, 0), 2), 99));
    }

    // Read whole, then written: what the format says, and nothing cleverer.
    private static void Copy(Frame frame, PixelRect to, int dx, int dy)
    {
        uint[] was = frame.Pixels.ToArray();
        Paint(frame, to, (x, y) => was[((y - dy) * frame.Width) + x - dx]);
    }

    private static byte[] CopyBytes(PixelRect to, int dx, int dy) =>
        [16, .. new[] { to.X, to.Y, to.Width, to.Height, to.X - dx, to.Y - dy }.SelectMany(side => new[] { (byte)(side >> 8), (byte)side })];

    internal static byte[] Update(byte flags, int width, int height, byte[] operations, uint sequence = 7)
    {
        using var compressor = new ZstdCompressor();
        var packed = new ByteBuffer();
        compressor.Compress(operations, packed);
        return Plain(flags, width, height, packed.Written.ToArray(), sequence);
    }

    private static byte[] Plain(byte flags, int width, int height, byte[] packed, uint sequence = 7) =>
    [
        1, flags, 0, 0, 0, (byte)sequence, 0, 0, 0, 0, (byte)(width >> 8), (byte)width, (byte)(height >> 8), (byte)height,
        (byte)(packed.Length >> 24), (byte)(packed.Length >> 16), (byte)(packed.Length >> 8), (byte)packed.Length, .. packed,
    ];

    internal static byte[] Repeat(byte[] bytes, int count) => [.. Enumerable.Repeat(bytes, count).SelectMany(b => b)];

    private static uint Colour(int red, int green, int blue) => ((uint)(red & 255) << 16) | ((uint)(green & 255) << 8) | (uint)(blue & 255);

    private static bool Glyph(int x, int y) => ((x * 7) + (y * 13) + (x * y)) % 5 < 2 && y % 14 < 10;

    internal static void Paint(Frame frame, PixelRect area, Func<int, int, uint> colour)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                frame.Row(y)[x] = colour(x, y);
            }
        }
    }
}
