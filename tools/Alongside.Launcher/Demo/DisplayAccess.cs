using System.Runtime.InteropServices;
using System.Text;

namespace Alongside.Launcher.Demo;

/// <summary>
/// Who may connect to the demo's screen. An X server without a cookie lets in every user of this machine, and whoever gets in can type into
/// the demo's terminal. Here only the user who started it gets in, by the socket's credentials, so that their programs need no cookie.
/// </summary>
internal static unsafe partial class DisplayAccess
{
    private const int FamilyLocal = 252;
    private const int FamilyServerInterpreted = 5;
    private const string X11 = "libX11.so.6";

    /// <exception cref="StartException">The screen does not take connections, or the rule.</exception>
    public static void KeepTo(string display, string user)
    {
        nint connection = XOpenDisplay(display);
        if (connection == 0)
        {
            throw new StartException($"The demo's virtual screen {display} takes no connection.");
        }

        fixed (byte* kind = "localuser"u8)
        fixed (byte* name = Encoding.UTF8.GetBytes(user))
        {
            var owner = new Interpreted { KindLength = 9, NameLength = Encoding.UTF8.GetByteCount(user), Kind = kind, Name = name };
            var allowed = new HostAddress { Family = FamilyServerInterpreted, Length = sizeof(Interpreted), Address = &owner };
            var anybody = new HostAddress { Family = FamilyLocal };
            _ = XAddHost(connection, &allowed);
            _ = XRemoveHost(connection, &anybody);
        }

        // Closing waits until the server has done both.
        _ = XCloseDisplay(connection);
    }

    [LibraryImport(X11, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint XOpenDisplay(string name);

    [LibraryImport(X11)]
    private static partial int XCloseDisplay(nint display);

    [LibraryImport(X11)]
    private static partial int XAddHost(nint display, HostAddress* host);

    [LibraryImport(X11)]
    private static partial int XRemoveHost(nint display, HostAddress* host);

    [StructLayout(LayoutKind.Sequential)]
    private struct HostAddress
    {
        public int Family;
        public int Length;
        public void* Address;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Interpreted
    {
        public int KindLength;
        public int NameLength;
        public byte* Kind;
        public byte* Name;
    }
}
