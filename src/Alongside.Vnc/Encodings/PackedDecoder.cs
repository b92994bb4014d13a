using System.Buffers.Binary;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// What Zlib and ZRLE have in common: a length, then so many bytes of the encoding's own zlib stream. They are decoded when all are there;
/// how many there may be is bounded by the rectangle's pixels before any is waited for.
/// <code>
/// u32 length | zlib * length
/// </code>
/// </summary>
internal abstract class PackedDecoder : IRectangleDecoder
{
    private const int Header = 4;

    protected Inflater Inflater { get; } = new();

    protected Frame Picture { get; private set; } = null!;

    protected PixelRect Area { get; private set; }

    /// <summary>The most that an honest server needs for the rectangle, unpacked.</summary>
    protected abstract long Unpacked { get; }

    public void Begin(Frame picture, PixelRect area) => (Picture, Area) = (picture, area);

    public bool TryDecode(ReadOnlySpan<byte> input, out int consumed, out int needed)
    {
        consumed = 0;
        needed = Header;
        if (input.Length < Header)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(input);

        // What does not compress grows by five bytes in each block, and by a header and a flush.
        if (length > Unpacked + (Unpacked / 64) + 1024)
        {
            throw new ProtocolException("A VNC rectangle has more packed bytes than its pixels could need.");
        }

        needed = Header + (int)length;
        if (input.Length < needed)
        {
            return false;
        }

        Inflater.Begin(input[Header..needed]);
        Decode();
        Inflater.End();
        consumed = needed;
        return true;
    }

    public void Dispose() => Inflater.Dispose();

    protected abstract void Decode();
}
