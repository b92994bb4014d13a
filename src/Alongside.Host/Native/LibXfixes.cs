using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>XFIXES: the pointer's picture, and who owns a selection.</summary>
internal static unsafe partial class LibXfixes
{
    private const string Name = "libXfixes.so.3";

    public const int SelectionNotify = 0;
    public const int CursorNotify = 1;

    /// <summary>Pixels are premultiplied ARGB in the low half of each 64-bit value.</summary>
    [StructLayout(LayoutKind.Explicit)]
    public struct XFixesCursorImage
    {
        [FieldOffset(4)] public ushort Width;
        [FieldOffset(6)] public ushort Height;
        [FieldOffset(8)] public ushort HotX;
        [FieldOffset(10)] public ushort HotY;
        [FieldOffset(24)] public nuint* Pixels;
    }

    [LibraryImport(Name)]
    public static partial int XFixesQueryExtension(XDisplay display, out int firstEvent, out int firstError);

    [LibraryImport(Name)]
    public static partial int XFixesQueryVersion(XDisplay display, ref int major, ref int minor);

    [LibraryImport(Name)]
    public static partial void XFixesSelectCursorInput(XDisplay display, nuint window, nuint mask);

    [LibraryImport(Name)]
    public static partial XFixesCursorImage* XFixesGetCursorImage(XDisplay display);

    [LibraryImport(Name)]
    public static partial void XFixesSelectSelectionInput(XDisplay display, nuint window, nuint selection, nuint mask);
}
