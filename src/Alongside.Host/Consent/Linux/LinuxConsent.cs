using System.Runtime.InteropServices;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Capture.Linux;
using Alongside.Host.Native;

namespace Alongside.Host.Consent.Linux;

/// <summary>
/// Question, banner, code and messages as windows of an X server. Callers leave what they want under a lock and wake the loop; its
/// thread alone touches windows. Who asks is in <see cref="IsAsking"/> before the window is there.
/// </summary>
public sealed class LinuxConsent : IConsent, IXClient
{
    private const int MessageMilliseconds = 8000;
    private const int RaiseMilliseconds = 250;

    private readonly Lock gate = new();
    private readonly List<PendingQuestion> questions = [];
    private readonly Palette palette;
    private readonly Texts texts = Texts.Current();
    private readonly Action<string>? copy;
    private readonly bool trustInjected;
    private readonly ScreenLayout monitors = new();
    private readonly XLoop loop;
    private readonly HotKey hotKey;
    private readonly HashSet<int> injectors = [];
    private IReadOnlyList<ConsentGuest> guests = [];
    private ShownCode? code;
    private string? message;
    private readonly Queue<(string Name, TaskCompletionSource<bool> Done)> presses = new();
    private bool guestsChanged;
    private bool codeChanged;
    private volatile PixelRect[] covered = [];
    private volatile int asking;

    // The loop's own.
    private XDisplay? display;
    private double scale = 1;
    private bool hasInput2;
    private QuestionWindow? question;
    private PanelWindow? banner;
    private PanelWindow? codeWindow;
    private PanelWindow? messageWindow;
    private (int X, int Y)? bannerPlace;
    private long codeEnds;
    private long codeSeconds;
    private long messageEnds;
    private long raiseAt;

    /// <param name="displayName">Such as ":0"; null for what DISPLAY names.</param>
    /// <param name="copy">What Copy does with the code.</param>
    /// <exception cref="DisplayException">The display can't be opened, or cairo and pango aren't there.</exception>
    public LinuxConsent(string? displayName, Action<string>? copy = null)
        : this(displayName, copy, Palette.Current(), trustInjected: false)
    {
    }

    /// <param name="displayName">Such as ":0".</param>
    /// <param name="copy">What Copy does with the code.</param>
    /// <param name="palette">Light or dark.</param>
    /// <param name="trustInjected">Lets XTEST answer questions, as only a test may.</param>
    internal LinuxConsent(string? displayName, Action<string>? copy, Palette palette, bool trustInjected)
    {
        (this.copy, this.palette, this.trustInjected) = (copy, palette, trustInjected);
        RequireDrawing();
        loop = new XLoop("consent", displayName, this);
        hotKey = new HotKey(displayName, () => StopPressed?.Invoke());
        loop.Start();
    }

    public event Action? StopPressed;

    public event Action<int, Grant>? Narrowed;

    public bool IsAsking => asking > 0;

    public Task<Grant> AskAsync(ConsentQuestion question, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(question);
        var pending = new PendingQuestion(question);
        lock (gate)
        {
            questions.Add(pending);
            asking = questions.Count;
        }

        pending.Cancelling = cancel.Register(() =>
        {
            pending.Answer.TrySetCanceled(cancel);
            Close(pending);
        });
        loop.Wake();
        return pending.Answer.Task;
    }

    public void ShowGuests(IReadOnlyList<ConsentGuest> guests)
    {
        lock (gate)
        {
            this.guests = [.. guests];
            guestsChanged = true;
        }

        loop.Wake();
    }

    public void ShowCode(ShownCode? code)
    {
        lock (gate)
        {
            this.code = code;
            codeEnds = code is null ? 0 : Environment.TickCount64 + (long)code.Lifetime.TotalMilliseconds;
            codeChanged = true;
        }

        loop.Wake();
    }

    public void Say(string text)
    {
        lock (gate)
        {
            message = text;
        }

        loop.Wake();
    }

    public bool Covers(int x, int y) => IsAsking || Array.Exists(covered, area => area.Contains(x, y));

    public void Dispose()
    {
        hotKey.Dispose();
        loop.Dispose();
        PendingQuestion[] open;
        lock (gate)
        {
            open = [.. questions];
            questions.Clear();
            asking = 0;
        }

        foreach (var pending in open)
        {
            Finish(pending, pending.Question.Has);
        }
    }

    void IXClient.Connected(XDisplay display)
    {
        this.display = display;
        nint dpi = LibX11.XGetDefault(display, "Xft", "dpi");
        scale = double.TryParse(Marshal.PtrToStringUTF8(dpi), System.Globalization.CultureInfo.InvariantCulture, out double value)
            ? Math.Clamp(value / 96, 0.75, 4)
            : 1;
        FindInjectors(display);
        lock (gate)
        {
            guestsChanged = codeChanged = true;
        }
    }

    void IXClient.Handle(ref XEvent received)
    {
        if (received.Type == XEvent.GenericEvent)
        {
            HandleInput2(ref received);
            return;
        }

        var window = Find(received.Window);
        if (window is null)
        {
            return;
        }

        switch (received.Type)
        {
            case XEvent.Expose when received.ExposeCount == 0:
                window.Exposed();
                break;
            case XEvent.ConfigureNotify:
                window.Moved();
                Cover();
                break;
            case XEvent.VisibilityNotify:
                window.IsCovered = received.Visibility != 0;
                break;
            case XEvent.MotionNotify:
                window.Pointer(received.X, received.Y, received.RootX, received.RootY);
                Dragged(window);
                break;
            case XEvent.LeaveNotify:
                window.Left();
                break;
            case XEvent.ButtonPress when received.Detail == 1:
                window.Down(received.X, received.Y);
                break;
            case XEvent.ButtonRelease when received.Detail == 1:
                window.Up(received.X, received.Y);
                break;
            case XEvent.KeyPress:
                Key(window.Panel, received.Detail, received.State);
                window.Refresh();
                break;
            case XEvent.ClientMessage when window == codeWindow:
                CloseWindow(ref codeWindow);
                break;
            case XEvent.ClientMessage when window == question?.Window:
                question.Panel.Refuse();
                break;
        }
    }

    int IXClient.Turn()
    {
        long now = Environment.TickCount64;
        Press(now);
        UpdateQuestion(now);
        UpdateBanner();
        UpdateCode();
        UpdateMessage(now);
        Cover();
        int due = Math.Min(Raise(now), Math.Min(TickCode(now), messageWindow is null ? int.MaxValue : (int)Math.Max(1, messageEnds - now)));
        return due == int.MaxValue ? -1 : due;
    }

    void IXClient.Lost(string reason)
    {
    }

    void IXClient.Disconnecting(XDisplay display)
    {
        question?.Window.Dispose();
        question = null;
        CloseWindow(ref banner);
        CloseWindow(ref codeWindow);
        CloseWindow(ref messageWindow);
        covered = [];
        this.display = null;
    }

    /// <summary>Presses a control of an open window, as a person would. For tests, which have no other hand.</summary>
    /// <returns>False when there is no such control.</returns>
    internal Task<bool> PressAsync(string name)
    {
        var press = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            presses.Enqueue((name, press));
        }

        loop.Wake();
        return press.Task;
    }

    private static void RequireDrawing()
    {
        try
        {
            using var canvas = new Canvas(1, 1, 1);
            canvas.Measure("A", new Font(10));
        }
        catch (DllNotFoundException e)
        {
            throw new DisplayException($"Windows can't be drawn: {e.Message.Split(':')[0]}. Install cairo and pango.");
        }
    }

    private static void Finish(PendingQuestion pending, Grant answer)
    {
        pending.Answer.TrySetResult(answer);
        pending.Cancelling.Dispose();
    }

    private static void CloseWindow(ref PanelWindow? window)
    {
        window?.Dispose();
        window = null;
    }

    private unsafe void FindInjectors(XDisplay display)
    {
        int major = 2, minor = 2;
        hasInput2 = LibXi.XIQueryVersion(display, ref major, ref minor) == 0;
        if (!hasInput2)
        {
            return;
        }

        injectors.Clear();
        var devices = LibXi.XIQueryDevice(display, LibXi.AllDevices, out int count);
        for (int i = 0; devices is not null && i < count; i++)
        {
            if (Marshal.PtrToStringUTF8(devices[i].Name)?.Contains("XTEST", StringComparison.Ordinal) == true)
            {
                injectors.Add(devices[i].Id);
            }
        }

        if (devices is not null)
        {
            LibXi.XIFreeDeviceInfo(devices);
        }
    }

    private IEnumerable<PanelWindow> Windows() => new[] { question?.Window, banner, codeWindow, messageWindow }.OfType<PanelWindow>();

    private PanelWindow? Find(nuint window) => Windows().FirstOrDefault(candidate => candidate.Window == window);

    private void Close(PendingQuestion pending)
    {
        lock (gate)
        {
            questions.Remove(pending);
            asking = questions.Count;
        }

        loop.Wake();
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

    private void Press(long now)
    {
        while (true)
        {
            (string Name, TaskCompletionSource<bool> Done) press;
            lock (gate)
            {
                if (!presses.TryDequeue(out press))
                {
                    return;
                }
            }

            // What was withdrawn before the press must not take it.
            UpdateQuestion(now);
            var window = Windows().FirstOrDefault(window => window.Panel.TryPress(press.Name));
            window?.Refresh();
            press.Done.SetResult(window is not null);
        }
    }

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

    private void UpdateCode()
    {
        ShownCode? shown;
        lock (gate)
        {
            if (!codeChanged)
            {
                return;
            }

            codeChanged = false;
            shown = code;
        }

        CloseWindow(ref codeWindow);
        if (shown is not null)
        {
            var panel = new CodePanel(
                palette, texts, shown, () => TimeSpan.FromMilliseconds(Math.Max(0, Interlocked.Read(ref codeEnds) - Environment.TickCount64)), text => copy?.Invoke(text));
            codeWindow = new PanelWindow(display!, panel, WindowKind.Framed, scale, (width, height) => Within(width, height, 0.5, 0.4), "Alongside");
        }
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
