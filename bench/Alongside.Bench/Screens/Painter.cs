using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Screens;

/// <summary>A window over the whole display that shows recorded frames: only what changed is drawn, so that only that is damaged.</summary>
internal sealed unsafe class Painter : IDisposable
{
    private readonly nint display;
    private readonly nuint window;
    private readonly SharedImage image;
    private readonly Frame shown;
    private readonly FrameDifference difference = new();
    private readonly DamageRegion whole = new();

    public Painter(string name, int width, int height)
    {
        display = X.XOpenDisplay(name);
        image = new SharedImage(display, width, height);
        shown = new Frame(width, height);
        window = X.XCreateSimpleWindow(display, X.XDefaultRootWindow(display), 0, 0, (uint)width, (uint)height, 0, 0, 0);
        XSetWindowAttributes attributes = new() { OverrideRedirect = 1 };
        _ = X.XChangeWindowAttributes(display, window, X.OverrideRedirect, &attributes);
        _ = X.XMapRaised(display, window);
        _ = X.XSync(display, 0);
        whole.Add(shown.Bounds);
    }

    /// <summary>Shows the frame, and returns once the X server has drawn it. False when nothing is different.</summary>
    public bool Show(Frame frame)
    {
        difference.Compare(shown, frame, whole);
        frame.Pixels.CopyTo(image.Pixels);
        frame.Pixels.CopyTo(shown.Pixels);
        foreach (var rect in difference.Rects)
        {
            image.Put(window, rect);
        }

        _ = X.XSync(display, 0);
        return difference.Rects.Length > 0;
    }

    public void Dispose()
    {
        image.Dispose();
        _ = X.XCloseDisplay(display);
    }
}
