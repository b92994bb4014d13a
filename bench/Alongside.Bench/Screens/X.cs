using System.Runtime.InteropServices;

namespace Alongside.Bench.Screens;

/// <summary>The little of Xlib, XTEST and MIT-SHM that the measurement needs.</summary>
internal static unsafe partial class X
{
    public const int ZPixmap = 2;
    public const nuint AtomName = 39;
    public const int KeyPress = 2;
    public const int ButtonPress = 4;
    public const int MapNotify = 19;
    public const nuint OverrideRedirect = 1 << 9;
    public const nint KeyPressMask = 1;
    public const nint ButtonPressMask = 1 << 2;
    public const nint StructureNotifyMask = 1 << 17;
    private const string X11 = "libX11.so.6";
    private const string Ext = "libXext.so.6";
    private const string Test = "libXtst.so.6";
    private const string C = "libc";

    [StructLayout(LayoutKind.Sequential)]
    public struct ShmSegment
    {
        public nuint Segment;
        public int Id;
        public nint Address;
        public int ReadOnly;
    }

    [LibraryImport(X11, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint XOpenDisplay(string? name);

    [LibraryImport(X11)]
    public static partial int XCloseDisplay(nint display);

    [LibraryImport(X11)]
    public static partial nuint XDefaultRootWindow(nint display);

    [LibraryImport(X11)]
    public static partial nint XDefaultVisual(nint display, int screen);

    [LibraryImport(X11)]
    public static partial int XDisplayWidth(nint display, int screen);

    [LibraryImport(X11)]
    public static partial int XDisplayHeight(nint display, int screen);

    [LibraryImport(X11)]
    public static partial nuint XCreateSimpleWindow(nint display, nuint parent, int x, int y, uint width, uint height, uint border, nuint borderColour, nuint background);

    [LibraryImport(X11)]
    public static partial int XSelectInput(nint display, nuint window, nint mask);

    [LibraryImport(X11)]
    public static partial int XMapRaised(nint display, nuint window);

    [LibraryImport(X11)]
    public static partial int XSetInputFocus(nint display, nuint window, int revert, nuint time);

    [LibraryImport(X11)]
    public static partial int XSetWindowBackground(nint display, nuint window, nuint colour);

    [LibraryImport(X11)]
    public static partial int XClearWindow(nint display, nuint window);

    [LibraryImport(X11)]
    public static partial int XNextEvent(nint display, byte* happened);

    [LibraryImport(X11)]
    public static partial int XFlush(nint display);

    [LibraryImport(X11)]
    public static partial byte XKeysymToKeycode(nint display, nuint keysym);

    [LibraryImport(X11)]
    public static partial int XDefaultDepth(nint display, int screen);

    [LibraryImport(X11)]
    public static partial nint XDefaultGC(nint display, int screen);

    [LibraryImport(X11)]
    public static partial int XQueryTree(nint display, nuint window, out nuint root, out nuint parent, out nuint* children, out uint count);

    [LibraryImport(X11)]
    public static partial int XGetWindowProperty(nint display, nuint window, nuint property, nint offset, nint length, int delete, nuint wanted, out nuint type, out int format, out nuint items, out nuint after, out nint value);

    [LibraryImport(X11, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nuint XInternAtom(nint display, string name, int onlyIfExists);

    [LibraryImport(X11)]
    public static partial int XFree(nint data);

    [LibraryImport(X11)]
    public static partial int XRaiseWindow(nint display, nuint window);

    [LibraryImport(X11)]
    public static partial int XMoveResizeWindow(nint display, nuint window, int x, int y, uint width, uint height);

    [LibraryImport(X11)]
    public static partial int XTranslateCoordinates(nint display, nuint from, nuint to, int x, int y, out int toX, out int toY, out nuint child);

    [LibraryImport(X11)]
    public static partial int XGetGeometry(nint display, nuint drawable, out nuint root, out int x, out int y, out uint width, out uint height, out uint border, out uint depth);

    [LibraryImport(X11)]
    public static partial int XQueryPointer(nint display, nuint window, out nuint root, out nuint child, out int rootX, out int rootY, out int x, out int y, out uint state);

    [LibraryImport(X11)]
    public static partial nuint XCreatePixmap(nint display, nuint drawable, uint width, uint height, uint depth);

    [LibraryImport(X11)]
    public static partial int XSetWindowBackgroundPixmap(nint display, nuint window, nuint pixmap);

    [LibraryImport(X11)]
    public static partial int XSetCloseDownMode(nint display, int mode);

    [LibraryImport(X11)]
    public static partial nint XSetErrorHandler(nint handler);

    [LibraryImport(X11)]
    public static partial int XChangeWindowAttributes(nint display, nuint window, nuint mask, XSetWindowAttributes* attributes);

    [LibraryImport(X11)]
    public static partial int XSync(nint display, int discard);

    [LibraryImport(Test)]
    public static partial int XTestFakeKeyEvent(nint display, uint keycode, int down, nuint delay);

    [LibraryImport(Test)]
    public static partial int XTestFakeMotionEvent(nint display, int screen, int x, int y, nuint delay);

    [LibraryImport(Test)]
    public static partial int XTestFakeButtonEvent(nint display, uint button, int down, nuint delay);

    [LibraryImport(Ext)]
    public static partial XImage* XShmCreateImage(nint display, nint visual, uint depth, int format, byte* data, ShmSegment* segment, uint width, uint height);

    [LibraryImport(Ext)]
    public static partial int XShmAttach(nint display, ShmSegment* segment);

    [LibraryImport(Ext)]
    public static partial int XShmDetach(nint display, ShmSegment* segment);

    [LibraryImport(Ext)]
    public static partial int XShmGetImage(nint display, nuint drawable, XImage* image, int x, int y, nuint planes);

    [LibraryImport(Ext)]
    public static partial int XShmPutImage(nint display, nuint drawable, nint context, XImage* image, int fromX, int fromY, int toX, int toY, uint width, uint height, int tell);

    [LibraryImport(C)]
    public static partial int shmget(int key, nuint size, int flags);

    [LibraryImport(C)]
    public static partial nint shmat(int id, nint address, int flags);

    [LibraryImport(C)]
    public static partial int shmdt(nint address);

    [LibraryImport(C)]
    public static partial int shmctl(int id, int command, nint buffer);

    [LibraryImport(C)]
    public static partial int usleep(uint microseconds);
}

/// <summary>The beginning of Xlib's XImage.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XImage
{
    public int Width;
    public int Height;
    public int Offset;
    public int Format;
    public nint Data;
}

/// <summary>Xlib's XSetWindowAttributes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XSetWindowAttributes
{
    public nuint BackgroundPixmap, BackgroundPixel, BorderPixmap, BorderPixel;
    public int BitGravity, WinGravity, BackingStore;
    public nuint BackingPlanes, BackingPixel;
    public int SaveUnder;
    public nint EventMask, DoNotPropagateMask;
    public int OverrideRedirect;
    public nuint Colormap, Cursor;
}
