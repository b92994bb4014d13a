using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// RRE (RFB 7.7.3), and Raw where that is shorter.
/// <code>u32 rectangles | PIXEL background | each: PIXEL | u16 x | u16 y | u16 width | u16 height</code>
/// </summary>
internal sealed class RreEncoder : RectEncoder
{
    private readonly SubrectFinder finder = new();
    private uint[] tile = [];

    public override int MaxArea => 64 * 64;

    public override void Write(UpdateWriter update, Frame picture, PixelRect rect)
    {
        if (tile.Length < rect.Area)
        {
            tile = new uint[rect.Area];
        }

        for (int y = 0; y < rect.Height; y++)
        {
            picture.Row(rect.Y + y, rect.X, rect.Width).CopyTo(tile.AsSpan(y * rect.Width));
        }

        int size = Packer.Bytes;
        int most = (((int)rect.Area * size) - 4 - size) / (size + 8);
        var output = update.Output;
        if (!finder.TryFind(tile.AsSpan(0, (int)rect.Area), rect.Width, rect.Height, most))
        {
            update.Rect(rect, EncodingNumber.Raw);
            for (int y = rect.Y; y < rect.Bottom; y++)
            {
                Packer.Pack(picture.Row(y, rect.X, rect.Width), output.Append(rect.Width * size));
            }

            return;
        }

        update.Rect(rect, EncodingNumber.Rre);
        output.WriteU32((uint)finder.Found.Count);
        Packer.Pack([finder.Background], output.Append(size));
        foreach (var sub in finder.Found)
        {
            Packer.Pack([sub.Colour], output.Append(size));
            output.WriteU16(sub.X);
            output.WriteU16(sub.Y);
            output.WriteU16(sub.Width);
            output.WriteU16(sub.Height);
        }
    }
}
