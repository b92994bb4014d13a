namespace Alongside.Core.Codec.Video;

/// <summary>What a video region may be: docs/protocol/codec.md, 20 and 21. A decoder refuses more before it spends memory on it.</summary>
internal static class VideoLimits
{
    /// <summary>Regions of one stream that play at the same time.</summary>
    public const int MaxRegions = 4;

    public const int MinSide = 16;

    public const int MaxSide = 4096;

    /// <summary>The largest frame of H.264 level 5.1, in pixels.</summary>
    public const int MaxPixels = 36864 * 256;

    public static bool Allows(int width, int height) =>
        width is >= MinSide and <= MaxSide && height is >= MinSide and <= MaxSide
        && YuvPicture.Even(width) * YuvPicture.Even(height) <= MaxPixels;

    public static void Require(int width, int height)
    {
        if (!Allows(width, height))
        {
            throw new ArgumentOutOfRangeException(nameof(width), $"A video of {width} x {height} pixels is out of range.");
        }
    }
}
