using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Alongside.Host.Native;

/// <summary>
/// One connection to an X server. Xlib ends the process when a connection dies and on any protocol error; here a dead
/// connection is a flag (calls on it return at once) and an error is a number. Safe for several threads.
/// </summary>
internal sealed unsafe class XDisplay : SafeHandleZeroOrMinusOneIsInvalid
{
    private static readonly ConcurrentDictionary<nint, XDisplay> Open = new();
    private static readonly bool Ready = Prepare();

    private volatile bool dead;
    private volatile int lastError;

    private XDisplay(nint display)
        : base(ownsHandle: true)
    {
        SetHandle(display);
        Open[display] = this;
        try
        {
            LibX11.XSetIOErrorExitHandler(display, &Died, 0);
        }
        catch (EntryPointNotFoundException)
        {
            // libX11 before 1.7: the process ends with its display, and whoever supervises it starts it again.
        }

        Fd = LibX11.XConnectionNumber(this);
        Screen = LibX11.XDefaultScreen(this);
        Root = LibX11.XDefaultRootWindow(this);
    }

    public int Fd { get; }

    public int Screen { get; }

    public nuint Root { get; }

    /// <summary>The server went away. Nothing brings this connection back.</summary>
    public bool IsDead => dead;

    /// <summary>Null when there is no server by this name, or it refuses us.</summary>
    /// <param name="name">Such as ":0"; null for what DISPLAY names.</param>
    public static XDisplay? TryOpen(string? name)
    {
        if (!Ready)
        {
            return null;
        }

        nint display = LibX11.XOpenDisplay(name);
        return display == 0 ? null : new XDisplay(display);
    }

    /// <summary>The X error since the last call, or 0. Makes a round trip, so that what was sent has been judged.</summary>
    public int TakeError()
    {
        LibX11.XSync(this, 0);
        return Interlocked.Exchange(ref lastError, 0);
    }

    public nuint Atom(string name) => LibX11.XInternAtom(this, name, 0);

    public bool HasExtension(string name) => LibX11.XQueryExtension(this, name, out _, out _, out _) != 0;

    internal void MarkDead() => dead = true;

    protected override bool ReleaseHandle()
    {
        // Before it is closed: from then on another connection may have its address.
        Open.TryRemove(handle, out _);
        _ = LibX11.XCloseDisplay(handle);
        return true;
    }

    private static bool Prepare()
    {
        if (LibX11.XInitThreads() == 0)
        {
            return false;
        }

        LibX11.XSetErrorHandler(&Failed);
        LibX11.XSetIOErrorHandler(&Broken);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Failed(nint display, LibX11.XErrorEvent* error)
    {
        if (Open.TryGetValue(display, out var known))
        {
            known.lastError = error->ErrorCode;
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Broken(nint display)
    {
        if (Open.TryGetValue(display, out var known))
        {
            known.dead = true;
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Died(nint display, nint data)
    {
        // Broken has told it already, and returning keeps the process. Xlib expects its end, and has locked the display for this thread
        // as XLockDisplay does: no other thread could ever close it.
        LibX11.XUnlockDisplay(display);
    }
}
