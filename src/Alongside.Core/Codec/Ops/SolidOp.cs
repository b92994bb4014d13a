using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// One colour.
/// <code>
/// u8 1 | u16 x | u16 y | u16 width | u16 height | u8 r, g, b
/// </code>
/// </summary>
internal sealed class SolidOp() : Op(1, 1)
{
    public override bool TryEncode(Tile tile, UpdateParts parts)
    {
        uint colour = tile.Pixels[0];
        if (ColourKernel.CountRun(tile.Pixels, colour) != tile.Pixels.Length)
        {
            return false;
        }

        parts.Begin(Code, tile.Area);
        parts.Packed.AppendColour(colour);
        return true;
    }

    public override void Decode(ref UpdatePartsReader parts, Frame picture)
    {
        var area = parts.ReadArea();
        uint colour = parts.ReadColour();
        for (int y = area.Y; y < area.Bottom; y++)
        {
            picture.Row(y, area.X, area.Width).Fill(colour);
        }
    }
}
