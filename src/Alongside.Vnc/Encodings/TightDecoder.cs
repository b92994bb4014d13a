using Alongside.Core.Codec.Pictures;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// One rectangle of a colour, a picture, or filtered pixels in one of four zlib streams (RFB 7.7.5). A colour is three bytes, red first.
/// <code>
/// u8 control     bits 0-3     these streams begin anew
///                bits 4-7     8: fill      colour
///                             9: JPEG      length, picture
///                             0 to 7       bits 4-5 the stream, bit 6: u8 filter; then pixels
/// filter         0 copy       colour * width * height
///                1 palette    u8 count-1 | colour * count | indices: 1 bit (count 2, first pixel highest, rows of whole bytes) or 8
///                2 gradient   colour less its prediction, left + above - above left, each within 0 to 255
/// pixels         fewer than 12 bytes as they are, else length, zlib
/// length         7 bits a byte, lowest first, bit 7: there is more; at most three bytes
/// </code>
/// </summary>
internal sealed class TightDecoder : IRectangleDecoder
{
    /// <summary>Pixels of fewer bytes are not packed.</summary>
    private const int LeastPacked = 12;

    private const int Fill = 8;
    private const int Jpeg = 9;
    private const int HasFilter = 4;

    private readonly Inflater?[] streams = new Inflater?[4];
    private readonly uint[] palette = new uint[256];
    private JpegDecoder? jpeg;
    private byte[] row = [];
    private byte[] above = [];
    private Frame picture = null!;
    private PixelRect area;

    /// <summary>The last rectangle was a JPEG: its pixels are not exact.</summary>
    public bool IsLossy { get; private set; }

    public void Begin(Frame picture, PixelRect area)
    {
        (this.picture, this.area) = (picture, area);
        IsLossy = false;
    }

    /// <summary>Nothing changes before all of the rectangle is there; what is looked at again with each call is its few first bytes.</summary>
    public bool TryDecode(ReadOnlySpan<byte> input, out int consumed, out int needed)
    {
        consumed = 0;
        needed = 1;
        if (input.IsEmpty)
        {
            return false;
        }

        int how = input[0] >> 4;
        switch (how)
        {
            case Fill:
                needed = 4;
                if (input.Length < needed)
                {
                    return false;
                }

                Restart(input[0]);
                picture.Fill(area, Colour(input[1..]));
                consumed = needed;
                return true;
            case Jpeg:
                if (!TryReadLength(input, 1, out int start, out int length, ref needed))
                {
                    return false;
                }

                Restart(input[0]);
                DecodeJpeg(input.Slice(start, length));
                IsLossy = true;
                consumed = start + length;
                return true;
            case < Fill:
                return TryDecodeFiltered(input, how, out consumed, ref needed);
            default:
                throw new ProtocolException("A VNC rectangle (Tight) has a form that does not exist.");
        }
    }

    public void Dispose()
    {
        foreach (var stream in streams)
        {
            stream?.Dispose();
        }

        jpeg?.Dispose();
    }

    private static uint Colour(ReadOnlySpan<byte> bytes) => 0xff000000 | ((uint)bytes[0] << 16) | ((uint)bytes[1] << 8) | bytes[2];

    /// <summary>The length at <paramref name="at"/>; true when that and so many bytes are there.</summary>
    private static bool TryReadLength(ReadOnlySpan<byte> input, int at, out int start, out int length, ref int needed)
    {
        (start, length) = (at, 0);
        for (int shift = 0; ; shift += 7)
        {
            if (start >= input.Length)
            {
                needed = start + 1;
                return false;
            }

            byte part = input[start++];

            // The third byte has eight bits of its own.
            length |= (shift == 14 ? part : part & 127) << shift;
            if (shift == 14 || part < 128)
            {
                needed = start + length;
                return input.Length >= needed;
            }
        }
    }

    private bool TryDecodeFiltered(ReadOnlySpan<byte> input, int how, out int consumed, ref int needed)
    {
        consumed = 0;
        int at = 1, colours = 0, filter = 0;
        if ((how & HasFilter) != 0)
        {
            needed = 2;
            if (input.Length < needed)
            {
                return false;
            }

            filter = input[at++];
        }

        if (filter == 1)
        {
            needed = at + 1;
            if (input.Length < needed)
            {
                return false;
            }

            colours = input[at++] + 1;
            needed = at + (colours * 3);
            if (input.Length < needed)
            {
                return false;
            }

            palette[1] = 0;
            TripletKernel.FromRedFirst(input.Slice(at, colours * 3), palette.AsSpan(0, colours));
            at += colours * 3;
        }
        else if (filter is not (0 or 2))
        {
            throw new ProtocolException("A VNC rectangle (Tight) has a filter that does not exist.");
        }

        int stride = colours == 0 ? area.Width * 3 : colours <= 2 ? (area.Width + 7) / 8 : area.Width;
        long bytes = (long)stride * area.Height;
        if (bytes < LeastPacked)
        {
            needed = at + (int)bytes;
            if (input.Length < needed)
            {
                return false;
            }

            Restart(input[0]);
            Paint(input[at..needed], null, filter, colours, stride);
            consumed = needed;
            return true;
        }

        if (!TryReadLength(input, at, out int start, out int length, ref needed))
        {
            return false;
        }

        Restart(input[0]);
        var stream = streams[how & 3] ??= new();
        stream.Begin(input.Slice(start, length));
        Paint([], stream, filter, colours, stride);
        stream.End();
        consumed = start + length;
        return true;
    }

    /// <exception cref="DllNotFoundException">libturbojpeg is not installed; a client that names no quality is sent no JPEG.</exception>
    private void DecodeJpeg(ReadOnlySpan<byte> file)
    {
        if (area.IsEmpty)
        {
            throw new ProtocolException("A VNC rectangle (Tight) is a picture without pixels.");
        }

        jpeg ??= new();
        jpeg.Decode(file, picture.Pixels[((area.Y * picture.Width) + area.X)..], picture.Width, area.Width, area.Height);
    }

    private void Restart(byte control)
    {
        for (int i = 0; i < streams.Length; i++)
        {
            if ((control & (1 << i)) != 0)
            {
                streams[i]?.Reset();
            }
        }
    }

    /// <summary>Paints row after row, from <paramref name="packed"/> or, where there is none, from <paramref name="plain"/>.</summary>
    private void Paint(ReadOnlySpan<byte> plain, Inflater? packed, int filter, int colours, int stride)
    {
        if (row.Length < stride)
        {
            row = new byte[stride];
            above = new byte[stride];
        }

        var values = row.AsSpan(0, stride);
        Array.Clear(above);
        for (int y = area.Y; y < area.Bottom; y++)
        {
            if (packed is null)
            {
                plain.Slice((y - area.Y) * stride, stride).CopyTo(values);
            }
            else
            {
                packed.Read(values);
            }

            var pixels = picture.Row(y, area.X, area.Width);
            switch (filter)
            {
                case 0:
                    TripletKernel.FromRedFirst(values, pixels);
                    break;
                case 1:
                    PaintIndices(values, pixels, colours);
                    break;
                default:
                    AddPrediction(values, above);
                    TripletKernel.FromRedFirst(values, pixels);
                    values.CopyTo(above);
                    break;
            }
        }
    }

    private void PaintIndices(ReadOnlySpan<byte> indices, Span<uint> pixels, int colours)
    {
        if (colours <= 2)
        {
            for (int x = 0; x < pixels.Length; x++)
            {
                pixels[x] = palette[(indices[x >> 3] >> (7 - (x & 7))) & 1];
            }

            return;
        }

        for (int x = 0; x < pixels.Length; x++)
        {
            if (indices[x] >= colours)
            {
                throw new ProtocolException("A VNC rectangle (Tight) names a colour that it has not.");
            }

            pixels[x] = palette[indices[x]];
        }
    }

    private static void AddPrediction(Span<byte> values, ReadOnlySpan<byte> above)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int left = i < 3 ? 0 : values[i - 3], corner = i < 3 ? 0 : above[i - 3];
            values[i] += (byte)Math.Clamp(left + above[i] - corner, 0, 255);
        }
    }
}
