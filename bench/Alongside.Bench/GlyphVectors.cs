using Alongside.Core.Pixels;

namespace Alongside.Bench;

/// <summary>The golden file of glyphs: lines of made-up letters on papers of several colours, more of them than the book holds, and what must be refused.</summary>
internal static class GlyphVectors
{
    private const int Width = 420, Height = 200, LetterWidth = 5, LetterHeight = 8;

    public static void Write(string path)
    {
        using var writer = new VectorWriter(path, 18);
        var random = new Random(18);
        var frame = new Frame(Width, Height);
        uint[] papers = [0xFFFFFF, 0x102030];
        uint[][] known = [.. Enumerable.Range(0, 30).Select(_ => Letter(random, papers[0]))];
        for (int page = 0; page < 9; page++)
        {
            SyntheticVectors.Paint(frame, frame.Bounds, (_, _) => papers[page % 2]);
            SyntheticVectors.Paint(frame, new(200, 20, 180, 90), (_, _) => papers[(page + 1) % 2]);
            for (int y = 4; y < Height - LetterHeight; y += 11)
            {
                for (int x = 4; x < Width - LetterWidth; x += 7)
                {
                    uint[] letter = page % 3 == 0 || random.Next(4) == 0 ? Letter(random, papers[0]) : known[random.Next(known.Length)];
                    int left = x, top = y + random.Next(2);
                    SyntheticVectors.Paint(frame, new(left, top, LetterWidth, LetterHeight), (px, py) => letter[((py - top) * LetterWidth) + px - left]);
                }
            }

            writer.Encode(frame);
        }

        writer.Snapshot();
        writer.Encoder.Reset();
        SyntheticVectors.Paint(frame, new(10, 10, 100, 20), (_, _) => papers[0]);
        writer.Encode(frame);
        byte[] head = [18, 0, 0, 0, 0, 0, 64, 0, 48, 255, 255, 255], letterOp = [208, 0, 2, 2, 0, 1, 9, 9, 9, 0, 0, 0, 0];
        byte[][] wrong =
        [
            [0, 214],
            [207, 255, 214],
            [209, 0, 1, .. letterOp[1..], 214],
            [208, 0, 0, 2, 0, 0, 214],
            [208, 0, 64, 64, 0, 1, 9, 9, 9, .. new byte[4096], 214],
            [208, 2, .. letterOp[2..], 214],
            [208, 0, 1, 1, 0, 0, 0, 214],
            [208, 1, 1, 1, 0, 1, 9, 9, 9, 0, 1, 214],
            [208, 0, 1, 1, 0, 0x81, 0x20, .. new byte[3 * 4097], 0, 214],
            [215, 214],
            letterOp,
            [.. letterOp, 211, 0x80, 1, 0, 214],
            [210, 0, 1, .. letterOp, 214],
            [210, 1, 0, .. letterOp, 214],
            [.. letterOp, 212, 128, 0, 214],
            [211, 0x80, 0x80, 0x80, 0, 214],
            [208, 0, 32, 32, 0, 1, 9, 9, 9, .. new byte[1024], .. SyntheticVectors.Repeat([210, 0, 0, 0], 64), 214],
        ];
        foreach (byte[] tokens in wrong)
        {
            writer.Refuse(SyntheticVectors.Update(1, 64, 48, [.. head, .. tokens], 99));
        }
    }

    private static uint[] Letter(Random random, uint paper)
    {
        uint[] pixels = new uint[LetterWidth * LetterHeight];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = i % LetterWidth is 0 or LetterWidth - 1 || random.Next(3) == 0 ? 0x202020 + ((uint)random.Next(90) * 0x01_0203) : paper;
        }

        return pixels;
    }
}
