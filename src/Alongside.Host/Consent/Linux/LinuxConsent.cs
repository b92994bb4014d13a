using System.Runtime.InteropServices;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Capture.Linux;
using Alongside.Host.Native;

namespace Alongside.Host.Consent.Linux;

/// <summary>
/// Question, banner, code and messages as windows of an X server. Callers leave what they want under a lock and wake the loop; its
/// thread alone touches windows (their coming and going is in LinuxConsent.Windows.cs). Who asks is in <see cref="IsAsking"/> before the window is there.
/// </summary>
public sealed partial class LinuxConsent : IConsent, IXClient
{
    private const int MessageMilliseconds = 8000;
    private const int RaiseMilliseconds = 250;

    /// <summary>
    /// A new code's window waits this long after a question or after the last guest: who broke off is mostly back within it, and a window that
    /// opens takes the keyboard from whatever is being typed into.
    /// </summary>
    private const int QuietMilliseconds = 5000;

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
    private long quietUntil;
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
            if (this.guests.Count > 0 && guests.Count == 0)
            {
                quietUntil = Environment.TickCount64 + QuietMilliseconds;
            }

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
        int codeDue = UpdateCode(now);
        UpdateMessage(now);
        Cover();
        int due = Math.Min(Math.Min(codeDue, Raise(now)), Math.Min(TickCode(now), messageWindow is null ? int.MaxValue : (int)Math.Max(1, messageEnds - now)));
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
            quietUntil = Environment.TickCount64 + QuietMilliseconds;
        }

        loop.Wake();
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
}
