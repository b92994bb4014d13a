using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Video;

/// <summary>
/// Pixels as a video codec takes them: a plane of luma and two of chroma at half the resolution (I420), in one block that does not move. Sides are
/// even; a rectangle with an odd side repeats its last column or row.
/// </summary>
internal sealed class YuvPicture
{
    private readonly byte[] bytes;

    public YuvPicture(int width, int height)
    {
        (Width, Height) = (Even(width), Even(height));
        bytes = GC.AllocateArray<byte>(Width * Height * 3 / 2, pinned: true);
    }

    public int Width { get; }

    public int Height { get; }

    public Span<byte> Luma => bytes.AsSpan(0, Width * Height);

    public Span<byte> U => bytes.AsSpan(Width * Height, Width * Height / 4);

    public Span<byte> V => bytes.AsSpan(Width * Height * 5 / 4);

    public static int Even(int side) => (side + 1) & ~1;

    /// <summary>Takes the pixels of a rectangle that has this picture's size, or one less where that is odd.</summary>
    public void Load(Frame source, PixelRect area)
    {
        int half = Width / 2, whole = area.Width & ~1;
        Span<uint> corner = stackalloc uint[4];
        for (int y = 0; y < Height; y += 2)
        {
            var upper = source.Row(area.Y + y, area.X, area.Width);
            var lower = source.Row(area.Y + Math.Min(y + 1, area.Height - 1), area.X, area.Width);
            Span<byte> upperY = Luma.Slice(y * Width, Width), lowerY = Luma.Slice((y + 1) * Width, Width);
            Span<byte> u = U.Slice(y / 2 * half, half), v = V.Slice(y / 2 * half, half);
            YuvKernel.ToYuv(upper[..whole], lower[..whole], upperY, lowerY, u, v);
            if (whole < area.Width)
            {
                corner[0] = corner[1] = upper[whole];
                corner[2] = corner[3] = lower[whole];
                YuvKernel.ToYuv(corner[..2], corner[2..], upperY[whole..], lowerY[whole..], u[(whole / 2)..], v[(whole / 2)..]);
            }
        }
    }

    /// <summary>Planes that lie anywhere, as a decoder left them, become the pixels of a rectangle.</summary>
    public static unsafe void Paint(byte* y, int yStride, byte* u, byte* v, int uvStride, Frame target, PixelRect area)
    {
        for (int row = 0; row < area.Height; row++)
        {
            int half = (area.Width + 1) / 2;
            var luma = new ReadOnlySpan<byte>(y + ((nint)row * yStride), area.Width);
            var blueness = new ReadOnlySpan<byte>(u + ((nint)(row / 2) * uvStride), half);
            var redness = new ReadOnlySpan<byte>(v + ((nint)(row / 2) * uvStride), half);
            YuvKernel.FromYuv(luma, blueness, redness, target.Row(area.Y + row, area.X, area.Width));
        }
    }
}
