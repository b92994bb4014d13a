using Alongside.Core.Codec;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// ZRLE (RFB 7.7.6): tiles of 64 x 64 through one zlib stream.
/// <code>
/// u32 length | zlib data; each tile:
/// u8 0 | CPIXELs                                        raw
/// u8 1 | CPIXEL                                         one colour
/// u8 2..16 | CPIXELs | rows of 1, 2 or 4 bits           palette
/// u8 128 | CPIXEL, length                               runs
/// u8 130..255 | CPIXELs | u8 place [+128, length]       runs of a palette
/// </code>
/// </summary>
internal sealed class ZrleEncoder(int level) : RectEncoder
{
    private const int Side = 64;
    private const int MaxPalette = 127;

    private readonly ZlibCompressor zlib = new(level);
    private readonly ByteBuffer data = new();
    private readonly ColourSet colours = new();
    private readonly uint[] tile = new uint[Side * Side];
    private readonly byte[] places = new byte[Side * Side];

    protected override PixelLayout Layout => PixelLayout.Compact;

    public override void Write(UpdateWriter update, Frame picture, PixelRect rect)
    {
        update.Rect(rect, EncodingNumber.Zrle);
        data.Clear();
        for (int y = rect.Y; y < rect.Bottom; y += Side)
        {
            for (int x = rect.X; x < rect.Right; x += Side)
            {
                var area = new PixelRect(x, y, Math.Min(Side, rect.Right - x), Math.Min(Side, rect.Bottom - y));
                for (int row = 0; row < area.Height; row++)
                {
                    picture.Row(y + row, x, area.Width).CopyTo(tile.AsSpan(row * area.Width));
                }

                WriteTile(tile.AsSpan(0, (int)area.Area), area.Width);
            }
        }

        ZlibEncoder.WriteCompressed(update.Output, zlib, data.Written);
    }

    public override void Dispose() => zlib.Dispose();

    private void WriteTile(ReadOnlySpan<uint> pixels, int width)
    {
        int size = Packer.Bytes, height = pixels.Length / width;
        colours.Clear();
        bool few = colours.TryIndex(pixels, places) && colours.Count <= MaxPalette;
        int count = colours.Count;
        if (count == 1)
        {
            data.WriteU8(1);
            Packer.Pack(colours.Colours, data.Append(size));
            return;
        }

        var (runBytes, runs, singles) = CountRuns(pixels, size);
        int best = pixels.Length * size;
        int how = 0;
        if (runBytes < best)
        {
            (best, how) = (runBytes, 128);
        }

        if (few)
        {
            // A run of one is its place alone; a longer one has a length of its own.
            int paletteRuns = (count * size) + runBytes - (runs * size) + runs - singles;
            if (paletteRuns < best)
            {
                (best, how) = (paletteRuns, 128 + count);
            }

            if (count <= 16 && (count * size) + (height * RowBytes(width, count)) < best)
            {
                how = count;
            }
        }

        data.WriteU8((byte)how);
        switch (how)
        {
            case 0:
                Packer.Pack(pixels, data.Append(pixels.Length * size));
                break;
            case 128:
                WriteRuns(pixels, palette: false);
                break;
            case > 128:
                Packer.Pack(colours.Colours, data.Append(count * size));
                WriteRuns(pixels, palette: true);
                break;
            default:
                Packer.Pack(colours.Colours, data.Append(count * size));
                WritePacked(width, height, count);
                break;
        }
    }

    private static int BitsFor(int count) => count == 2 ? 1 : count <= 4 ? 2 : 4;

    private static int RowBytes(int width, int count) => ((width * BitsFor(count)) + 7) / 8;

    private static int Run(ReadOnlySpan<uint> pixels)
    {
        int other = pixels.IndexOfAnyExcept(pixels[0]);
        return other < 0 ? pixels.Length : other;
    }

    private static (int Bytes, int Runs, int Singles) CountRuns(ReadOnlySpan<uint> pixels, int size)
    {
        int bytes = 0, runs = 0, singles = 0;
        for (int i = 0; i < pixels.Length;)
        {
            int run = Run(pixels[i..]);
            bytes += size + ((run - 1) / 255) + 1;
            singles += run == 1 ? 1 : 0;
            runs++;
            i += run;
        }

        return (bytes, runs, singles);
    }

    private void WriteRuns(ReadOnlySpan<uint> pixels, bool palette)
    {
        int size = Packer.Bytes;
        for (int i = 0; i < pixels.Length;)
        {
            int run = Run(pixels[i..]);
            if (palette)
            {
                data.WriteU8((byte)(places[i] | (run > 1 ? 128 : 0)));
            }
            else
            {
                Packer.Pack(pixels.Slice(i, 1), data.Append(size));
            }

            i += run;
            if (palette && run == 1)
            {
                continue;
            }

            int length = run - 1;
            for (; length >= 255; length -= 255)
            {
                data.WriteU8(255);
            }

            data.WriteU8((byte)length);
        }
    }

    private void WritePacked(int width, int height, int count)
    {
        int bits = BitsFor(count);
        for (int y = 0; y < height; y++)
        {
            var row = data.Append(RowBytes(width, count));
            row.Clear();
            for (int x = 0; x < width; x++)
            {
                int bit = x * bits;
                row[bit >> 3] |= (byte)(places[(y * width) + x] << (8 - bits - (bit & 7)));
            }
        }
    }
}
