namespace Alongside.Launcher.Demo;

/// <summary>The demo's background: an evening sky over three ridges. Drawn, so that it fits every size and belongs to nobody else.</summary>
public static class Wallpaper
{
    private static readonly (double Height, double Wave, double Phase, uint Colour)[] Ridges =
    [
        (0.66, 1.7, 0.4, 0x3c6f88),
        (0.76, 2.6, 2.1, 0x2f5b73),
        (0.87, 1.9, 4.4, 0x234a60),
    ];

    /// <summary>Fills rows of BGRX pixels.</summary>
    public static void Draw(Span<uint> pixels, int width, int height)
    {
        for (int y = 0; y < height; y++)
        {
            pixels.Slice(y * width, width).Fill(Mix(0x274a63, 0xd9a679, Ease(y / (height * 0.95))));
        }

        foreach (var (level, wave, phase, colour) in Ridges)
        {
            for (int x = 0; x < width; x++)
            {
                double t = (double)x / width * Math.PI * wave;
                double top = height * (level + (0.035 * Math.Sin(t + phase)) + (0.012 * Math.Sin((t * 3.1) + (phase * 2))));
                int first = (int)top;
                if (first >= height)
                {
                    continue;
                }

                // The edge pixel is mixed, so that the ridge has no stairs.
                pixels[(first * width) + x] = Mix(colour, pixels[(first * width) + x], top - first);
                for (int y = first + 1; y < height; y++)
                {
                    pixels[(y * width) + x] = colour;
                }
            }
        }
    }

    private static double Ease(double t) => t * t * (3 - (2 * t));

    private static uint Mix(uint from, uint to, double t)
    {
        uint mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8)
        {
            double a = (from >> shift) & 255, b = (to >> shift) & 255;
            mixed |= (uint)(a + ((b - a) * Math.Clamp(t, 0, 1)) + 0.5) << shift;
        }

        return mixed;
    }
}
