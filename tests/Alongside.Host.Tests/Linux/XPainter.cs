using Alongside.Core.Pixels;
using Alongside.Host.Native;

namespace Alongside.Host.Tests.Linux;

/// <summary>Another program on the display: draws on a window that covers the screen, and reads it back its own way.</summary>
internal sealed unsafe class XPainter : IDisposable
{
    private readonly nint gc;

    public XPainter(string display, int width, int height)
    {
        Display = XDisplay.TryOpen(display)!;
        var attributes = new LibX11.XSetWindowAttributes { OverrideRedirect = 1, BackgroundPixel = 0x203040 };
        Window = LibX11.XCreateWindow(
            Display, Display.Root, 0, 0, (uint)width, (uint)height, 0, 0, 0, 0,
            LibX11.XSetWindowAttributes.OverrideRedirectValue | LibX11.XSetWindowAttributes.BackPixel, ref attributes);
        gc = LibX11.XCreateGC(Display, Window, 0, 0);
        LibX11.XMapRaised(Display, Window);
        Flush();
    }

    public XDisplay Display { get; }

    public nuint Window { get; }

    public void Fill(PixelRect area, uint colour)
    {
        LibX11.XSetForeground(Display, gc, colour);
        LibX11.XFillRectangle(Display, Window, gc, area.X, area.Y, (uint)area.Width, (uint)area.Height);
    }

    public void Flush() => LibX11.XSync(Display, 0);

    public void MoveTo(int x, int y)
    {
        LibX11.XMoveWindow(Display, Window, x, y);
        Flush();
    }

    public void Resize(uint width, uint height)
    {
        LibX11.XMoveResizeWindow(Display, Window, 0, 0, width, height);
        Flush();
    }

    public void SetCursor(uint shape)
    {
        LibX11.XDefineCursor(Display, Window, LibX11.XCreateFontCursor(Display, shape));
        Flush();
    }

    public void Warp(int x, int y)
    {
        LibXtst.XTestFakeMotionEvent(Display, -1, x, y, 0);
        Flush();
    }

    /// <summary>What the server itself says is on the screen.</summary>
    public uint[] Read(int width, int height)
    {
        var image = LibX11.XGetImage(Display, Display.Root, 0, 0, (uint)width, (uint)height, LibX11.AllPlanes, LibX11.ZPixmap);
        var pixels = new ReadOnlySpan<uint>((void*)image->Data, width * height).ToArray();
        _ = image->Destroy(image);
        return pixels;
    }

    public void Dispose()
    {
        LibX11.XFreeGC(Display, gc);
        Display.Dispose();
    }
}
