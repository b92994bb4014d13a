using System.Buffers.Binary;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Video.Regions;

/// <summary>
/// Rectangles of a region that a frame of its video leaves as they are, so that what is exact and stands still, as a menu over a film, stays exact.
/// <code>
/// u8 count | (u16 x | u16 y | u16 width | u16 height) * count        within the region, from its corner
/// </code>
/// </summary>
internal sealed class VideoHoles
{
    public const int Max = 8;

    private readonly PixelRect[] items = new PixelRect[Max];
    private int count;

    public ReadOnlySpan<PixelRect> Items => items.AsSpan(0, count);

    public bool IsFull => count == Max;

    public void Clear() => count = 0;

    public void Add(PixelRect hole) => items[count++] = hole;

    public void RemoveAt(int index)
    {
        count--;
        Array.Copy(items, index + 1, items, index, count - index);
    }

    public void Write(ByteBuffer output)
    {
        output.Append(1)[0] = (byte)count;
        foreach (var hole in Items)
        {
            output.AppendU16(hole.X);
            output.AppendU16(hole.Y);
            output.AppendU16(hole.Width);
            output.AppendU16(hole.Height);
        }
    }

    /// <exception cref="ProtocolException">There are too many, or one does not lie within the region.</exception>
    public void Read(ref WireReader reader, int width, int height)
    {
        count = 0;
        int toRead = reader.ReadU8();
        for (int i = 0; i < toRead; i++)
        {
            var hole = new PixelRect(reader.ReadU16(), reader.ReadU16(), reader.ReadU16(), reader.ReadU16());
            if (count == Max || hole.IsEmpty || hole.Right > width || hole.Bottom > height)
            {
                throw new ProtocolException("A video frame leaves parts as they are that are not there.");
            }

            items[count++] = hole;
        }
    }

    /// <summary>
    /// What is left of the region, a rectangle a call, from top to bottom; empty at the end. <paramref name="at"/> begins as (0, 0): the next row and column.
    /// </summary>
    public PixelRect NextRest(int width, int height, ref (int X, int Y) at)
    {
        while (at.Y < height)
        {
            // As far down as no hole begins or ends.
            int bottom = height;
            foreach (var hole in Items)
            {
                bottom = hole.Y > at.Y ? Math.Min(bottom, hole.Y) : hole.Bottom > at.Y ? Math.Min(bottom, hole.Bottom) : bottom;
            }

            int left = at.X, right = width;
            for (bool moved = true; moved;)
            {
                moved = false;
                foreach (var hole in Items)
                {
                    if (hole.Y <= at.Y && hole.Bottom > at.Y && hole.X <= left && hole.Right > left)
                    {
                        (left, moved) = (hole.Right, true);
                    }
                }
            }

            foreach (var hole in Items)
            {
                right = hole.Y <= at.Y && hole.Bottom > at.Y && hole.X > left ? Math.Min(right, hole.X) : right;
            }

            var rest = new PixelRect(left, at.Y, right - left, bottom - at.Y);
            at = right >= width ? (0, bottom) : (right, at.Y);
            if (!rest.IsEmpty)
            {
                return rest;
            }
        }

        return default;
    }
}
