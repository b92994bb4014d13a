using Alongside.Core.Codec;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Pictures;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// Tight (RFB 7.7.5): each rectangle in the way that suits it.
/// <code>
/// 0x80 | TPIXEL                                                     one colour
/// 0x90 | length | JPEG                                              many colours, when the viewer named a quality
/// 0x50 | u8 1 | u8 1 | 2 TPIXELs | [length] zlib: rows of bits       two colours (stream 1)
/// 0x60 | u8 1 | u8 n-1 | TPIXELs | [length] zlib: u8 each            few colours (stream 2)
/// 0x00 | [length] zlib: TPIXELs                                     all others (stream 0)
/// </code>
/// Less than twelve bytes are sent as they are, without a length. TightPNG (for browsers) has PNG in the place of the last three:
/// <code>0xA0 | length | PNG</code>
/// </summary>
internal sealed class TightEncoder(bool png) : RectEncoder
{
    private const byte Fill = 0x80, Jpeg = 0x90, Png = 0xA0, Palette = 0x40;
    private const int LeastCompressed = 12;

    /// <summary>Smaller pictures cost more as a JPEG's tables than as pixels.</summary>
    private const int LeastPicture = 32 * 32;

    private readonly ZlibCompressor?[] streams = new ZlibCompressor?[3];
    private readonly PngWriter? pngs = png ? new() : null;
    private readonly ColourSet colours = new();
    private readonly ByteBuffer data = new();
    private JpegEncoder? jpeg;
    private uint[] pixels = [];
    private byte[] places = [];
    private bool canJpeg;
    private bool lossy;
    private int maxColours = ColourSet.Capacity;
    private TightWishes wishes;
    private int resets;

    /// <summary>65,536 pixels and 2,048 across are what viewers expect at most.</summary>
    public override int MaxArea => 65_536;

    public override bool IsLossy => lossy;

    /// <summary>What the viewer said last. With another level of compression the streams begin anew.</summary>
    public TightWishes Wishes
    {
        get => wishes;
        set
        {
            if (value.ZlibLevel != wishes.ZlibLevel)
            {
                for (int i = 0; i < streams.Length; i++)
                {
                    resets |= streams[i] is null ? 0 : 1 << i;
                    streams[i]?.Dispose();
                    streams[i] = null;
                }
            }

            wishes = value;
        }
    }

    protected override PixelLayout Layout => PixelLayout.Tight;

    /// <summary>Whether JPEG may be used: not for what makes an earlier one exact.</summary>
    public bool Exact { get; set; }

    private int Number => pngs is null ? EncodingNumber.Tight : EncodingNumber.TightPng;

    public override void Write(UpdateWriter update, Frame picture, PixelRect rect)
    {
        int count = (int)rect.Area;
        if (pixels.Length < count)
        {
            (pixels, places) = (new uint[count], new byte[count]);
        }

        for (int y = 0; y < rect.Height; y++)
        {
            picture.Row(rect.Y + y, rect.X, rect.Width).CopyTo(pixels.AsSpan(y * rect.Width));
        }

        lossy = false;
        update.Rect(rect, Number);
        var all = pixels.AsSpan(0, count);
        colours.Clear();
        bool few = colours.TryIndex(all, places) && colours.Count <= maxColours;
        if (colours.Count == 1)
        {
            WriteControl(update.Output, Fill);
            Packer.Pack(colours.Colours, update.Output.Append(Packer.Bytes));
        }
        else if (!few && !Exact && canJpeg && wishes.JpegQuality is { } quality && count >= LeastPicture)
        {
            lossy = true;
            jpeg ??= new();
            WriteControl(update.Output, Jpeg);
            Append(update.Output, jpeg.Encode(all, rect.Width, rect.Width, rect.Height, quality, wishes.Subsampling));
        }
        else if (pngs is not null)
        {
            WriteControl(update.Output, Png);
            Append(update.Output, few ? pngs.Write(wishes.ZlibLevel, rect.Width, rect.Height, colours.Colours, places.AsSpan(0, count)) : pngs.Write(wishes.ZlibLevel, rect.Width, rect.Height, all));
        }
        else if (few && colours.Count == 2)
        {
            WriteTwo(update.Output, rect.Width, rect.Height);
        }
        else if (few)
        {
            WritePalette(update.Output, stream: 2);
            WriteCompressed(update.Output, 2, places.AsSpan(0, count));
        }
        else
        {
            WriteControl(update.Output, 0);
            data.Clear();
            Packer.Pack(all, data.Append(count * Packer.Bytes));
            WriteCompressed(update.Output, 0, data.Written);
        }
    }

    public override void Dispose()
    {
        jpeg?.Dispose();
        foreach (var stream in streams)
        {
            stream?.Dispose();
        }
    }

    protected override void FormatChanged(PixelFormat changed)
    {
        // A palette of bytes saves nothing where pixels are bytes.
        maxColours = changed.BytesPerPixel == 1 && pngs is null ? 2 : ColourSet.Capacity;
        canJpeg = changed.TrueColour && changed.BytesPerPixel > 1;
    }

    /// <summary>The lowest bits say which streams begin anew before this rectangle.</summary>
    private void WriteControl(ByteBuffer output, int control)
    {
        output.WriteU8((byte)(control | resets));
        resets = 0;
    }

    private static void Append(ByteBuffer output, ReadOnlySpan<byte> file)
    {
        CompactLength.Write(output, file.Length);
        file.CopyTo(output.Append(file.Length));
    }

    private void WritePalette(ByteBuffer output, int stream)
    {
        WriteControl(output, Palette | (stream << 4));
        output.WriteU8(1);
        output.WriteU8((byte)(colours.Count - 1));
        Packer.Pack(colours.Colours, output.Append(colours.Count * Packer.Bytes));
    }

    private void WriteTwo(ByteBuffer output, int width, int height)
    {
        WritePalette(output, stream: 1);
        data.Clear();
        for (int y = 0; y < height; y++)
        {
            var row = data.Append((width + 7) / 8);
            row.Clear();
            for (int x = 0; x < width; x++)
            {
                row[x >> 3] |= (byte)(places[(y * width) + x] << (7 - (x & 7)));
            }
        }

        WriteCompressed(output, 1, data.Written);
    }

    private void WriteCompressed(ByteBuffer output, int stream, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < LeastCompressed)
        {
            bytes.CopyTo(output.Append(bytes.Length));
            return;
        }

        // The length comes first and its own size is known last: two bytes are kept for it, and what came is moved when it takes one or three.
        int at = output.Length;
        output.Append(2);
        (streams[stream] ??= new(wishes.ZlibLevel)).Compress(bytes, output);
        int length = output.Length - at - 2;
        int size = length < 0x80 ? 1 : length < 0x4000 ? 2 : 3;
        if (size == 3)
        {
            output.Append(1);
        }

        if (size != 2)
        {
            var whole = output.At(at, output.Length - at);
            whole.Slice(2, length).CopyTo(whole[size..]);
        }

        output.Shorten(at);
        CompactLength.Write(output, length);
        output.Append(length);
    }
}
