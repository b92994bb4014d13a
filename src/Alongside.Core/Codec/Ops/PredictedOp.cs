using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// Many colours: what is left after a gradient prediction (<see cref="PredictKernel"/>), within the rectangle alone.
/// <code>
/// u8 3 | u16 x | u16 y | u16 width | u16 height | (u8 green, red, blue residual) * width * height
/// </code>
/// </summary>
internal sealed class PredictedOp() : Op(3, 1)
{
    public override bool IsPlain => false;

    public override bool TryEncode(Tile tile, UpdateParts parts)
    {
        parts.Begin(Code, tile.Area);
        PredictKernel.Encode(tile.Pixels, tile.Area.Width, parts.Packed.Append(tile.Pixels.Length * 3));
        return true;
    }

    public override void Decode(ref UpdatePartsReader parts, Frame picture)
    {
        var area = parts.ReadArea();
        for (int y = area.Y; y < area.Bottom; y++)
        {
            var above = y == area.Y ? [] : picture.Row(y - 1, area.X, area.Width);
            PredictKernel.DecodeRow(parts.Packed.Take(area.Width * 3), above, picture.Row(y, area.X, area.Width));
        }
    }
}
