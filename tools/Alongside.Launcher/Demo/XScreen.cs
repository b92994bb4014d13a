using System.Runtime.InteropServices;

namespace Alongside.Launcher.Demo;

/// <summary>Paints the root of an X display.</summary>
public delegate void Painter(Span<uint> pixels, int width, int height);

/// <summary>A connection to an X display with which the demo is set up: its background, and when its windows are there.</summary>
public sealed partial class XScreen : IDisposable
{
    private const nuint AtomPixmap = 20;
    private const nuint AtomWindow = 33;
    private const int RetainPermanent = 1;
    private const int ZPixmap = 2;
    private const int ClientMessage = 33;
    private const int FromPager = 2;
    private const nint SubstructureMask = (1 << 19) | (1 << 20);
    private readonly nint display;
    private readonly nuint root;

    private XScreen(nint display)
    {
        this.display = display;
        root = XDefaultRootWindow(display);
    }

    /// <summary>A window manager has announced itself.</summary>
    public bool HasWindowManager => Read("_NET_SUPPORTING_WM_CHECK").Length > 0;

    /// <summary>How many windows of programs there are.</summary>
    public int Windows => Read("_NET_CLIENT_LIST").Length;

    public static XScreen Open(string name)
    {
        nint display = XOpenDisplay(name);
        return display != 0 ? new XScreen(display) : throw new StartException($"The display {name} can't be reached.");
    }

    /// <summary>Gives the root a background that stays after this connection has gone.</summary>
    public unsafe void SetWallpaper(Painter paint)
    {
        int screen = XDefaultScreen(display);
        int width = XDisplayWidth(display, screen), height = XDisplayHeight(display, screen), depth = XDefaultDepth(display, screen);
        var pixels = new uint[width * height];
        paint(pixels, width, height);
        nuint pixmap = XCreatePixmap(display, root, (uint)width, (uint)height, (uint)depth);
        fixed (uint* data = pixels)
        {
            nint image = XCreateImage(display, XDefaultVisual(display, screen), (uint)depth, ZPixmap, 0, data, (uint)width, (uint)height, 32, 0);
            nint context = XDefaultGC(display, screen);
            _ = XPutImage(display, pixmap, context, image, 0, 0, 0, 0, (uint)width, (uint)height);

            // XDestroyImage would free our array; the structure itself was allocated with malloc.
            NativeMemory.Free((void*)image);
        }

        // What programs with see-through parts look for.
        nuint property = XInternAtom(display, "_XROOTPMAP_ID", 0);
        _ = XChangeProperty(display, root, property, AtomPixmap, 32, 0, &pixmap, 1);
        _ = XSetWindowBackgroundPixmap(display, root, pixmap);
        _ = XClearWindow(display, root);
        _ = XSetCloseDownMode(display, RetainPermanent);
        _ = XSync(display, 0);
    }

    /// <summary>The window of this name has the keyboard.</summary>
    public bool IsActive(string name) => Read("_NET_ACTIVE_WINDOW") is [var active] && active != 0 && NameOf(active) == name;

    /// <summary>Asks the window manager to give the keyboard to the window of this name. True once it has it.</summary>
    public unsafe bool TryActivate(string name)
    {
        nuint window = Read("_NET_CLIENT_LIST").FirstOrDefault(candidate => NameOf(candidate) == name);
        if (window == 0 || (Read("_NET_ACTIVE_WINDOW") is [var active] && active == window))
        {
            return window != 0;
        }

        // XClientMessageEvent, padded to an XEvent: type, serial, send_event, display, window, message_type, format, data.
        nint* message = stackalloc nint[24];
        new Span<nint>(message, 24).Clear();
        *(int*)message = ClientMessage;
        message[4] = (nint)window;
        message[5] = (nint)XInternAtom(display, "_NET_ACTIVE_WINDOW", 0);
        *(int*)(message + 6) = 32;
        message[7] = FromPager;
        _ = XSendEvent(display, root, 0, SubstructureMask, message);
        _ = XSync(display, 0);
        return false;
    }

    /// <summary>Waits until <paramref name="condition"/> holds, or <paramref name="patience"/> is over: a slow program is no reason to fail.</summary>
    public async Task UntilAsync(Func<XScreen, bool> condition, TimeSpan patience, CancellationToken stop)
    {
        var end = DateTime.UtcNow + patience;
        while (!condition(this) && DateTime.UtcNow < end)
        {
            await Task.Delay(30, stop);
        }
    }

    public void Dispose() => _ = XCloseDisplay(display);

    private string? NameOf(nuint window)
    {
        if (XFetchName(display, window, out nint name) == 0)
        {
            return null;
        }

        string? text = Marshal.PtrToStringUTF8(name);
        _ = XFree(name);
        return text;
    }

    /// <summary>The windows that a property of the root names.</summary>
    private unsafe nuint[] Read(string property)
    {
        nuint atom = XInternAtom(display, property, 0);
        if (XGetWindowProperty(display, root, atom, 0, 4096, 0, AtomWindow, out _, out _, out nuint items, out _, out nint value) != 0 || value == 0)
        {
            return [];
        }

        var windows = new ReadOnlySpan<nuint>((void*)value, (int)items).ToArray();
        _ = XFree(value);
        return windows;
    }

    [LibraryImport("libX11.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint XOpenDisplay(string name);

    [LibraryImport("libX11.so.6")]
    private static partial int XCloseDisplay(nint display);

    [LibraryImport("libX11.so.6")]
    private static partial int XDefaultScreen(nint display);

    [LibraryImport("libX11.so.6")]
    private static partial nuint XDefaultRootWindow(nint display);

    [LibraryImport("libX11.so.6")]
    private static partial int XDisplayWidth(nint display, int screen);

    [LibraryImport("libX11.so.6")]
    private static partial int XDisplayHeight(nint display, int screen);

    [LibraryImport("libX11.so.6")]
    private static partial int XDefaultDepth(nint display, int screen);

    [LibraryImport("libX11.so.6")]
    private static partial nint XDefaultVisual(nint display, int screen);

    [LibraryImport("libX11.so.6")]
    private static partial nint XDefaultGC(nint display, int screen);

    [LibraryImport("libX11.so.6")]
    private static partial nuint XCreatePixmap(nint display, nuint drawable, uint width, uint height, uint depth);

    [LibraryImport("libX11.so.6")]
    private static unsafe partial nint XCreateImage(nint display, nint visual, uint depth, int format, int offset, uint* data, uint width, uint height, int pad, int stride);

    [LibraryImport("libX11.so.6")]
    private static partial int XPutImage(nint display, nuint drawable, nint context, nint image, int fromX, int fromY, int toX, int toY, uint width, uint height);

    [LibraryImport("libX11.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nuint XInternAtom(nint display, string name, int onlyIfExists);

    [LibraryImport("libX11.so.6")]
    private static unsafe partial int XChangeProperty(nint display, nuint window, nuint property, nuint type, int format, int mode, nuint* data, int count);

    [LibraryImport("libX11.so.6")]
    private static partial int XGetWindowProperty(nint display, nuint window, nuint property, nint offset, nint length, int delete, nuint wanted, out nuint type, out int format, out nuint items, out nuint after, out nint value);

    [LibraryImport("libX11.so.6")]
    private static unsafe partial int XSendEvent(nint display, nuint window, int propagate, nint mask, nint* message);

    [LibraryImport("libX11.so.6")]
    private static partial int XFetchName(nint display, nuint window, out nint name);

    [LibraryImport("libX11.so.6")]
    private static partial int XFree(nint data);

    [LibraryImport("libX11.so.6")]
    private static partial int XSetWindowBackgroundPixmap(nint display, nuint window, nuint pixmap);

    [LibraryImport("libX11.so.6")]
    private static partial int XClearWindow(nint display, nuint window);

    [LibraryImport("libX11.so.6")]
    private static partial int XSetCloseDownMode(nint display, int mode);

    [LibraryImport("libX11.so.6")]
    private static partial int XSync(nint display, int discard);
}
