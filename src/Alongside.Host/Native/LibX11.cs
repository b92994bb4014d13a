using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>Xlib: connection, windows, properties, selections and images. The keyboard's part is in its own file.</summary>
internal static unsafe partial class LibX11
{
    private const string Name = "libX11.so.6";

    public const nuint None = 0;
    public const nuint CurrentTime = 0;
    public const nuint AtomPrimary = 1;
    public const nuint AtomAtom = 4;
    public const nuint AtomCardinal = 6;
    public const nuint AtomInteger = 19;
    public const nuint AtomString = 31;
    public const nuint AtomWmHints = 35;
    public const nuint AtomWindow = 33;

    public const int ZPixmap = 2;
    public const nuint AllPlanes = uint.MaxValue;

    public const nint KeyPressMask = 1 << 0;
    public const nint ButtonPressMask = 1 << 2;
    public const nint ButtonReleaseMask = 1 << 3;
    public const nint LeaveWindowMask = 1 << 5;
    public const nint PointerMotionMask = 1 << 6;
    public const nint ExposureMask = 1 << 15;
    public const nint VisibilityChangeMask = 1 << 16;
    public const nint StructureNotifyMask = 1 << 17;
    public const nint SubstructureNotifyMask = 1 << 19;
    public const nint SubstructureRedirectMask = 1 << 20;
    public const nint FocusChangeMask = 1 << 21;
    public const nint PropertyChangeMask = 1 << 22;

    [StructLayout(LayoutKind.Explicit, Size = 40)]
    public struct XErrorEvent
    {
        [FieldOffset(32)] public byte ErrorCode;
        [FieldOffset(33)] public byte RequestCode;
        [FieldOffset(34)] public byte MinorCode;
    }

    /// <summary>The start of XImage; functions follow, of which only the one that frees it is called.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 136)]
    public struct XImage
    {
        [FieldOffset(0)] public int Width;
        [FieldOffset(4)] public int Height;
        [FieldOffset(16)] public nint Data;
        [FieldOffset(24)] public int ByteOrder;
        [FieldOffset(44)] public int BytesPerLine;
        [FieldOffset(48)] public int BitsPerPixel;
        [FieldOffset(56)] public nuint RedMask;
        [FieldOffset(64)] public nuint GreenMask;
        [FieldOffset(72)] public nuint BlueMask;
        [FieldOffset(96)] public delegate* unmanaged[Cdecl]<XImage*, int> Destroy;
    }

    [StructLayout(LayoutKind.Explicit, Size = 112)]
    public struct XSetWindowAttributes
    {
        public const nuint BackPixel = 1 << 1;
        public const nuint BorderPixelValue = 1 << 3;
        public const nuint OverrideRedirectValue = 1 << 9;
        public const nuint EventMaskValue = 1 << 11;
        public const nuint ColormapValue = 1 << 13;

        [FieldOffset(8)] public nuint BackgroundPixel;
        [FieldOffset(24)] public nuint BorderPixel;
        [FieldOffset(72)] public nint EventMask;
        [FieldOffset(88)] public int OverrideRedirect;
        [FieldOffset(96)] public nuint Colormap;
    }

    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct XVisualInfo
    {
        [FieldOffset(0)] public nint Visual;
        [FieldOffset(8)] public nuint VisualId;
        [FieldOffset(16)] public int Screen;
        [FieldOffset(20)] public int Depth;
        [FieldOffset(24)] public int Class;
        [FieldOffset(32)] public nuint RedMask;
    }

    [LibraryImport(Name)]
    public static partial int XInitThreads();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint XOpenDisplay(string? name);

    [LibraryImport(Name)]
    public static partial int XCloseDisplay(nint display);

    [LibraryImport(Name)]
    public static partial nint XSetErrorHandler(delegate* unmanaged[Cdecl]<nint, XErrorEvent*, int> handler);

    [LibraryImport(Name)]
    public static partial nint XSetIOErrorHandler(delegate* unmanaged[Cdecl]<nint, int> handler);

    /// <summary>libX11 1.7 and later: what happens after the connection died, instead of ending the process.</summary>
    [LibraryImport(Name)]
    public static partial void XSetIOErrorExitHandler(nint display, delegate* unmanaged[Cdecl]<nint, nint, void> handler, nint data);

    [LibraryImport(Name)]
    public static partial void XUnlockDisplay(nint display);

    [LibraryImport(Name)]
    public static partial int XConnectionNumber(XDisplay display);

    [LibraryImport(Name)]
    public static partial int XDefaultScreen(XDisplay display);

    [LibraryImport(Name)]
    public static partial nuint XDefaultRootWindow(XDisplay display);

    [LibraryImport(Name)]
    public static partial nint XDefaultVisual(XDisplay display, int screen);

    [LibraryImport(Name)]
    public static partial int XDefaultDepth(XDisplay display, int screen);

    [LibraryImport(Name)]
    public static partial nuint XDefaultColormap(XDisplay display, int screen);

    [LibraryImport(Name)]
    public static partial nint XMaxRequestSize(XDisplay display);

    [LibraryImport(Name)]
    public static partial int XPending(XDisplay display);

    /// <param name="mode">0: only what has been read already.</param>
    [LibraryImport(Name)]
    public static partial int XEventsQueued(XDisplay display, int mode);

    [LibraryImport(Name)]
    public static partial int XNextEvent(XDisplay display, out XEvent received);

    [LibraryImport(Name)]
    public static partial int XGetEventData(XDisplay display, ref XEvent cookie);

    [LibraryImport(Name)]
    public static partial void XFreeEventData(XDisplay display, ref XEvent cookie);

    [LibraryImport(Name)]
    public static partial int XFlush(XDisplay display);

    [LibraryImport(Name)]
    public static partial int XSync(XDisplay display, int discard);

    [LibraryImport(Name)]
    public static partial int XFree(nint data);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XQueryExtension(XDisplay display, string name, out int opcode, out int firstEvent, out int firstError);

    [LibraryImport(Name)]
    public static partial int XGetGeometry(
        XDisplay display, nuint drawable, out nuint root, out int x, out int y, out uint width, out uint height, out uint border, out uint depth);

    /// <summary>The children are to be freed by <see cref="XFree"/>.</summary>
    [LibraryImport(Name)]
    public static partial int XQueryTree(XDisplay display, nuint window, out nuint root, out nuint parent, out nuint* children, out uint count);

    [LibraryImport(Name)]
    public static partial int XQueryPointer(
        XDisplay display, nuint window, out nuint root, out nuint child, out int rootX, out int rootY, out int x, out int y, out uint mask);

    [LibraryImport(Name)]
    public static partial int XTranslateCoordinates(
        XDisplay display, nuint source, nuint target, int x, int y, out int targetX, out int targetY, out nuint child);

    [LibraryImport(Name)]
    public static partial int XSelectInput(XDisplay display, nuint window, nint mask);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nuint XInternAtom(XDisplay display, string name, int onlyIfExists);

    [LibraryImport(Name)]
    public static partial nint XGetAtomName(XDisplay display, nuint atom);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint XGetDefault(XDisplay display, string program, string option);

    [LibraryImport(Name)]
    public static partial nuint XCreateWindow(
        XDisplay display, nuint parent, int x, int y, uint width, uint height, uint border, int depth, uint type, nint visual, nuint valueMask,
        ref XSetWindowAttributes attributes);

    [LibraryImport(Name)]
    public static partial int XDestroyWindow(XDisplay display, nuint window);

    [LibraryImport(Name)]
    public static partial int XMapRaised(XDisplay display, nuint window);

    [LibraryImport(Name)]
    public static partial int XRaiseWindow(XDisplay display, nuint window);

    [LibraryImport(Name)]
    public static partial int XMoveWindow(XDisplay display, nuint window, int x, int y);

    [LibraryImport(Name)]
    public static partial int XMoveResizeWindow(XDisplay display, nuint window, int x, int y, uint width, uint height);

    [LibraryImport(Name)]
    public static partial int XSetInputFocus(XDisplay display, nuint window, int revertTo, nuint time);

    [LibraryImport(Name)]
    public static partial nuint XCreateColormap(XDisplay display, nuint window, nint visual, int allocate);

    [LibraryImport(Name)]
    public static partial int XFreeColormap(XDisplay display, nuint colormap);

    [LibraryImport(Name)]
    public static partial int XMatchVisualInfo(XDisplay display, int screen, int depth, int visualClass, out XVisualInfo info);

    [LibraryImport(Name)]
    public static partial nint XCreateGC(XDisplay display, nuint drawable, nuint mask, nint values);

    [LibraryImport(Name)]
    public static partial int XFreeGC(XDisplay display, nint gc);

    [LibraryImport(Name)]
    public static partial int XSetForeground(XDisplay display, nint gc, nuint pixel);

    [LibraryImport(Name)]
    public static partial int XFillRectangle(XDisplay display, nuint drawable, nint gc, int x, int y, uint width, uint height);

    [LibraryImport(Name)]
    public static partial nuint XCreateFontCursor(XDisplay display, uint shape);

    [LibraryImport(Name)]
    public static partial int XDefineCursor(XDisplay display, nuint window, nuint cursor);

    [LibraryImport(Name)]
    public static partial int XFreeCursor(XDisplay display, nuint cursor);

    [LibraryImport(Name)]
    public static partial XImage* XCreateImage(
        XDisplay display, nint visual, uint depth, int format, int offset, nint data, uint width, uint height, int pad, int bytesPerLine);

    [LibraryImport(Name)]
    public static partial int XPutImage(
        XDisplay display, nuint drawable, nint gc, XImage* image, int sourceX, int sourceY, int x, int y, uint width, uint height);

    [LibraryImport(Name)]
    public static partial XImage* XGetImage(XDisplay display, nuint drawable, int x, int y, uint width, uint height, nuint planes, int format);

    [LibraryImport(Name)]
    public static partial int XChangeProperty(
        XDisplay display, nuint window, nuint property, nuint type, int format, int mode, void* data, int elements);

    [LibraryImport(Name)]
    public static partial int XDeleteProperty(XDisplay display, nuint window, nuint property);

    [LibraryImport(Name)]
    public static partial int XGetWindowProperty(
        XDisplay display, nuint window, nuint property, nint offset, nint length, int delete, nuint requested,
        out nuint type, out int format, out nuint items, out nuint bytesAfter, out nint data);

    [LibraryImport(Name)]
    public static partial int XSetSelectionOwner(XDisplay display, nuint selection, nuint owner, nuint time);

    [LibraryImport(Name)]
    public static partial nuint XGetSelectionOwner(XDisplay display, nuint selection);

    [LibraryImport(Name)]
    public static partial int XConvertSelection(XDisplay display, nuint selection, nuint target, nuint property, nuint requestor, nuint time);

    [LibraryImport(Name)]
    public static partial int XSendEvent(XDisplay display, nuint window, int propagate, nint mask, ref XEvent sent);

    [LibraryImport(Name)]
    public static partial int XGrabKey(XDisplay display, int keycode, uint modifiers, nuint window, int ownerEvents, int pointerMode, int keyboardMode);

    [LibraryImport(Name)]
    public static partial int XUngrabKey(XDisplay display, int keycode, uint modifiers, nuint window);
}
