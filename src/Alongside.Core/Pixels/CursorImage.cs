namespace Alongside.Core.Pixels;

/// <summary>
/// The pointer's picture: straight-alpha RGBA, 4 bytes a pixel, rows without gaps; at most 256 x 256. 0 x 0 is a hidden pointer.
/// </summary>
public sealed record CursorImage(int Width, int Height, int HotX, int HotY, byte[] Rgba)
{
    public const int MaxSide = 256;

    public static CursorImage Hidden { get; } = new(0, 0, 0, 0, []);
}
