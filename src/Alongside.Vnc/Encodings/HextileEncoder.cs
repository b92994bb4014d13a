using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// Hextile (RFB 7.7.4): tiles of 16 x 16, each raw or a background with rectangles. Background and foreground carry over to the next tile
/// unless that was raw.
/// <code>
/// u8 what follows: 1 raw, 2 background, 4 foreground, 8 rectangles, 16 each with its colour
/// [PIXEL background] [PIXEL foreground] [u8 count, each: [PIXEL] | u8 x:4 y:4 | u8 width-1:4 height-1:4]
/// </code>
/// </summary>
internal sealed class HextileEncoder : RectEncoder
{
    private const int Side = 16;
    private const byte RawTile = 1, HasBackground = 2, HasForeground = 4, HasSubrects = 8, Coloured = 16;

    private readonly SubrectFinder finder = new();
    private readonly uint[] tile = new uint[Side * Side];
    private uint? background;
    private uint? foreground;

    public override void Write(UpdateWriter update, Frame picture, PixelRect rect)
    {
        update.Rect(rect, EncodingNumber.Hextile);
        (background, foreground) = (null, null);
        for (int y = rect.Y; y < rect.Bottom; y += Side)
        {
            for (int x = rect.X; x < rect.Right; x += Side)
            {
                WriteTile(update, picture, new(x, y, Math.Min(Side, rect.Right - x), Math.Min(Side, rect.Bottom - y)));
            }
        }
    }

    private void WriteTile(UpdateWriter update, Frame picture, PixelRect area)
    {
        for (int y = 0; y < area.Height; y++)
        {
            picture.Row(area.Y + y, area.X, area.Width).CopyTo(tile.AsSpan(y * area.Width));
        }

        var output = update.Output;
        int size = Packer.Bytes, pixels = (int)area.Area;
        bool found = finder.TryFind(tile.AsSpan(0, pixels), area.Width, area.Height, 255);
        var subrects = finder.Found;
        bool oneColour = found && subrects.All(sub => sub.Colour == subrects[0].Colour);
        if (!found || 2 + (2 * size) + (subrects.Count * (oneColour ? 2 : size + 2)) > pixels * size)
        {
            output.WriteU8(RawTile);
            for (int y = area.Y; y < area.Bottom; y++)
            {
                Packer.Pack(picture.Row(y, area.X, area.Width), output.Append(area.Width * size));
            }

            (background, foreground) = (null, null);
            return;
        }

        bool newBackground = background != finder.Background;
        bool newForeground = subrects.Count > 0 && oneColour && foreground != subrects[0].Colour;
        output.WriteU8((byte)((newBackground ? HasBackground : 0) | (newForeground ? HasForeground : 0)
            | (subrects.Count > 0 ? HasSubrects : 0) | (oneColour ? 0 : Coloured)));
        if (newBackground)
        {
            background = finder.Background;
            Packer.Pack([finder.Background], output.Append(size));
        }

        if (newForeground)
        {
            foreground = subrects[0].Colour;
            Packer.Pack([subrects[0].Colour], output.Append(size));
        }

        if (subrects.Count == 0)
        {
            return;
        }

        output.WriteU8((byte)subrects.Count);
        foreach (var sub in subrects)
        {
            if (!oneColour)
            {
                Packer.Pack([sub.Colour], output.Append(size));
            }

            output.WriteU8((byte)((sub.X << 4) | sub.Y));
            output.WriteU8((byte)(((sub.Width - 1) << 4) | (sub.Height - 1)));
        }

        if (!oneColour)
        {
            // Whether a foreground outlives coloured rectangles is read differently by different viewers.
            foreground = null;
        }
    }
}
