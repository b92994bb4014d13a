using Alongside.Core.Pixels;

namespace Alongside.Bench.Screens;

/// <summary>A rectangle of a display that is read again and again.</summary>
internal sealed class Spot : IDisposable
{
    private readonly nint display;
    private readonly nuint root;
    private readonly SharedImage image;
    private readonly uint[] last;

    public Spot(string name, PixelRect area)
    {
        display = X.XOpenDisplay(name);
        root = X.XDefaultRootWindow(display);
        Area = area;
        image = new SharedImage(display, area.Width, area.Height);
        last = new uint[area.Width * area.Height];
    }

    public PixelRect Area { get; }

    public ReadOnlySpan<uint> Read()
    {
        image.Read(root, Area.X, Area.Y);
        return image.Pixels;
    }

    /// <summary>Whether it is different from the last time this was asked.</summary>
    public bool HasChanged()
    {
        if (Pictures.AreSame(Read(), last))
        {
            return false;
        }

        image.Pixels.CopyTo(last);
        return true;
    }

    public void Dispose()
    {
        image.Dispose();
        _ = X.XCloseDisplay(display);
    }
}
