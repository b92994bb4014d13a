using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>RANDR: monitors, and that they changed.</summary>
internal static unsafe partial class LibXrandr
{
    private const string Name = "libXrandr.so.2";

    public const int ScreenCrtcOutputMask = 1 | 2 | 4;

    [StructLayout(LayoutKind.Explicit, Size = 56)]
    public struct XRRMonitorInfo
    {
        [FieldOffset(0)] public nuint Name;
        [FieldOffset(8)] public int Primary;
        [FieldOffset(20)] public int X;
        [FieldOffset(24)] public int Y;
        [FieldOffset(28)] public int Width;
        [FieldOffset(32)] public int Height;
    }

    [LibraryImport(Name)]
    public static partial int XRRQueryExtension(XDisplay display, out int firstEvent, out int firstError);

    [LibraryImport(Name)]
    public static partial int XRRQueryVersion(XDisplay display, out int major, out int minor);

    [LibraryImport(Name)]
    public static partial void XRRSelectInput(XDisplay display, nuint window, int mask);

    [LibraryImport(Name)]
    public static partial int XRRUpdateConfiguration(ref XEvent change);

    [LibraryImport(Name)]
    public static partial XRRMonitorInfo* XRRGetMonitors(XDisplay display, nuint window, int onlyActive, out int count);

    [LibraryImport(Name)]
    public static partial void XRRFreeMonitors(XRRMonitorInfo* monitors);
}
