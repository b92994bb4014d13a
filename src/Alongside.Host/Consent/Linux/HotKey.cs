using Alongside.Host.Inject;
using Alongside.Host.Native;

namespace Alongside.Host.Consent.Linux;

/// <summary>
/// Ctrl+Alt+Pause stops, on a connection and a thread of its own: it works while windows are drawn, dragged or stuck.
/// </summary>
internal sealed class HotKey : IXClient, IDisposable
{
    private const uint ControlAlt = 4 | 8;
    private readonly Action pressed;
    private readonly XLoop loop;
    private XDisplay? display;
    private int[] grabbed = [];

    public HotKey(string? displayName, Action pressed)
    {
        this.pressed = pressed;
        loop = new XLoop("hot key", displayName, this);
        loop.Start();
    }

    public void Dispose() => loop.Dispose();

    void IXClient.Connected(XDisplay display)
    {
        this.display = display;
        Grab();
    }

    void IXClient.Handle(ref XEvent received)
    {
        if (received.Type == XEvent.KeyPress)
        {
            pressed();
        }
        else if (received.Type == XEvent.MappingNotify)
        {
            _ = LibX11.XRefreshKeyboardMapping(ref received);
            Grab();
        }
    }

    int IXClient.Turn() => -1;

    void IXClient.Lost(string reason)
    {
    }

    void IXClient.Disconnecting(XDisplay display) => grabbed = [];

    /// <summary>With Ctrl the Pause key is called Break on some layouts. Locks must not matter: Caps is 2, Num is usually 16.</summary>
    private void Grab()
    {
        int[] keys = [LibX11.XKeysymToKeycode(display!, Keysyms.Pause), LibX11.XKeysymToKeycode(display!, Keysyms.Break)];
        keys = [.. keys.Where(key => key != 0).Distinct()];
        if (keys.SequenceEqual(grabbed))
        {
            return;
        }

        foreach (int key in grabbed)
        {
            _ = LibX11.XUngrabKey(display!, key, 1 << 15, display!.Root);
        }

        foreach (int key in keys)
        {
            foreach (uint locks in (ReadOnlySpan<uint>)[0, 2, 16, 2 | 16, 32, 2 | 32, 16 | 32, 2 | 16 | 32])
            {
                _ = LibX11.XGrabKey(display!, key, ControlAlt | locks, display!.Root, 0, 1, 1);
            }
        }

        grabbed = keys;
    }
}
