using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// Tiles of 64 x 64 in a zlib stream that lives as long as the connection (RFB 7.7.6). A colour is three bytes, blue first.
/// <code>
/// u8 how     0            colour * width * height
///            1            colour: all of the tile
///            2 to 16      colour * how, then indices of 1 (how 2), 2 (to 4) or 4 bits, first pixel highest, rows of whole bytes
///            128          ( colour, run ) until the tile is full; a run is 255 * n, then a byte, plus 1
///            130 to 255   colour * (how - 128), then ( u8 index, and a run if its bit 7 is set ) until the tile is full
/// </code>
/// </summary>
internal sealed class ZrleDecoder : PackedDecoder
{
    private const int Side = 64;

    /// <summary>The most a tile can have: a palette of 127 colours is smaller than a run of its own for each pixel.</summary>
    private const int MaxTile = 1 + (127 * 3) + (Side * Side * 4);

    private readonly uint[] palette = new uint[128];
    private readonly uint[] tile = new uint[Side * Side];

    protected override long Unpacked => ((Area.Area * 4) + (((Area.Width / Side) + 1L) * ((Area.Height / Side) + 1L) * 382));

    protected override void Decode()
    {
        for (int y = Area.Y; y < Area.Bottom; y += Side)
        {
            for (int x = Area.X; x < Area.Right; x += Side)
            {
                DecodeTile(new(x, y, Math.Min(Side, Area.Right - x), Math.Min(Side, Area.Bottom - y)));
            }
        }
    }

    private static uint Colour(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (bytes.Length - at < 3)
        {
            throw Inflater.Short();
        }

        uint colour = 0xff000000 | ((uint)bytes[at + 2] << 16) | ((uint)bytes[at + 1] << 8) | bytes[at];
        at += 3;
        return colour;
    }

    /// <summary>A run's length, which must not reach beyond <paramref name="most"/>.</summary>
    private static int Run(ReadOnlySpan<byte> bytes, ref int at, int most)
    {
        int length = 1;
        byte more;
        do
        {
            if (at == bytes.Length)
            {
                throw Inflater.Short();
            }

            more = bytes[at++];
            length += more;
            if (length > most)
            {
                throw new ProtocolException("A run in a VNC tile (ZRLE) is longer than the tile.");
            }
        }
        while (more == 255);
        return length;
    }

    private void DecodeTile(PixelRect area)
    {
        var bytes = Inflater.Peek(MaxTile);
        if (bytes.IsEmpty)
        {
            throw Inflater.Short();
        }

        int at = 1;
        byte how = bytes[0];
        switch (how)
        {
            case 0:
                DecodeRaw(bytes, ref at, area);
                break;
            case 1:
                Picture.Fill(area, Colour(bytes, ref at));
                break;
            case <= 16:
                ReadPalette(bytes, ref at, how);
                DecodeIndices(bytes, ref at, area, how);
                break;
            case 128:
                DecodeRuns(bytes, ref at, area);
                break;
            case >= 130:
                ReadPalette(bytes, ref at, how - 128);
                DecodePaletteRuns(bytes, ref at, area, how - 128);
                break;
            default:
                throw new ProtocolException("A VNC tile (ZRLE) has a form that does not exist.");
        }

        Inflater.Skip(at);
    }

    private void ReadPalette(ReadOnlySpan<byte> bytes, ref int at, int count)
    {
        for (int i = 0; i < count; i++)
        {
            palette[i] = Colour(bytes, ref at);
        }
    }

    private void DecodeRaw(ReadOnlySpan<byte> bytes, ref int at, PixelRect area)
    {
        int length = (int)area.Area * 3;
        if (bytes.Length - at < length)
        {
            throw Inflater.Short();
        }

        for (int y = area.Y; y < area.Bottom; y++, at += area.Width * 3)
        {
            TripletKernel.FromBlueFirst(bytes.Slice(at, area.Width * 3), Picture.Row(y, area.X, area.Width));
        }
    }

    private void DecodeIndices(ReadOnlySpan<byte> bytes, ref int at, PixelRect area, int colours)
    {
        int bits = colours == 2 ? 1 : colours <= 4 ? 2 : 4;
        int stride = ((area.Width * bits) + 7) / 8;
        if (bytes.Length - at < stride * area.Height)
        {
            throw Inflater.Short();
        }

        int mask = (1 << bits) - 1;
        for (int y = area.Y; y < area.Bottom; y++, at += stride)
        {
            var row = Picture.Row(y, area.X, area.Width);
            var packed = bytes.Slice(at, stride);
            for (int x = 0; x < row.Length; x++)
            {
                int bit = x * bits;
                int index = (packed[bit >> 3] >> (8 - bits - (bit & 7))) & mask;
                if (index >= colours)
                {
                    throw new ProtocolException("A VNC tile (ZRLE) names a colour that it has not.");
                }

                row[x] = palette[index];
            }
        }
    }

    private void DecodeRuns(ReadOnlySpan<byte> bytes, ref int at, PixelRect area)
    {
        int total = (int)area.Area;
        for (int done = 0; done < total;)
        {
            uint colour = Colour(bytes, ref at);
            int run = Run(bytes, ref at, total - done);
            tile.AsSpan(done, run).Fill(colour);
            done += run;
        }

        Paint(area);
    }

    private void DecodePaletteRuns(ReadOnlySpan<byte> bytes, ref int at, PixelRect area, int colours)
    {
        int total = (int)area.Area;
        for (int done = 0; done < total;)
        {
            if (at == bytes.Length)
            {
                throw Inflater.Short();
            }

            int index = bytes[at++];
            int run = (index & 128) != 0 ? Run(bytes, ref at, total - done) : 1;
            index &= 127;
            if (index >= colours)
            {
                throw new ProtocolException("A VNC tile (ZRLE) names a colour that it has not.");
            }

            tile.AsSpan(done, run).Fill(palette[index]);
            done += run;
        }

        Paint(area);
    }

    private void Paint(PixelRect area)
    {
        for (int y = 0; y < area.Height; y++)
        {
            tile.AsSpan(y * area.Width, area.Width).CopyTo(Picture.Row(area.Y + y, area.X, area.Width));
        }
    }
}
