using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Ops;

/// <summary>A rectangle of a frame to be encoded: its pixels copied out, X 0, rows without gaps. At most a cell of <see cref="FrameDifference"/> large.</summary>
internal readonly ref struct Tile(PixelRect area, ReadOnlySpan<uint> pixels)
{
    public PixelRect Area { get; } = area;

    public ReadOnlySpan<uint> Pixels { get; } = pixels;

    public ReadOnlySpan<uint> Row(int y) => Pixels.Slice(y * Area.Width, Area.Width);
}
