using System.Buffers.Binary;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// Pixels the client has already, elsewhere in the picture (RFB 7.7.2). The two places may overlap.
/// <code>
/// u16 source x | u16 source y
/// </code>
/// </summary>
internal sealed class CopyRectDecoder : IRectangleDecoder
{
    private Frame picture = null!;
    private PixelRect area;

    /// <summary>Where the last rectangle's pixels came from.</summary>
    public PixelRect Source { get; private set; }

    public void Begin(Frame picture, PixelRect area) => (this.picture, this.area) = (picture, area);

    public bool TryDecode(ReadOnlySpan<byte> input, out int consumed, out int needed)
    {
        consumed = 0;
        needed = 4;
        if (input.Length < 4)
        {
            return false;
        }

        Source = area with { X = BinaryPrimitives.ReadUInt16BigEndian(input), Y = BinaryPrimitives.ReadUInt16BigEndian(input[2..]) };
        consumed = 4;
        if (area.IsEmpty)
        {
            return true;
        }

        if (Source.Intersect(picture.Bounds) != Source)
        {
            throw new ProtocolException("The VNC server copied from outside the picture.");
        }

        // Downwards from the last row, so that no row is overwritten before it was read; a row that overlaps itself is moved whole.
        bool down = area.Y > Source.Y;
        for (int i = 0; i < area.Height; i++)
        {
            int row = down ? area.Height - 1 - i : i;
            picture.Row(Source.Y + row, Source.X, area.Width).CopyTo(picture.Row(area.Y + row, area.X, area.Width));
        }

        return true;
    }

    public void Dispose()
    {
    }
}
