using System.Runtime.InteropServices;
using Alongside.Core.Pixels;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// Pixels as they are, row by row (RFB 7.7.1).
/// <code>
/// u32 pixel * width * height
/// </code>
/// </summary>
internal sealed class RawDecoder : IRectangleDecoder
{
    private Frame picture = null!;
    private PixelRect area;
    private int x;
    private int y;

    public void Begin(Frame picture, PixelRect area) => (this.picture, this.area, x, y) = (picture, area, 0, 0);

    public bool TryDecode(ReadOnlySpan<byte> input, out int consumed, out int needed)
    {
        consumed = 0;
        needed = 4;
        if (area.IsEmpty)
        {
            return true;
        }

        while (y < area.Height)
        {
            int count = Math.Min(area.Width - x, (input.Length - consumed) / 4);
            if (count == 0)
            {
                return false;
            }

            input.Slice(consumed, count * 4).CopyTo(MemoryMarshal.AsBytes(picture.Row(area.Y + y, area.X + x, count)));
            consumed += count * 4;
            x += count;
            if (x == area.Width)
            {
                (x, y) = (0, y + 1);
            }
        }

        return true;
    }

    public void Dispose()
    {
    }
}
