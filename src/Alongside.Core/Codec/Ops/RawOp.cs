using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// Noise: colours as they are, in the loose part, since nothing would make them shorter.
/// <code>
/// u8 4 | u16 x | u16 y | u16 width | u16 height      loose: (u8 r, g, b) * width * height
/// </code>
/// </summary>
internal sealed class RawOp() : Op(4, 1)
{
    public override bool IsPlain => false;

    public override bool TryEncode(Tile tile, UpdateParts parts)
    {
        if (!NoiseEstimate.IsNoise(tile))
        {
            return false;
        }

        parts.Begin(Code, tile.Area);
        ColourKernel.ToRgb(tile.Pixels, parts.Loose.Append(tile.Pixels.Length * 3));
        return true;
    }

    public override void Decode(ref UpdatePartsReader parts, Frame picture)
    {
        var area = parts.ReadArea();
        for (int y = area.Y; y < area.Bottom; y++)
        {
            ColourKernel.FromRgb(parts.Loose.Take(area.Width * 3), picture.Row(y, area.X, area.Width));
        }
    }
}
