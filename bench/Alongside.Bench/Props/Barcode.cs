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

    /// <summary>The three numbers of a picture shown at <paramref name="area"/> of a screen; -1 where none can be read.</summary>
    public static (int Top, int Middle, int Bottom) Read(ReadOnlySpan<uint> screen, int stride, PixelRect area)
    {
        Span<int> found = stackalloc int[3];
        Span<int> tops = Tops(area.Height);
        int side = Side(area.Width);
        for (int band = 0; band < 3; band++)
        {
            uint bits = 0;
            for (int i = 0; i < Blocks; i++)
            {
                int x = area.X + Left(area.Width) + (i * side) + (side / 2), y = area.Y + tops[band] + (side / 2);
                uint green = (screen[(y * stride) + x] >> 8) & 255;
                bits = (bits << 1) | (green > 127 ? 1u : 0);
            }

            found[band] = bits >> 16 == Guard ? (int)(bits & 0xffff) : -1;
        }

        return (found[0], found[1], found[2]);
    }

    private static int Side(int width) => width / 64;

    private static int Left(int width) => (width - (Blocks * Side(width))) / 2;

    private static int[] Tops(int height) => [height / 60, height / 2, (height * 14 / 15) - (height / 60)];
}
