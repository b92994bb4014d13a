using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>XTEST: keys, buttons and motion as if from a device.</summary>
internal static partial class LibXtst
{
    private const string Name = "libXtst.so.6";

    [LibraryImport(Name)]
    public static partial int XTestQueryExtension(XDisplay display, out int firstEvent, out int firstError, out int major, out int minor);

    [LibraryImport(Name)]
    public static partial int XTestFakeKeyEvent(XDisplay display, uint keycode, int press, nuint delay);

    [LibraryImport(Name)]
    public static partial int XTestFakeButtonEvent(XDisplay display, uint button, int press, nuint delay);

    [LibraryImport(Name)]
    public static partial int XTestFakeMotionEvent(XDisplay display, int screen, int x, int y, nuint delay);

    /// <summary>Injection goes on while another program holds the server.</summary>
    [LibraryImport(Name)]
    public static partial int XTestGrabControl(XDisplay display, int impervious);
}
