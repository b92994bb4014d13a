namespace Alongside.Launcher.Lab.Breaks;

/// <summary>What the screen shows before and after: large squares of a few colours, so that every pixel says which it is.</summary>
internal static class Flag
{
    private const int Square = 40;

    private static readonly uint[] Colours = [0x1b4965, 0xe8b04b, 0x7a9e7e, 0xc8553d, 0xf3f0e8, 0x5c4b8a];

    /// <summary>Fills rows of BGRX pixels; two flags of another number have no pixel in common.</summary>
    public static void Draw(Span<uint> pixels, int width, int height, int number)
    {
        for (int i = 0; i < width * height; i++)
        {
            pixels[i] = At(i % width, i / width, number);
        }
    }

    public static uint At(int x, int y, int number) => Colours[((x / Square) + (2 * (y / Square)) + number) % Colours.Length];
}
