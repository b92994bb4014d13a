namespace Alongside.Vnc.Encodings;

/// <summary>A rectangle of one colour within a tile.</summary>
internal readonly record struct Subrect(uint Colour, int X, int Y, int Width, int Height);

/// <summary>
/// Cuts a tile into a background and rectangles of one colour each: what RRE and Hextile are made of. Takes the larger of "right, then down" and
/// "down, then right" at each pixel that is not covered.
/// </summary>
internal sealed class SubrectFinder
{
    private readonly List<Subrect> found = [];
    private readonly Dictionary<uint, int> counts = [];

    public IReadOnlyList<Subrect> Found => found;

    /// <summary>The colour most pixels of the last tile have.</summary>
    public uint Background { get; private set; }

    /// <summary>Finds the rectangles; the pixels are used up. False when there are more than <paramref name="most"/>.</summary>
    public bool TryFind(Span<uint> pixels, int width, int height, int most)
    {
        found.Clear();
        Background = MostFrequent(pixels);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                uint colour = pixels[(y * width) + x];
                if (colour == Background)
                {
                    continue;
                }

                if (found.Count == most)
                {
                    return false;
                }

                var (w, h) = Grow(pixels, width, height, x, y, colour);
                found.Add(new(colour, x, y, w, h));
                for (int row = y; row < y + h; row++)
                {
                    pixels.Slice((row * width) + x, w).Fill(Background);
                }
            }
        }

        return true;
    }

    private static (int Width, int Height) Grow(ReadOnlySpan<uint> pixels, int width, int height, int x, int y, uint colour)
    {
        int right = Run(pixels.Slice((y * width) + x, width - x), colour);
        int below = 1;
        while (y + below < height && Run(pixels.Slice(((y + below) * width) + x, right), colour) == right)
        {
            below++;
        }

        int down = 1, across = right;
        while (y + down < height && pixels[((y + down) * width) + x] == colour)
        {
            across = Math.Min(across, Run(pixels.Slice(((y + down) * width) + x, across), colour));
            down++;
        }

        return right * below >= across * down ? (right, below) : (across, down);
    }

    private static int Run(ReadOnlySpan<uint> pixels, uint colour)
    {
        int other = pixels.IndexOfAnyExcept(colour);
        return other < 0 ? pixels.Length : other;
    }

    private uint MostFrequent(ReadOnlySpan<uint> pixels)
    {
        counts.Clear();
        uint best = pixels[0];
        int most = 0;
        for (int i = 0; i < pixels.Length;)
        {
            uint colour = pixels[i];
            int run = Run(pixels[i..], colour);
            int count = counts[colour] = counts.GetValueOrDefault(colour) + run;
            if (count > most)
            {
                (best, most) = (colour, count);
            }

            i += run;
        }

        return best;
    }
}
