using Alongside.Host.Native;

namespace Alongside.Host.Clipboard.Linux;

/// <summary>
/// CLIPBOARD and PRIMARY of an X server, on a connection and a thread of their own. XFIXES tells that somebody copied; a
/// <see cref="SelectionReader"/> fetches the text, a <see cref="SelectionWriter"/> offers ours.
/// </summary>
public sealed unsafe class LinuxClipboard : IClipboard, IXClient
{
    /// <summary>A server that does not answer must not keep the session that long.</summary>
    private const int ClaimMilliseconds = 250;

    private readonly Lock gate = new();
    private readonly string?[] wanted = new string?[2];
    private readonly ManualResetEventSlim claimed = new(true);
    private readonly SelectionReader?[] readers = new SelectionReader?[2];
    private readonly SelectionWriter?[] writers = new SelectionWriter?[2];
    private readonly XLoop loop;
    private volatile Action<ClipboardSelection, string>? copied;
    private volatile Action<long>? tooBig;
    private volatile bool isConnected;
    private volatile bool isDisposed;
    private ClipboardAtoms? atoms;
    private nuint window;
    private int fixesEvent;

    /// <exception cref="DisplayException">The display can't be opened or has no XFIXES.</exception>
    public LinuxClipboard(string? displayName)
    {
        loop = new XLoop("clipboard", displayName, this);
        loop.Start();
    }

    internal long Wakeups => loop.Wakeups;

    public void Start(Action<ClipboardSelection, string> copied, Action<long> tooBig)
    {
        this.tooBig = tooBig;
        this.copied = copied;
    }

    public void Set(ClipboardSelection selection, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (gate)
        {
            wanted[(int)selection] = text;
            claimed.Reset();
        }

        loop.Wake();

        // The key that pastes comes by another connection. Before we own the selection it would paste what was there before; and an
        // owner gives nothing to who asks in the name of a key that is older than its claim (ICCCM 2.1).
        if (isConnected && !isDisposed)
        {
            _ = claimed.Wait(ClaimMilliseconds);
        }
    }

    public void Dispose()
    {
        isDisposed = true;
        claimed.Set();
        loop.Dispose();
        claimed.Dispose();
    }

    void IXClient.Connected(XDisplay display)
    {
        if (LibXfixes.XFixesQueryExtension(display, out fixesEvent, out _) == 0)
        {
            throw new DisplayException("The display has no XFIXES extension, so its clipboard can't be shared.");
        }

        int major = 5, minor = 0;
        _ = LibXfixes.XFixesQueryVersion(display, ref major, ref minor);
        atoms = new ClipboardAtoms(display);
        var attributes = new LibX11.XSetWindowAttributes { EventMask = LibX11.PropertyChangeMask };
        window = LibX11.XCreateWindow(
            display, display.Root, -10, -10, 1, 1, 0, 0, 2, 0, LibX11.XSetWindowAttributes.EventMaskValue, ref attributes);
        foreach (var selection in (ReadOnlySpan<ClipboardSelection>)[ClipboardSelection.Clipboard, ClipboardSelection.Primary])
        {
            readers[(int)selection] = new(display, window, atoms, selection, (from, text) => copied?.Invoke(from, text), size => tooBig?.Invoke(size));
            writers[(int)selection] = new(display, window, atoms, selection);
            LibXfixes.XFixesSelectSelectionInput(display, window, atoms.Of(selection), 1);
        }

        isConnected = true;
    }

    void IXClient.Handle(ref XEvent received)
    {
        long now = Environment.TickCount64;
        if (received.Type == fixesEvent + LibXfixes.SelectionNotify)
        {
            OwnerChanged(in received, now);
        }
        else if (received.Type == XEvent.SelectionNotify)
        {
            Reader(received.NotifySelection)?.Answered(received.NotifyProperty, now);
        }
        else if (received.Type == XEvent.SelectionRequest)
        {
            Writer(received.RequestSelection)?.Answer(in received, now);
        }
        else if (received.Type == XEvent.PropertyNotify)
        {
            PropertyChanged(in received, now);
        }
    }

    int IXClient.Turn()
    {
        lock (gate)
        {
            for (int i = 0; i < wanted.Length; i++)
            {
                if (wanted[i] is { } text)
                {
                    wanted[i] = null;
                    writers[i]!.Claim(text);
                }
            }
        }

        long now = Environment.TickCount64;
        int due = -1;
        for (int i = 0; i < readers.Length; i++)
        {
            due = Sooner(due, Sooner(readers[i]!.Turn(now), writers[i]!.Turn(now)));
        }

        return due;
    }

    void IXClient.Lost(string reason)
    {
        // The server's selections went with it. What is set meanwhile is claimed when it is back.
        isConnected = false;
        claimed.Set();
    }

    void IXClient.Disconnecting(XDisplay display)
    {
    }

    private static int Sooner(int a, int b) => a < 0 ? b : b < 0 ? a : Math.Min(a, b);

    private SelectionReader? Reader(nuint selection) => selection == LibX11.AtomPrimary ? readers[1] : selection == atoms!.Clipboard ? readers[0] : null;

    private SelectionWriter? Writer(nuint selection) => selection == LibX11.AtomPrimary ? writers[1] : selection == atoms!.Clipboard ? writers[0] : null;

    private void OwnerChanged(in XEvent change, long now)
    {
        if (change.FixesOwner == window)
        {
            Reader(change.FixesSelection)?.Stop();
            return;
        }

        Writer(change.FixesSelection)?.Lose();
        if (change.FixesOwner != LibX11.None && copied is not null)
        {
            Reader(change.FixesSelection)?.Begin(change.FixesTime, now);
        }
        else
        {
            Reader(change.FixesSelection)?.Stop();
        }
    }

    private void PropertyChanged(in XEvent change, long now)
    {
        const int NewValue = 0;
        if (change.Window != window)
        {
            if (change.PropertyState != NewValue)
            {
                writers[0]!.Taken(change.Window, change.PropertyAtom, now);
                writers[1]!.Taken(change.Window, change.PropertyAtom, now);
            }
        }
        else if (change.PropertyState == NewValue)
        {
            if (change.PropertyAtom == atoms!.Clock)
            {
                writers[0]!.TryTake(change.PropertyTime);
                writers[1]!.TryTake(change.PropertyTime);
                lock (gate)
                {
                    if (wanted[0] is null && wanted[1] is null)
                    {
                        claimed.Set();
                    }
                }
            }
            else
            {
                readers[0]!.Arrived(change.PropertyAtom, now);
                readers[1]!.Arrived(change.PropertyAtom, now);
            }
        }
    }
}
