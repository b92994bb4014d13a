using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>
/// The pixels of <paramref name="To"/> are those that were <paramref name="DeltaX"/>, <paramref name="DeltaY"/> before it: a window that moved,
/// text that scrolled. A hint of the window system may be wrong; the encoder verifies each pixel.
/// </summary>
/// <param name="To">Where the pixels are now.</param>
/// <param name="DeltaX">How far they came to the right, negative: to the left.</param>
/// <param name="DeltaY">How far they came down, negative: up.</param>
public readonly record struct Motion(PixelRect To, int DeltaX, int DeltaY)
{
    /// <summary>Where the pixels were.</summary>
    public PixelRect From => To with { X = To.X - DeltaX, Y = To.Y - DeltaY };
}
