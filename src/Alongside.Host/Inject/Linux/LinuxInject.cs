using Alongside.Host.Consent;
using Alongside.Host.Native;

namespace Alongside.Host.Inject.Linux;

/// <summary>
/// Keyboard and mouse through XTEST, on a thread and a connection of their own: typing a character may have to wait for a spare
/// key, and the caller must not. Commands wait in a bounded queue; <see cref="ReleaseAll"/> forgets what waits. Whether a window
/// of consent is in the way is asked again at the moment of injecting: what waited must not answer a question. When the connection is
/// killed, what it left down is lifted by the next, at once or as soon as there can be one.
/// </summary>
public sealed class LinuxInject : IInject, IXClient
{
    private const int MaxWaiting = 4096;
    private const int MaxWaitingText = 64 * 1024;

    private readonly IConsent? consent;
    private readonly InjectedPositions? positions;
    private readonly Lock gate = new();
    private readonly Queue<Command> waiting = new(64);
    private readonly Traces traces = new();
    private readonly string? displayName;
    private readonly XLoop loop;
    private int waitingText;
    private bool releaseWanted;
    private XDisplay? display;
    private Keyboard? keyboard;
    private Mouse? mouse;
    private Command current;
    private int typed;
    private (int X, int Y) at;

    /// <summary>Buttons that were down when the connection was lost: they count again when they are pressed anew.</summary>
    private int lostButtons;
    private int xkbEvent;

    /// <param name="displayName">Such as ":0"; null for what DISPLAY names.</param>
    /// <param name="consent">Whose windows no injected click or key may reach.</param>
    /// <param name="positions">Where the pointer was put, for the capture.</param>
    /// <exception cref="DisplayException">The display can't be opened or has no XTEST.</exception>
    public LinuxInject(string? displayName, IConsent? consent = null, InjectedPositions? positions = null)
    {
        this.consent = consent;
        this.positions = positions;
        this.displayName = displayName;
        loop = new XLoop("inject", displayName, this);
        loop.Start();
    }

    private enum Kind
    {
        None = 0,
        Pointer,
        Wheel,
        Key,
        Text,
    }

    public void Pointer(int x, int y, int buttons) => Add(new(Kind.Pointer, x, y, buttons, null));

    public void Wheel(int dx, int dy) => Add(new(Kind.Wheel, dx, dy, 0, null));

    public void Key(bool down, uint keysym, ushort usage) => Add(new(Kind.Key, (int)keysym, usage, down ? 1 : 0, null));

    public void Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Add(new(Kind.Text, 0, 0, 0, text));
    }

    public void ReleaseAll()
    {
        lock (gate)
        {
            Forget();

            // Whoever says so knows what is held, and what is pressed from here on is pressed anew.
            lostButtons = 0;
        }

        loop.Wake();
    }

    public void Dispose()
    {
        loop.Dispose();
        if (!traces.IsEmpty || traces.Spares.AnyLent)
        {
            // The connection was lost and no other was made yet.
            using var last = XDisplay.TryOpen(displayName);
            if (last is not null)
            {
                _ = LibXtst.XTestGrabControl(last, 1);
                traces.Undo(last);
                traces.Spares.Clear(last);
            }
        }
    }

    void IXClient.Connected(XDisplay display)
    {
        if (LibXtst.XTestQueryExtension(display, out _, out _, out _, out _) == 0)
        {
            throw new DisplayException("The display has no XTEST extension, so nothing can be typed or clicked on it.");
        }

        int major = 1, minor = 0;
        if (LibX11.XkbQueryExtension(display, out _, out xkbEvent, out _, ref major, ref minor) == 0)
        {
            throw new DisplayException("The display has no XKB extension, so nothing can be typed on it.");
        }

        const uint NewKeyboard = 1 << LibX11.XkbNewKeyboardNotify;
        _ = LibX11.XkbSelectEvents(display, LibX11.UseCoreKeyboard, NewKeyboard, NewKeyboard);

        // Of the map what is read of it. Whether a key repeats is part of it as well, and changes with each key that is held here.
        _ = LibX11.XkbSelectEventDetails(display, LibX11.UseCoreKeyboard, LibX11.XkbMapNotify, LibX11.XkbAllMapComponents, LibX11.XkbTypesSymbolsModifiers);
        _ = LibXtst.XTestGrabControl(display, 1);
        this.display = display;
        traces.Undo(display);
        keyboard = new Keyboard(display, traces, Hear);
        mouse = new Mouse(display, traces, positions);
        mouse.ReadMapping();
    }

    void IXClient.Handle(ref XEvent received) => Handle(ref received);

    int IXClient.Turn()
    {
        while (!display!.IsDead)
        {
            if (!TryNext(out bool release))
            {
                _ = LibX11.XFlush(display);
                keyboard!.LookAhead();
                return -1;
            }

            if (release)
            {
                Release();
                continue;
            }

            int wait = Do();
            if (wait > 0)
            {
                return wait;
            }
        }

        return -1;
    }

    void IXClient.Lost(string reason)
    {
        lock (gate)
        {
            Forget();
        }
    }

    void IXClient.Disconnecting(XDisplay display)
    {
        if (!display.IsDead && keyboard is not null)
        {
            mouse!.Press(0);
            keyboard.Leave();
            _ = LibX11.XSync(display, 0);
            traces.Confirm();
        }

        lock (gate)
        {
            lostButtons = mouse?.Buttons ?? lostButtons;
        }

        keyboard = null;
        mouse = null;
    }

    private void Handle(ref XEvent received)
    {
        if (received.Type == xkbEvent || received.Type == XEvent.MappingNotify)
        {
            keyboard!.MapChanged();
            if (received.Type == XEvent.MappingNotify)
            {
                _ = LibX11.XRefreshKeyboardMapping(ref received);
                if (received.MappingRequest == 2)
                {
                    mouse!.ReadMapping();
                }
            }
        }
    }

    /// <summary>An answer that was waited for brought events along: they are older than what is done next.</summary>
    private void Hear()
    {
        while (!display!.IsDead && LibX11.XEventsQueued(display, 0) > 0)
        {
            _ = LibX11.XNextEvent(display, out var received);
            Handle(ref received);
        }
    }

    private void Add(Command command)
    {
        lock (gate)
        {
            if (waiting.Count >= MaxWaiting)
            {
                // Nothing moves: better all keys up than one that stays down.
                Forget();
            }
            else if (waitingText + (command.Text?.Length ?? 0) <= MaxWaitingText)
            {
                waitingText += command.Text?.Length ?? 0;
                waiting.Enqueue(command);
            }
        }

        loop.Wake();
    }

    private void Forget()
    {
        waiting.Clear();
        waitingText = 0;
        releaseWanted = true;
    }

    private bool TryNext(out bool release)
    {
        lock (gate)
        {
            release = releaseWanted;
            if (release)
            {
                releaseWanted = false;
                current = default;
                return true;
            }

            if (current.Kind == Kind.None && waiting.TryDequeue(out current))
            {
                waitingText -= current.Text?.Length ?? 0;
                typed = 0;
            }

            return current.Kind != Kind.None;
        }
    }

    private void Release()
    {
        mouse!.Press(0);
        keyboard!.ReleaseAll();
    }

    /// <summary>Does what is current, one character at a time; 0 to go on, or milliseconds to wait.</summary>
    private int Do()
    {
        if (consent?.IsAsking == true)
        {
            Release();
            current = default;
            return 0;
        }

        int wait = 0;
        switch (current.Kind)
        {
            case Kind.Pointer:
                Point(current.A, current.B, current.C);
                break;
            case Kind.Wheel when consent?.Covers(at.X, at.Y) != true:
                mouse!.Wheel(current.A, current.B);
                break;
            case Kind.Key when current.C != 0:
                wait = keyboard!.Down((uint)current.A, (ushort)current.B);
                break;
            case Kind.Key:
                keyboard!.Up((uint)current.A, (ushort)current.B);
                break;
            case Kind.Text:
                return TypeNext();
        }

        if (wait == 0)
        {
            current = default;
        }

        return wait;
    }

    private void Point(int x, int y, int buttons)
    {
        at = (x, y);
        lock (gate)
        {
            lostButtons &= buttons;
            buttons &= ~lostButtons;
        }

        if (mouse!.WouldPress(buttons) && consent?.Covers(x, y) == true)
        {
            return;
        }

        mouse.Point(x, y, buttons);
    }

    private int TypeNext()
    {
        string text = current.Text!;
        if (typed >= text.Length)
        {
            current = default;
            return 0;
        }

        int length = char.IsSurrogatePair(text, typed) ? 2 : 1;
        uint character = length == 2 ? (uint)char.ConvertToUtf32(text, typed) : char.IsSurrogate(text[typed]) ? 0u : text[typed];
        bool secondOfLineEnd = character == '\n' && typed > 0 && text[typed - 1] == '\r';
        int wait = secondOfLineEnd ? 0 : keyboard!.Type(character);
        if (wait == 0)
        {
            typed += length;
        }

        return wait;
    }

    private readonly record struct Command(Kind Kind, int A, int B, int C, string? Text);
}
