using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// Tiles of 16 x 16, left to right and top to bottom (RFB 7.7.4). Background and foreground hold from tile to tile.
/// <code>
/// u8 how     bit 0 raw             u32 pixel * width * height, and nothing else
///            bit 1 background      u32 pixel
///            bit 2 foreground      u32 pixel
///            bit 3 parts           u8 count, then for each ( u32 pixel if bit 4 ) | u8 x:4 y:4 | u8 width-1:4 height-1:4
///            bit 4 parts in colour
/// </code>
/// </summary>
internal sealed class HextileDecoder : IRectangleDecoder
{
    private const int Side = 16;
    private const byte Raw = 1;
    private const byte HasBackground = 2;
    private const byte HasForeground = 4;
    private const byte HasParts = 8;
    private const byte HasColours = 16;

    private Frame picture = null!;
    private PixelRect area;
    private int x;
    private int y;
    private uint background;
    private uint foreground;

    public void Begin(Frame picture, PixelRect area)
    {
        (this.picture, this.area) = (picture, area);
        (x, y) = (area.X, area.Y);
        (background, foreground) = (0, 0);
    }

    public bool TryDecode(ReadOnlySpan<byte> input, out int consumed, out int needed)
    {
        consumed = 0;
        needed = 1;
        if (area.IsEmpty)
        {
            return true;
        }

        while (y < area.Bottom)
        {
            var tile = new PixelRect(x, y, Math.Min(Side, area.Right - x), Math.Min(Side, area.Bottom - y));
            if (!TryDecodeTile(input[consumed..], tile, out int used, out needed))
            {
                return false;
            }

            consumed += used;
            x += Side;
            if (x >= area.Right)
            {
                (x, y) = (area.X, y + Side);
            }
        }

        return true;
    }

    public void Dispose()
    {
    }

    /// <summary>A tile is decoded when all its bytes are there: 1025 at most for a raw one, 1540 for any other.</summary>
    private bool TryDecodeTile(ReadOnlySpan<byte> input, PixelRect tile, out int used, out int needed)
    {
        used = 0;
        needed = 1;
        if (input.IsEmpty)
        {
            return false;
        }

        byte how = input[0];
        if ((how & Raw) != 0)
        {
            used = needed = 1 + ((int)tile.Area * 4);
            return input.Length >= needed && Copy(input[1..], tile);
        }

        int at = 1 + ((how & HasBackground) != 0 ? 4 : 0) + ((how & HasForeground) != 0 ? 4 : 0);
        int entry = (how & HasColours) != 0 ? 6 : 2;
        needed = at + ((how & HasParts) != 0 ? 1 : 0);
        if (input.Length < needed)
        {
            return false;
        }

        int parts = (how & HasParts) != 0 ? input[at++] : 0;
        used = needed = at + (parts * entry);
        if (input.Length < needed)
        {
            return false;
        }

        var colours = input[1..];
        if ((how & HasBackground) != 0)
        {
            background = BinaryPrimitives.ReadUInt32LittleEndian(colours);
            colours = colours[4..];
        }

        if ((how & HasForeground) != 0)
        {
            foreground = BinaryPrimitives.ReadUInt32LittleEndian(colours);
        }

        picture.Fill(tile, background);
        for (; parts > 0; parts--, at += entry)
        {
            Paint(input.Slice(at, entry), tile);
        }

        return true;
    }

    private void Paint(ReadOnlySpan<byte> entry, PixelRect tile)
    {
        uint pixel = entry.Length == 6 ? BinaryPrimitives.ReadUInt32LittleEndian(entry) : foreground;
        byte place = entry[^2], size = entry[^1];
        var part = new PixelRect(tile.X + (place >> 4), tile.Y + (place & 15), (size >> 4) + 1, (size & 15) + 1);
        if (part.Right > tile.Right || part.Bottom > tile.Bottom)
        {
            throw new ProtocolException("A VNC tile (Hextile) is painted outside itself.");
        }

        picture.Fill(part, pixel);
    }

    private bool Copy(ReadOnlySpan<byte> pixels, PixelRect tile)
    {
        for (int row = 0; row < tile.Height; row++)
        {
            pixels.Slice(row * tile.Width * 4, tile.Width * 4).CopyTo(MemoryMarshal.AsBytes(picture.Row(tile.Y + row, tile.X, tile.Width)));
        }

        return true;
    }
}
