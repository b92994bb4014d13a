using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Capture;
using Alongside.Host.Clipboard;
using Alongside.Host.Consent;
using Alongside.Host.Inject;

namespace Alongside.Host.Tests;

/// <summary>A desktop in memory: a painted frame, a log of what was injected, a person who answers as the test says.</summary>
internal sealed class FakeDesktop : IDesktop, ICapture, IInject, IClipboard, IConsent
{
    private readonly object gate = new();
    private readonly List<string> injected = [];
    private ICaptureSink? sink;
    private Action<ClipboardSelection, string>? copied;
    private Action<long>? tooBig;

    public FakeDesktop(int width = 320, int height = 200)
    {
        Screen = new(width, height);
        Paint(Screen.Bounds, 0x204060);
    }

    public event Action? StopPressed;

    public event Action<int, Grant>? Narrowed;

    public Frame Screen { get; private set; }

    /// <summary>How the person answers; never completes unless the test says.</summary>
    public Func<ConsentQuestion, CancellationToken, Task<Grant>> Answers { get; set; } = (question, _) => Task.FromResult(question.Asked);

    public IReadOnlyList<ConsentGuest> Guests { get; private set; } = [];

    public ShownCode? Shown { get; private set; }

    public List<string> Said { get; } = [];

    public string? Pasted { get; private set; }

    /// <summary>What a click at this place does to the screen: the picture answers, as a program would.</summary>
    public Action<int, int>? Clicked { get; set; }

    public PixelRect Covered { get; set; }

    public bool IsAsking { get; set; }

    public bool IsAway { get; set; }

    /// <summary>A mistake in our own code: what a grab throws.</summary>
    public Exception? GrabThrows { get; set; }

    ICapture IDesktop.Capture => this;

    IInject IDesktop.Inject => this;

    IClipboard IDesktop.Clipboard => this;

    IConsent IDesktop.Consent => this;

    public DesktopLayout Layout => new(Screen.Width, Screen.Height, [new(1, "fake", Screen.Bounds, true)]);

    public string[] Injected
    {
        get
        {
            lock (gate)
            {
                return [.. injected];
            }
        }
    }

    public void Paint(PixelRect area, uint colour)
    {
        lock (gate)
        {
            for (int y = area.Y; y < area.Bottom; y++)
            {
                Screen.Row(y, area.X, area.Width).Fill(colour);
            }
        }

        sink?.Damaged(area);
    }

    public void Copy(string text) => copied!(ClipboardSelection.Clipboard, text);

    public void CopyTooBig(long bytes) => tooBig!(bytes);

    public void PressStop() => StopPressed!();

    public void Narrow(int guest, Grant grant) => Narrowed!(guest, grant);

    public void LoseDisplay()
    {
        IsAway = true;
        sink!.Lost("The display went away.");
    }

    public void FindDisplay(int width, int height)
    {
        IsAway = false;
        Screen = new(width, height);
        Paint(Screen.Bounds, 0x806040);
        sink!.LayoutChanged(Layout);
    }

    void ICapture.Start(ICaptureSink to)
    {
        sink = to;
        to.LayoutChanged(Layout);
        to.CursorChanged(new(1, 1, 0, 0, [1, 2, 3, 255]));
    }

    bool ICapture.TryGrab(Frame target, ReadOnlySpan<PixelRect> areas)
    {
        if (GrabThrows is { } mistake)
        {
            throw mistake;
        }

        lock (gate)
        {
            if (IsAway || target.Width != Screen.Width || target.Height != Screen.Height)
            {
                return false;
            }

            foreach (var area in areas)
            {
                for (int y = area.Y; y < area.Bottom; y++)
                {
                    Screen.Row(y, area.X, area.Width).CopyTo(target.Row(y, area.X, area.Width));
                }
            }

            return true;
        }
    }

    void IInject.Pointer(int x, int y, int buttons)
    {
        Log($"pointer {x},{y} {buttons}");
        if (buttons != 0)
        {
            Clicked?.Invoke(x, y);
        }
    }

    void IInject.Wheel(int dx, int dy) => Log($"wheel {dx},{dy}");

    void IInject.Key(bool down, uint keysym, ushort usage) => Log($"key {(down ? "down" : "up")} {keysym:x} {usage:x}");

    void IInject.Text(string text) => Log($"text {text}");

    void IInject.ReleaseAll() => Log("release");

    void IClipboard.Start(Action<ClipboardSelection, string> onCopied, Action<long> onTooBig) => (copied, tooBig) = (onCopied, onTooBig);

    void IClipboard.Set(ClipboardSelection selection, string text) => Pasted = text;

    Task<Grant> IConsent.AskAsync(ConsentQuestion question, CancellationToken cancel) => Answers(question, cancel);

    void IConsent.ShowGuests(IReadOnlyList<ConsentGuest> guests) => Guests = guests;

    void IConsent.ShowCode(ShownCode? code) => Shown = code;

    void IConsent.Say(string text)
    {
        lock (gate)
        {
            Said.Add(text);
        }
    }

    bool IConsent.Covers(int x, int y) => Covered.Contains(x, y);

    public void Dispose()
    {
    }

    private void Log(string what)
    {
        lock (gate)
        {
            injected.Add(what);
        }
    }
}
