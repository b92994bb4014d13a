using Alongside.Core.Pixels;

namespace Alongside.Bench.Props;

/// <summary>
/// A picture with the statistics of a photograph (detail at every scale, falling with frequency; shading; the grain of a sensor), drawn so
/// that it is the same everywhere and belongs to nobody. Landscapes; the seed decides which.
/// </summary>
internal static class Photo
{
    public static Frame Draw(int width, int height, int seed)
    {
        var frame = new Frame(width, height);
        Parallel.For(0, height, y => DrawRow(frame.Row(y), y, width, height, seed));
        return frame;
    }

    private static void DrawRow(Span<uint> row, int y, int width, int height, int seed)
    {
        double v = (double)y / height, unit = 1.0 / height;
        double warm = Hash(seed, 1, 9), light = 0.75 + (0.25 * Hash(seed, 2, 9)), green = Hash(seed, 3, 9);
        for (int x = 0; x < width; x++)
        {
            double u = x * unit;
            double cloud = Fractal((u * 1.6) + seed, v * 3.2, seed, 6);
            double far = 0.42 + (0.18 * (Fractal((u * 2) + 7, 0.5, seed + 11, 7) - 0.5));
            double near = 0.66 + (0.22 * (Fractal((u * 1.3) + 3, 0.5, seed + 23, 7) - 0.5));
            double red, grn, blue;
            if (v < far)
            {
                double white = Math.Clamp((cloud - 0.48) * 4, 0, 1), haze = v / far;
                red = Mix(Mix(60 + (70 * warm), 205, haze * 0.7), 240, white);
                grn = Mix(Mix(105 + (20 * warm), 190, haze * 0.7), 236, white);
                blue = Mix(Mix(170, 185, haze * 0.7), 232, white);
            }
            else if (v < near)
            {
                double rock = Fractal(u * 9, v * 14, seed + 31, 7), shade = 0.55 + (rock * 0.8);
                red = (88 + (30 * warm)) * shade;
                grn = 96 * shade;
                blue = 104 * shade;
            }
            else
            {
                double leaf = Fractal(u * 26, v * 34, seed + 47, 6), shade = 0.25 + (leaf * 1.3);
                double flower = Fractal(u * 40, v * 44, seed + 59, 3) > 0.72 ? 1 : 0;
                red = Mix(52 + (60 * warm), 214, flower) * shade;
                grn = Mix(78 + (60 * green), 96 + (90 * warm), flower) * shade;
                blue = Mix(38, 110 * green, flower) * shade;
            }

            double grain = (Hash(x, y, seed) + Hash(x, y, seed + 1) - 1) * 7;
            row[x] = Pack((red * light) + grain, (grn * light) + grain, (blue * light) + grain);
        }
    }

    private static double Fractal(double x, double y, int seed, int octaves)
    {
        double sum = 0, weight = 0.5;
        for (int i = 0; i < octaves; i++)
        {
            sum += weight * Smooth(x, y, seed + i);
            (x, y, weight) = (x * 2.03, y * 2.03, weight * 0.55);
        }

        return sum / (0.5 * (1 - Math.Pow(0.55, octaves)) / 0.45);
    }

    private static double Smooth(double x, double y, int seed)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        double a = Ease(x - left), b = Ease(y - top);
        return Mix(Mix(Hash(left, top, seed), Hash(left + 1, top, seed), a), Mix(Hash(left, top + 1, seed), Hash(left + 1, top + 1, seed), a), b);
    }

    /// <summary>0 to 1, evenly spread.</summary>
    private static double Hash(int x, int y, int seed)
    {
        uint h = ((uint)x * 0x9E37_79B1) ^ ((uint)y * 0x85EB_CA77) ^ ((uint)seed * 0xC2B2_AE3D);
        h = (h ^ (h >> 15)) * 0x2C1B_3C6D;
        h = (h ^ (h >> 12)) * 0x297A_2D39;
        return (h ^ (h >> 15)) / (double)uint.MaxValue;
    }

    private static double Ease(double t) => t * t * (3 - (2 * t));

    private static double Mix(double from, double to, double t) => from + ((to - from) * t);

    private static uint Pack(double red, double green, double blue) => ((uint)Level(red) << 16) | ((uint)Level(green) << 8) | (uint)Level(blue);

    private static int Level(double value) => (int)Math.Clamp(value, 0, 255);
}
