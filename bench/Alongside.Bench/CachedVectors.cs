using Alongside.Core.Pixels;

namespace Alongside.Bench;

/// <summary>The golden file of the cache: what the encoder writes when pages come back, what no encoder writes yet, and what must be refused.</summary>
internal static class CachedVectors
{
    private const int Width = 150, Height = 140;

    public static void Write(string path)
    {
        using var writer = new VectorWriter(path, 17);
        var random = new Random(15);
        Frame[] pages = [Page(random), Page(random), Page(random), Page(random), Page(random)];
        foreach (int page in new[] { 0, 1, 0, 1, 2, 3, 2, 4, 0 })
        {
            writer.Encode(pages[page]);
        }

        var frame = new Frame(Width, Height);
        foreach (int shift in new[] { 0, 11, 22, 40 })
        {
            pages[0].Pixels.CopyTo(frame.Pixels);
            SyntheticVectors.Paint(frame, new(20 + shift, 30 + shift, 70, 50), (x, y) => (uint)((x - shift) * (y - shift)) & 0xFF_FFFF);
            writer.Encode(frame);
        }

        writer.Snapshot();
        writer.Encoder.Reset();
        writer.Encode(pages[0]);
        writer.Encode(pages[1]);
        writer.Encode(pages[0]);
        WriteElsewhere(writer, pages[0]);
        WriteWrong(writer);
    }

    // By hand: what is in a layer need not come from or go to the same place.
    private static void WriteElsewhere(VectorWriter writer, Frame page)
    {
        uint sequence = writer.Encoder.Sequence;
        var frame = new Frame(Width, Height);
        page.Pixels.CopyTo(frame.Pixels);
        SyntheticVectors.Paint(frame, new(100, 90, 20, 30), (x, y) => page.Row(y - 85)[x - 90]);
        SyntheticVectors.Paint(frame, new(0, 130, 3, 10), (_, _) => 0);
        byte[] operations =
        [
            .. Cached(new(10, 5, 20, 30), 4 | 8 | 2, 60, 70),
            .. Cached(new(100, 90, 20, 30), 8 | 2, 60, 70),
            .. Cached(new(0, 130, 3, 10), 2),
        ];
        writer.Write(SyntheticVectors.Update(1, Width, Height, operations, sequence + 1), VectorWriter.Hash(frame));
    }

    private static void WriteWrong(VectorWriter writer)
    {
        byte[][] wrong =
        [
            Cached(new(0, 0, 8, 8), 16),
            Cached(new(0, 0, 8, 8), 0),
            Cached(new(0, 0, 8, 8), 3),
            Cached(new(0, 0, 8, 8), 7),
            Cached(new(0, 0, 0, 8), 4),
            Cached(new(Width - 7, 0, 8, 8), 4),
            Cached(new(65535, 65535, 65535, 65535), 4),
            Cached(new(0, 0, 8, 8), 12, Width - 7, 0),
            Cached(new(0, 0, 8, 8), 12, 65535, 65535),
            Cached(new(0, 0, 8, 8), 12)[..^1],
            [.. Cached(new(0, 0, Width, Height), 4), .. Cached(new(0, 0, 1, 1), 4)],
            [.. Cached(new(0, 0, Width, Height), 4), .. SyntheticVectors.Repeat(Cached(new(0, 0, Width, Height), 0), 3)],
        ];
        foreach (byte[] operations in wrong)
        {
            writer.Refuse(SyntheticVectors.Update(1, Width, Height, operations, 99));
        }
    }

    private static byte[] Cached(PixelRect area, byte form, int x = 0, int y = 0)
    {
        int[] sides = [area.X, area.Y, area.Width, area.Height];
        byte[] head = [17, .. sides.SelectMany(Two), form];
        return (form & 8) == 0 ? head : [.. head, .. Two(x), .. Two(y)];
    }

    private static byte[] Two(int side) => [(byte)(side >> 8), (byte)side];

    private static Frame Page(Random random)
    {
        var frame = new Frame(Width, Height);
        uint[] colours = [.. Enumerable.Range(0, 6).Select(_ => (uint)random.Next(1 << 24))];
        SyntheticVectors.Paint(frame, frame.Bounds, (x, y) => colours[random.Next(8) == 0 ? random.Next(6) : ((x / 9) + (y / 7)) % 3]);
        return frame;
    }
}
