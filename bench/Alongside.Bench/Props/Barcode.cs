using Alongside.Core.Pixels;

namespace Alongside.Bench.Props;

/// <summary>
/// A number of a frame that survives any codec: 24 coarse blocks, black or white, at the top, in the middle and at the bottom. Eight bits of
/// guard (10100101) and sixteen of number; three different numbers in one picture are a torn one.
/// </summary>
internal static class Barcode
{
    public const int Blocks = 24;
    private const uint Guard = 0b1010_0101;

    public static void Draw(Frame frame, int number)
    {
        uint bits = (Guard << 16) | (uint)(number & 0xffff);
        foreach (int top in Tops(frame.Height))
        {
            for (int y = top; y < top + Side(frame.Width); y++)
            {
                var row = frame.Row(y);
                for (int i = 0; i < Blocks; i++)
                {
                    uint colour = ((bits >> (Blocks - 1 - i)) & 1) != 0 ? 0xff_ffffu : 0;
                    row.Slice(Left(frame.Width) + (i * Side(frame.Width)), Side(frame.Width)).Fill(colour);
                }
            }
        }
    }

    /// <summary>The three rows of pixels, through the middle of the blocks, of a film that is shown at <paramref name="area"/>.</summary>
    public static PixelRect[] Rows(PixelRect area) =>
        [.. Tops(area.Height).Select(top => new PixelRect(area.X, area.Y + top + (Side(area.Width) / 2), area.Width, 1))];

    /// <summary>The number in such a row of a film <paramref name="width"/> wide; -1 when none can be read.</summary>
    public static int Read(ReadOnlySpan<uint> row, int width)
    {
        uint bits = 0;
        for (int i = 0; i < Blocks; i++)
        {
            uint green = (row[Left(width) + (i * Side(width)) + (Side(width) / 2)] >> 8) & 255;
            bits = (bits << 1) | (green > 127 ? 1u : 0);
        }

        return bits >> 16 == Guard ? (int)(bits & 0xffff) : -1;
    }

    private static int Side(int width) => width / 64;

    private static int Left(int width) => (width - (Blocks * Side(width))) / 2;

    // Below the banner that a host shows at the top of its screen.
    private static int[] Tops(int height) => [height / 10, height / 2, (height * 14 / 15) - (height / 60)];
}
