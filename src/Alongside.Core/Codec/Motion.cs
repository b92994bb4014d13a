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

    /// <summary>Copies <see cref="From"/> to <see cref="To"/>, both within the picture, as if it were read whole before it is written.</summary>
    public void Apply(Frame picture)
    {
        for (int i = 0; i < To.Height; i++)
        {
            // Against the direction of the motion, so that no row is overwritten before it has been read.
            int y = DeltaY > 0 ? To.Height - 1 - i : i;
            picture.Row(To.Y - DeltaY + y, To.X - DeltaX, To.Width).CopyTo(picture.Row(To.Y + y, To.X, To.Width));
        }
    }
}
