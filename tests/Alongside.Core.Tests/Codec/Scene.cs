using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec;

/// <summary>Made-up desktop content from a seed: fills, text, gradients, noise, in random places.</summary>
internal sealed class Scene(int width, int height, int seed)
{
    private readonly Random random = new(seed);

    public Frame Frame { get; } = new(width, height);

    /// <summary>Changes something and returns where.</summary>
    public PixelRect Change(int maxSide = int.MaxValue)
    {
        int w = random.Next(1, Math.Min(maxSide, Frame.Width) + 1), h = random.Next(1, Math.Min(maxSide, Frame.Height) + 1);
        var area = new PixelRect(random.Next(Frame.Width - w + 1), random.Next(Frame.Height - h + 1), w, h);
        int kind = random.Next(6), tint = random.Next(1 << 24), colours = random.Next(2, 300);
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                // X of a pixel is whatever it is.
                Frame.Row(y)[x] = (uint)random.Next() << 24 | (0xFF_FFFF & (uint)(kind switch
                {
                    0 => tint,
                    1 => (x * 5) + (y * 3) + (x * y % 7) & 8 | tint,
                    2 => tint + (random.Next(colours) * 0x01_0203),
                    3 => ((x & 255) << 16) | ((y & 255) << 8) | ((x + y) & 255),
                    4 => random.Next(1 << 24),
                    _ => tint + (x / 3 * 0x02_0101) + (random.Next(8) == 0 ? 1 : 0),
                }));
            }
        }

        return area;
    }

    /// <summary>Compares all pixels but those that <paramref name="except"/> names.</summary>
    public static void AssertSame(Frame expected, Frame actual, Func<int, int, bool>? except = null)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        for (int i = 0; i < expected.Pixels.Length; i++)
        {
            if (((expected.Pixels[i] ^ actual.Pixels[i]) & 0xFF_FFFF) != 0 && except?.Invoke(i % expected.Width, i / expected.Width) != true)
            {
                Assert.Fail($"Pixel {i % expected.Width}, {i / expected.Width} is {actual.Pixels[i]:x8} instead of {expected.Pixels[i]:x8}.");
            }
        }
    }
}
