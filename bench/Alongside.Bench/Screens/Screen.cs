using System.Diagnostics;
using System.Runtime.InteropServices;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Screens;

/// <summary>A connection to an X display: reads its picture, finds its windows, and does what a person would with keyboard and pointer.</summary>
internal sealed unsafe class Screen : IDisposable
{
    private const uint Shift = 50;
    private readonly nint display;
    private readonly nuint root;
    private readonly SharedImage picture;

    static Screen()
    {
        // A window may vanish between being found and being asked; Xlib would end the process.
        delegate* unmanaged<nint, nint, int> ignore = &Ignore;
        _ = X.XSetErrorHandler((nint)ignore);
    }

    public Screen(string name)
    {
        display = X.XOpenDisplay(name);
        if (display == 0)
        {
            throw new InvalidOperationException($"The display {name} can't be reached.");
        }

        Name = name;
        root = X.XDefaultRootWindow(display);
        (Width, Height) = (X.XDisplayWidth(display, 0), X.XDisplayHeight(display, 0));
        picture = new SharedImage(display, Width, Height);
    }

    public string Name { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The whole picture, valid until the next read.</summary>
    public ReadOnlySpan<uint> Read()
    {
        picture.Read(root, 0, 0);
        return picture.Pixels;
    }

    /// <summary>Fills the frame with the piece of the picture whose corner is at x, y.</summary>
    public void Read(Frame frame, int x, int y)
    {
        var pixels = Read();
        for (int row = 0; row < frame.Height; row++)
        {
            var from = pixels.Slice(((y + row) * Width) + x, frame.Width);
            var to = frame.Row(row);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from[i] & 0xff_ffff;
            }
        }
    }

    /// <summary>What the pointer's picture may cover.</summary>
    public PixelRect AroundPointer()
    {
        _ = X.XQueryPointer(display, root, out _, out _, out int x, out int y, out _, out _, out _);
        return new PixelRect(x - 32, y - 32, 64, 64).Intersect(new(0, 0, Width, Height));
    }

    public void MoveTo(int x, int y)
    {
        _ = X.XTestFakeMotionEvent(display, -1, x, y, 0);
        _ = X.XFlush(display);
    }

    /// <summary>Buttons as X numbers them: 1 is the left one, 4 and 5 are the wheel.</summary>
    public void Button(uint button, bool down)
    {
        _ = X.XTestFakeButtonEvent(display, button, down ? 1 : 0, 0);
        _ = X.XFlush(display);
    }

    public void Click(uint button = 1)
    {
        Button(button, true);
        Button(button, false);
    }

    public void ClickAt(int x, int y)
    {
        MoveTo(x, y);
        Click();
    }

    /// <summary>Presses and releases a key: a character of Latin-1, or a keysym.</summary>
    public void Type(uint keysym)
    {
        uint code = X.XKeysymToKeycode(display, keysym == '\n' ? 0xff0d : keysym);
        bool shifted = keysym < 0x80 && (char.IsAsciiLetterUpper((char)keysym) || "~!@#$%^&*()_+{}|:\"<>?".Contains((char)keysym));
        if (shifted)
        {
            _ = X.XTestFakeKeyEvent(display, Shift, 1, 0);
        }

        _ = X.XTestFakeKeyEvent(display, code, 1, 0);
        _ = X.XTestFakeKeyEvent(display, code, 0, 0);
        if (shifted)
        {
            _ = X.XTestFakeKeyEvent(display, Shift, 0, 0);
        }

        _ = X.XFlush(display);
    }

    /// <summary>The window whose title contains this, when there is one.</summary>
    public nuint Find(string title) => Find(root, title);

    public nuint WaitFor(string title, double seconds = 40)
    {
        var clock = Stopwatch.StartNew();
        nuint found;
        while ((found = Find(title)) == 0)
        {
            if (clock.Elapsed.TotalSeconds > seconds)
            {
                throw new InvalidOperationException($"No window \"{title}\" came.");
            }

            Thread.Sleep(50);
        }

        return found;
    }

    /// <summary>Until a window manager owns the display: what is started before that may stay where and as large as it began.</summary>
    public void WaitForManager()
    {
        nuint atom = X.XInternAtom(display, "_NET_SUPPORTING_WM_CHECK", 0);
        var clock = Stopwatch.StartNew();
        while (!HasProperty(atom))
        {
            if (clock.Elapsed.TotalSeconds > 40)
            {
                throw new InvalidOperationException("The window manager did not start.");
            }

            Thread.Sleep(20);
        }
    }

    /// <summary>Whether some window has the keyboard, as the window manager sees it.</summary>
    public bool HasActiveWindow => Property(X.XInternAtom(display, "_NET_ACTIVE_WINDOW", 0)) is { } window and not 0;

    /// <summary>Where a window's content is on the screen.</summary>
    public PixelRect Area(nuint window)
    {
        _ = X.XGetGeometry(display, window, out _, out _, out _, out uint width, out uint height, out _, out _);
        _ = X.XTranslateCoordinates(display, window, root, 0, 0, out int x, out int y, out _);
        return new(x, y, (int)width, (int)height);
    }

    public void Raise(nuint window)
    {
        _ = X.XRaiseWindow(display, window);
        _ = X.XSync(display, 0);
    }

    public void Place(nuint window, PixelRect area)
    {
        _ = X.XMoveResizeWindow(display, window, area.X, area.Y, (uint)area.Width, (uint)area.Height);
        _ = X.XSync(display, 0);
    }

    /// <summary>Gives the root a background that stays.</summary>
    public void SetWallpaper(Frame frame)
    {
        nuint pixmap = X.XCreatePixmap(display, root, (uint)Width, (uint)Height, 24);
        frame.Pixels.CopyTo(picture.Pixels);
        picture.Put(pixmap, frame.Bounds);
        _ = X.XSetWindowBackgroundPixmap(display, root, pixmap);
        _ = X.XClearWindow(display, root);
        _ = X.XSync(display, 0);
    }

    public void Dispose()
    {
        picture.Dispose();
        _ = X.XCloseDisplay(display);
    }

    private bool HasProperty(nuint atom) => Property(atom) is not null;

    private nuint? Property(nuint atom)
    {
        _ = X.XGetWindowProperty(display, root, atom, 0, 1, 0, 0, out nuint type, out _, out nuint items, out _, out nint value);
        nuint? first = type == 0 ? null : items == 0 ? 0 : (nuint)System.Runtime.InteropServices.Marshal.ReadIntPtr(value);
        if (value != 0)
        {
            _ = X.XFree(value);
        }

        return first;
    }

    private nuint Find(nuint from, string title)
    {
        // Not XFetchName, which does not give a name that is UTF-8.
        if (X.XGetWindowProperty(display, from, X.AtomName, 0, 64, 0, 0, out _, out _, out _, out _, out nint name) == 0 && name != 0)
        {
            bool same = Marshal.PtrToStringUTF8(name)!.Contains(title, StringComparison.Ordinal);
            _ = X.XFree(name);
            if (same)
            {
                return from;
            }
        }

        nuint found = 0;
        if (X.XQueryTree(display, from, out _, out _, out nuint* children, out uint count) != 0 && children != null)
        {
            for (uint i = 0; i < count && found == 0; i++)
            {
                found = Find(children[i], title);
            }

            _ = X.XFree((nint)children);
        }

        return found;
    }

    [UnmanagedCallersOnly]
    private static int Ignore(nint display, nint error) => 0;
}
