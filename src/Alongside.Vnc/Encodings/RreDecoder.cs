using System.Buffers.Binary;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// A background and rectangles upon it (RFB 7.7.3).
/// <code>
/// u32 count | u32 background | (u32 pixel | u16 x | u16 y | u16 width | u16 height) * count
/// </code>
/// What is painted is bounded: more than sixteen times the rectangle's pixels in all is refused, so that a few megabytes of overlapping
/// rectangles do not cost minutes.
/// </summary>
internal sealed class RreDecoder : IRectangleDecoder
{
    private const int Header = 8;
    private const int Entry = 12;
    private Frame picture = null!;
    private PixelRect area;
    private bool begun;
    private uint left;
    private long budget;

    public void Begin(Frame picture, PixelRect area)
    {
        (this.picture, this.area, begun) = (picture, area, false);
        budget = area.Area * 16;
    }

    public bool TryDecode(ReadOnlySpan<byte> input, out int consumed, out int needed)
    {
        consumed = 0;
        if (!begun)
        {
            needed = Header;
            if (input.Length < Header)
            {
                return false;
            }

            left = BinaryPrimitives.ReadUInt32BigEndian(input);
            if (left > area.Area)
            {
                throw new ProtocolException("A VNC rectangle (RRE) has more parts than pixels.");
            }

            picture.Fill(area, BinaryPrimitives.ReadUInt32LittleEndian(input[4..]));
            consumed = Header;
            begun = true;
        }

        needed = Entry;
        for (; left > 0; left--)
        {
            var entry = input[consumed..];
            if (entry.Length < Entry)
            {
                return false;
            }

            var part = new PixelRect(
                BinaryPrimitives.ReadUInt16BigEndian(entry[4..]),
                BinaryPrimitives.ReadUInt16BigEndian(entry[6..]),
                BinaryPrimitives.ReadUInt16BigEndian(entry[8..]),
                BinaryPrimitives.ReadUInt16BigEndian(entry[10..]));
            budget -= part.Area;
            if (part.Right > area.Width || part.Bottom > area.Height || budget < 0)
            {
                throw new ProtocolException("A VNC rectangle (RRE) is painted outside itself, or over and over.");
            }

            picture.Fill(part with { X = area.X + part.X, Y = area.Y + part.Y }, BinaryPrimitives.ReadUInt32LittleEndian(entry));
            consumed += Entry;
        }

        return true;
    }

    public void Dispose()
    {
    }
}
