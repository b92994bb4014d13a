using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec;

/// <summary>Letters made up from a seed, with soft edges, and lines of them on paper.</summary>
internal sealed class Typeface(int seed, int letters, uint ink, uint paper, int colours = 12)
{
    private const int Width = 8, Height = 13, Pitch = 10;

    private readonly uint[][] shapes = [.. Enumerable.Range(0, letters).Select(letter => Shape(new Random((seed * 1000) + letter), ink, paper, colours))];

    public void Write(Frame frame, int x, int y, params ReadOnlySpan<int> text)
    {
        foreach (int letter in text)
        {
            for (int row = 0; row < Height; row++)
            {
                shapes[letter].AsSpan(row * Width, Width).CopyTo(frame.Row(y + row, x, Width));
            }

            x += Pitch;
        }
    }

    // Ink in every row and in both outer columns, so that a letter is one symbol.
    private static uint[] Shape(Random random, uint ink, uint paper, int colours)
    {
        uint[] pixels = new uint[Width * Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            uint shade = ink ^ ((uint)random.Next(1, colours) * 0x01_0305);
            pixels[i] = i % Width is 0 or Width - 1 || random.Next(2) == 0 ? shade : paper;
        }

        for (int row = 0; row < Height; row++)
        {
            for (int column = 1; column < Width - 1; column++)
            {
                pixels[(row * Width) + column] = row is 3 or 9 ? ink : pixels[(row * Width) + column];
            }
        }

        return pixels;
    }
}
