using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Host.Native;

namespace Alongside.Host.Capture.Linux;

/// <summary>
/// Where the children of the root are, which a window manager's frames are as well, and so how far one went when it moves. The server tells of a move before
/// it draws it. Sizes of today are kept, nothing else: whether a window is hidden or looks as before is for the encoder to see.
/// </summary>
internal sealed unsafe class WindowPlaces
{
    /// <summary>A display with more than this many windows does without hints for the others.</summary>
    private const int Most = 4096;

    private readonly Dictionary<nuint, PixelRect> places = [];

    /// <summary>Selects the events and learns where everything is.</summary>
    public void Connected(XDisplay display)
    {
        places.Clear();
        _ = LibX11.XSelectInput(display, display.Root, LibX11.SubstructureNotifyMask);
        if (LibX11.XQueryTree(display, display.Root, out _, out _, out nuint* children, out uint count) == 0)
        {
            return;
        }

        for (uint i = 0; i < count; i++)
        {
            // One that has gone meanwhile has no geometry, and is no error.
            if (LibX11.XGetGeometry(display, children[i], out _, out int x, out int y, out uint width, out uint height, out uint border, out _) != 0)
            {
                Keep(children[i], x, y, (int)width, (int)height, (int)border);
            }
        }

        if (children is not null)
        {
            _ = LibX11.XFree((nint)children);
        }

        display.TakeError();
    }

    /// <summary>True: a window went somewhere else, as it was.</summary>
    public bool TryMove(in XEvent received, out Motion motion)
    {
        motion = default;
        switch (received.Type)
        {
            case XEvent.CreateNotify:
                Keep(received);
                return false;
            case XEvent.DestroyNotify:
                places.Remove(received.Subject);
                return false;
            case XEvent.ReparentNotify:
                // Into a window manager's frame, which moves in its stead; or out of one: then it is known after its next step.
                places.Remove(received.Subject);
                return false;
            case XEvent.ConfigureNotify:
                bool known = places.TryGetValue(received.Subject, out var was);
                var now = Keep(received);
                motion = new(now, now.X - was.X, now.Y - was.Y);
                return known && (now.Width, now.Height) == (was.Width, was.Height) && (now.X, now.Y) != (was.X, was.Y);
            default:
                return false;
        }
    }

    private PixelRect Keep(in XEvent e) => Keep(e.Subject, e.ConfigureX, e.ConfigureY, e.ConfigureWidth, e.ConfigureHeight, e.ConfigureBorder);

    private PixelRect Keep(nuint window, int x, int y, int width, int height, int border)
    {
        var place = new PixelRect(x, y, width + (2 * border), height + (2 * border));
        if (places.Count < Most || places.ContainsKey(window))
        {
            places[window] = place;
        }

        return place;
    }
}
