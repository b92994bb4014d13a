using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Alongside.Host.Native;

namespace Alongside.Host.Tests.Linux;

/// <summary>What a program with the keyboard focus saw: keysym after all modifiers, and which modifiers were down.</summary>
internal readonly record struct Typed(bool Down, uint Keysym, uint State, uint Keycode);

/// <summary>A program that reads its keyboard as every Xlib program does, and its mouse.</summary>
internal sealed unsafe partial class XTypist : IDisposable, IXClient
{
    private readonly XLoop loop;
    private XDisplay? display;

    public XTypist(string displayName)
    {
        loop = new XLoop("typist", displayName, this);
        loop.Start();
    }

    public ConcurrentQueue<Typed> Keys { get; } = new();

    public ConcurrentQueue<(bool Down, uint Button, int X, int Y)> Buttons { get; } = new();

    public bool IsReady { get; private set; }

    public IEnumerable<uint> Pressed => Keys.Where(key => key.Down && key.Keysym is < 0xffe1 or > 0xffee && key.Keysym is not (0xfe03 or 0)).Select(key => key.Keysym);

    public void Connected(XDisplay display)
    {
        this.display = display;

        // Xlib reads the keyboard's map when it is first asked, and misses what changes at that moment.
        _ = XKeysymToKeycode(display, 'a');
        var attributes = new LibX11.XSetWindowAttributes { OverrideRedirect = 1, EventMask = 0x3 | 0xc | LibX11.ExposureMask };
        nuint window = LibX11.XCreateWindow(
            display, display.Root, 0, 0, 400, 300, 0, 0, 0, 0,
            LibX11.XSetWindowAttributes.OverrideRedirectValue | LibX11.XSetWindowAttributes.EventMaskValue, ref attributes);
        _ = LibX11.XMapRaised(display, window);
        _ = LibX11.XSync(display, 0);
        _ = LibX11.XSetInputFocus(display, window, 1, 0);
        _ = LibX11.XSync(display, 0);
    }

    public void Handle(ref XEvent received)
    {
        switch (received.Type)
        {
            case XEvent.KeyPress or XEvent.KeyRelease:
                byte* text = stackalloc byte[16];
                fixed (XEvent* key = &received)
                {
                    _ = XLookupString(key, text, 16, out nuint keysym, 0);
                    Keys.Enqueue(new(received.Type == XEvent.KeyPress, (uint)keysym, received.State, received.Detail));
                }

                break;
            case XEvent.ButtonPress or XEvent.ButtonRelease:
                Buttons.Enqueue((received.Type == XEvent.ButtonPress, received.Detail, received.RootX, received.RootY));
                break;
            case XEvent.MappingNotify:
                _ = LibX11.XRefreshKeyboardMapping(ref received);
                break;
            case XEvent.Expose:
                IsReady = true;
                break;
        }
    }

    public int Turn() => -1;

    public void Lost(string reason)
    {
    }

    public void Disconnecting(XDisplay display)
    {
    }

    public void Dispose() => loop.Dispose();

    [LibraryImport("libX11.so.6")]
    private static partial byte XKeysymToKeycode(XDisplay display, nuint keysym);

    [LibraryImport("libX11.so.6")]
    private static partial int XLookupString(XEvent* key, byte* buffer, int size, out nuint keysym, nint status);
}
