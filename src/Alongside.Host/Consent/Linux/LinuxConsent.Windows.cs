using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Native;

namespace Alongside.Host.Consent.Linux;

/// <summary>Which windows there are, where they stand and when they change. All of it on the loop's thread.</summary>
public sealed partial class LinuxConsent
{
    private void UpdateQuestion(long now)
    {
        PendingQuestion? wanted;
        lock (gate)
        {
            wanted = questions.FirstOrDefault();
        }

        if (question is not null && question.Pending != wanted)
        {
            question.Window.Dispose();
            question = null;
        }

        if (wanted is not null && question is null)
        {
            var panel = new QuestionPanel(palette, texts, wanted.Question, answer =>
            {
                Close(wanted);

                // On another thread: who waits for the answer may do anything.
                ThreadPool.UnsafeQueueUserWorkItem(static done => Finish(done.wanted, done.answer), (wanted, answer), false);
            });
            var window = new PanelWindow(display!, panel, WindowKind.Question, Fitting(panel, out int strip), (width, height) => Within(width, height, 0.5, 0.45, strip), "Alongside");
            _ = hasInput2
                ? LibXi.TrySelect(display!, window.Window, LibXi.AllMasterDevices, LibXi.ButtonPress, LibXi.ButtonRelease, LibXi.Motion, LibXi.Leave, LibXi.KeyPress)
                : LibX11.XSelectInput(display!, window.Window, LibX11.ExposureMask | LibX11.StructureNotifyMask | LibX11.VisibilityChangeMask
                    | LibX11.ButtonPressMask | LibX11.ButtonReleaseMask | LibX11.PointerMotionMask | LibX11.LeaveWindowMask | LibX11.KeyPressMask) != 0;
            _ = LibX11.XSync(display!, 0);
            window.TakeKeyboard();
            question = new(wanted, panel, window, now);
        }
    }

    private void UpdateBanner()
    {
        IReadOnlyList<ConsentGuest> shown;
        lock (gate)
        {
            if (!guestsChanged)
            {
                return;
            }

            guestsChanged = false;
            shown = guests;
        }

        CloseWindow(ref banner);
        if (shown.Count == 0)
        {
            bannerPlace = null;
            return;
        }

        var panel = new BannerPanel(palette, texts, shown, () => Raise(() => StopPressed?.Invoke()), (guest, grant) => Raise(() => Narrowed?.Invoke(guest, grant)));
        banner = new PanelWindow(
            display!, panel, WindowKind.Floating, scale,
            (width, height) => bannerPlace is { } place ? (place.X - (width / 2), place.Y) : Within(width, height, 0.5, 0, (int)(8 * scale)), "Alongside");
    }

    /// <summary>Milliseconds until a window that waits for a quiet moment is due.</summary>
    private int UpdateCode(long now)
    {
        ShownCode? shown;
        int due = int.MaxValue;
        bool waits;
        lock (gate)
        {
            if (!codeChanged)
            {
                return due;
            }

            shown = code;
            codeChanged = waits = shown is not null && (asking > 0 || now < quietUntil);
            if (waits && asking == 0)
            {
                due = (int)(quietUntil - now);
            }
        }

        // What it said is worthless now, whenever the next comes.
        CloseWindow(ref codeWindow);
        if (shown is not null && !waits)
        {
            var panel = new CodePanel(
                palette, texts, shown, () => TimeSpan.FromMilliseconds(Math.Max(0, Interlocked.Read(ref codeEnds) - Environment.TickCount64)), text => copy?.Invoke(text));
            codeWindow = new PanelWindow(display!, panel, WindowKind.Framed, scale, (width, height) => Within(width, height, 0.5, 0.4), "Alongside");
        }

        return due;
    }

    private void UpdateMessage(long now)
    {
        string? text;
        lock (gate)
        {
            (text, message) = (message, null);
        }

        if (text is not null)
        {
            CloseWindow(ref messageWindow);
            messageEnds = now + MessageMilliseconds;
            var panel = new MessagePanel(palette, texts, text, () => messageEnds = 0);
            messageWindow = new PanelWindow(
                display!, panel, WindowKind.Floating, scale, (width, height) => Within(width, height, 0.5, 1, (int)(24 * scale)), "Alongside");
        }
        else if (now >= messageEnds)
        {
            CloseWindow(ref messageWindow);
        }
    }

    /// <summary>The time left changes each second; milliseconds to the next change.</summary>
    private int TickCode(long now)
    {
        if (codeWindow is null)
        {
            return int.MaxValue;
        }

        long left = Math.Max(0, Interlocked.Read(ref codeEnds) - now);
        if (left / 1000 != codeSeconds)
        {
            codeSeconds = left / 1000;
            codeWindow.Refresh();
        }

        return left == 0 ? int.MaxValue : (int)(left % 1000) + 1;
    }

    /// <summary>Windows that must stay above go above again, but not more than four times a second: another may want the same.</summary>
    private int Raise(long now)
    {
        bool any = false;
        foreach (var window in (ReadOnlySpan<PanelWindow?>)[messageWindow, banner, question?.Window])
        {
            if (window is { IsCovered: true } && window != codeWindow)
            {
                any = true;
                if (now >= raiseAt)
                {
                    window.IsCovered = false;
                    window.Raise();
                }
            }
        }

        if (any && now >= raiseAt)
        {
            raiseAt = now + RaiseMilliseconds;
            return int.MaxValue;
        }

        return any ? (int)(raiseAt - now) : int.MaxValue;
    }

    private static void Raise(Action told) => ThreadPool.UnsafeQueueUserWorkItem(static action => action(), told, false);

    private void Dragged(PanelWindow window)
    {
        if (window == banner)
        {
            bannerPlace = (window.Area.X + (window.Area.Width / 2), window.Area.Y);
        }

        Cover();
    }

    private void Cover() => covered = [.. Windows().Select(window => window.Area)];

    /// <summary>A place on the monitor the pointer is on: shares of the free room, and a distance from its edge.</summary>
    private (int X, int Y) Within(int width, int height, double across, double down, int distance = 0)
    {
        var area = Monitor(width, height);
        int free = Math.Max(0, area.Height - height - (2 * distance));
        return (area.X + (int)((area.Width - width) * across), area.Y + distance + (int)(free * down));
    }

    /// <summary>A question never lies under the banner, which would hide who asks: on a small screen it is drawn smaller.</summary>
    private double Fitting(QuestionPanel panel, out int strip)
    {
        using var ruler = new Canvas(1, 1, 1);
        var (_, height) = panel.Arrange(ruler);
        strip = (int)(62 * scale);
        double room = Monitor(1, 1).Height - strip - (8 * scale);
        return Math.Clamp(room / height, 0.5, scale);
    }

    private PixelRect Monitor(int width, int height)
    {
        _ = LibX11.XQueryPointer(display!, display!.Root, out _, out _, out int x, out int y, out _, out _, out _);
        try
        {
            var layout = monitors.TryRead(display!);
            return layout?.Monitors.FirstOrDefault(monitor => monitor.Area.Contains(x, y))?.Area ?? new(0, 0, layout?.Width ?? width, layout?.Height ?? height);
        }
        catch (DisplayException)
        {
            // A screen too large to be shared can still show a window.
            return new(0, 0, width, height);
        }
    }

    private unsafe void HandleInput2(ref XEvent received)
    {
        if (LibX11.XGetEventData(display!, ref received) == 0)
        {
            return;
        }

        var input = (LibXi.XIDeviceEvent*)received.GenericData;
        if (question is { } open && input->Window == open.Window.Window)
        {
            bool heard = trustInjected || (input->SendEvent == 0 && !injectors.Contains(input->Source));
            switch (input->Type)
            {
                case LibXi.Motion:
                    open.Window.Pointer(input->X, input->Y, (int)input->RootX, (int)input->RootY);
                    break;
                case LibXi.Leave:
                    open.Window.Left();
                    break;
                case LibXi.ButtonPress when heard && input->Detail == 1 && open.IsRipe:
                    open.Window.Down(input->X, input->Y);
                    break;
                case LibXi.ButtonRelease when heard && input->Detail == 1:
                    open.Window.Up(input->X, input->Y);
                    open.Window.Refresh();
                    break;
                case LibXi.KeyPress when heard && open.IsRipe:
                    Key(open.Panel, (uint)input->Detail, (uint)input->Modifiers);
                    open.Window.Refresh();
                    break;
            }
        }

        LibX11.XFreeEventData(display!, ref received);
    }

    private void Key(Panel panel, uint keycode, uint state)
    {
        const uint Tab = 0xff09, BackTab = 0xfe20, Escape = 0xff1b, Space = 0x20, Enter = 0xff0d, KeypadEnter = 0xff8d, Right = 0xff53, Left = 0xff51, Up = 0xff52, Down = 0xff54;
        bool shift = (state & 1) != 0;
        switch ((uint)LibX11.XkbKeycodeToKeysym(display!, (byte)keycode, 0, 0))
        {
            case Tab when !shift:
            case Right or Down:
                panel.MoveFocus(1);
                break;
            case Tab or BackTab or Left or Up:
                panel.MoveFocus(-1);
                break;
            case Space or Enter or KeypadEnter:
                panel.PressFocused();
                break;
            case Escape when panel is QuestionPanel asked:
                asked.Refuse();
                break;
        }
    }

    private sealed class PendingQuestion(ConsentQuestion question)
    {
        public ConsentQuestion Question { get; } = question;

        public TaskCompletionSource<Grant> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenRegistration Cancelling { get; set; }
    }

    /// <summary>An open question. Nobody answers what they can't have read yet: the first half second hears nothing.</summary>
    private sealed record QuestionWindow(PendingQuestion Pending, QuestionPanel Panel, PanelWindow Window, long OpenedAt)
    {
        private const int RipeMilliseconds = 500;

        public bool IsRipe => Environment.TickCount64 - OpenedAt >= RipeMilliseconds;
    }
}
