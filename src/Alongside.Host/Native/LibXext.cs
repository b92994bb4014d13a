using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>MIT-SHM and SHAPE.</summary>
internal static unsafe partial class LibXext
{
    private const string Name = "libXext.so.6";

    public const int ShapeBounding = 0;
    public const int ShapeInput = 2;
    public const int ShapeSet = 0;

    [StructLayout(LayoutKind.Sequential)]
    public struct XShmSegmentInfo
    {
        public nuint Segment;
        public int Id;
        public nint Address;
        public int ReadOnly;
    }

    [StructLayout(LayoutKind.Sequential)]
    public record struct XRectangle(short X, short Y, ushort Width, ushort Height);

    [LibraryImport(Name)]
    public static partial int XShmQueryExtension(XDisplay display);

    [LibraryImport(Name)]
    public static partial int XShmAttach(XDisplay display, XShmSegmentInfo* segment);

    [LibraryImport(Name)]
    public static partial int XShmDetach(XDisplay display, XShmSegmentInfo* segment);

    [LibraryImport(Name)]
    public static partial LibX11.XImage* XShmCreateImage(
        XDisplay display, nint visual, uint depth, int format, nint data, XShmSegmentInfo* segment, uint width, uint height);

    [LibraryImport(Name)]
    public static partial int XShmGetImage(XDisplay display, nuint drawable, LibX11.XImage* image, int x, int y, nuint planes);

    [LibraryImport(Name)]
    public static partial void XShapeCombineRectangles(
        XDisplay display, nuint window, int kind, int x, int y, XRectangle* rectangles, int count, int operation, int ordering);
}
