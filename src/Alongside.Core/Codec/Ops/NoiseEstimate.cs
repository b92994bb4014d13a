namespace Alongside.Core.Codec.Ops;

/// <summary>Guesses from a sample whether a prediction would leave anything to compress.</summary>
internal static class NoiseEstimate
{
    // The nearer of two independent bytes lies 43 away on average, mod 256; a photograph's neighbour below 10.
    private const int NoiseDistance = 32;

    public static bool IsNoise(Tile tile)
    {
        var pixels = tile.Pixels;
        int width = tile.Area.Width;
        if (width < 2 || pixels.Length < 256)
        {
            return false;
        }

        int sum = 0, samples = 0;
        for (int i = width + 1; i < pixels.Length; i += 7)
        {
            uint now = pixels[i], left = pixels[i - 1], above = pixels[i - width];
            for (int shift = 0; shift < 24; shift += 8)
            {
                sum += Math.Min(Distance(now >> shift, left >> shift), Distance(now >> shift, above >> shift));
                samples++;
            }
        }

        return sum > samples * NoiseDistance;
    }

    private static int Distance(uint a, uint b) => Math.Abs((int)(sbyte)(a - b));
}
