using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec.Motions;

/// <summary>A made-up desktop whose parts move: text-like and photo-like content from a seed, without repeats.</summary>
internal sealed class Desk(int width, int height, int seed)
{
    private readonly Random random = new(seed);

    public Frame Frame { get; } = new(width, height);

    /// <summary>Dark strokes on a light ground, all different.</summary>
    public void Write(PixelRect area, uint paper = 0xFFFFFF)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                Frame.Row(y)[x] = y % 17 < 12 && random.Next(3) == 0 ? 0x101010u : paper;
            }
        }
    }

    public void Fill(PixelRect area, uint colour)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            Frame.Row(y, area.X, area.Width).Fill(colour);
        }
    }

    /// <summary>A window with a title, a border and text.</summary>
    public void Window(PixelRect area)
    {
        Fill(area, (uint)random.Next(1 << 24));
        Write(new(area.X + 2, area.Y + 20, area.Width - 4, area.Height - 22), (uint)random.Next(1 << 24) | 0x808080);
    }

    /// <summary>What is in the area goes so far, within the area; what leaves it is lost, what comes in is new text.</summary>
    public void Scroll(PixelRect area, int dx, int dy)
    {
        uint[] was = Take(area);
        Write(area);
        Put(was, area, dx, dy, area);
    }

    /// <summary>The pixels of an area, row by row.</summary>
    public uint[] Take(PixelRect area)
    {
        uint[] pixels = new uint[area.Width * area.Height];
        for (int y = 0; y < area.Height; y++)
        {
            Frame.Row(area.Y + y, area.X, area.Width).CopyTo(pixels.AsSpan(y * area.Width));
        }

        return pixels;
    }

    /// <summary>Puts what was taken elsewhere, as far as it lies within the clip.</summary>
    public void Put(uint[] pixels, PixelRect place, int dx, int dy, PixelRect? clip = null)
    {
        var to = (place with { X = place.X + dx, Y = place.Y + dy }).Intersect(clip ?? Frame.Bounds).Intersect(Frame.Bounds);
        for (int y = to.Y; y < to.Bottom; y++)
        {
            pixels.AsSpan(((y - dy - place.Y) * place.Width) + to.X - dx - place.X, to.Width).CopyTo(Frame.Row(y, to.X, to.Width));
        }
    }
}
