using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec.Video;

/// <summary>A made-up film: smooth colours with edges and a little grain that pan and breathe, the same for the same number.</summary>
internal static class MovingPhoto
{
    public static void Draw(Frame target, PixelRect area, int number)
    {
        double shiftX = 40 * Math.Sin(number * 0.07), shiftY = 25 * Math.Cos(number * 0.05);
        Span<double> across = stackalloc double[area.Width];
        for (int x = 0; x < across.Length; x++)
        {
            across[x] = 50 * Math.Sin((x + shiftX) * 0.017);
        }

        uint grain = (uint)number * 2654435761;
        for (int y = 0; y < area.Height; y++)
        {
            var row = target.Row(area.Y + y, area.X, area.Width);
            double v = y + shiftY, wave = Math.Sin(v * 0.021) * 60;
            for (int x = 0; x < row.Length; x++)
            {
                double u = x + shiftX;
                int light = (int)(128 + wave + across[x]);
                bool ball = ((u - 150) * (u - 150)) + ((v - 90) * (v - 90)) < 2500;
                grain = (grain * 1664525) + 1013904223;
                int noise = (int)(grain >> 30);
                row[x] = Colour(light + (ball ? 50 : 0) + noise, light + noise, 255 - light - (ball ? 30 : 0) + noise) | 0xAB00_0000;
            }
        }
    }

    /// <summary>Peak signal to noise of red, green and blue within a rectangle, in decibels; 99 when equal.</summary>
    public static double Psnr(Frame a, Frame b, PixelRect area)
    {
        long error = 0;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            var one = a.Row(y, area.X, area.Width);
            var other = b.Row(y, area.X, area.Width);
            for (int x = 0; x < one.Length; x++)
            {
                for (int shift = 0; shift < 24; shift += 8)
                {
                    long distance = (int)((one[x] >> shift) & 255) - (int)((other[x] >> shift) & 255);
                    error += distance * distance;
                }
            }
        }

        return error == 0 ? 99 : 10 * Math.Log10(255.0 * 255 * 3 * area.Area / error);
    }

    private static uint Colour(int red, int green, int blue) =>
        ((uint)Math.Clamp(red, 0, 255) << 16) | ((uint)Math.Clamp(green, 0, 255) << 8) | (uint)Math.Clamp(blue, 0, 255);
}
