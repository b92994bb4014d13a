using Alongside.Core.Pixels;
using Alongside.Host.Inject;
using Alongside.Host.Loop;
using Alongside.Host.Native;

namespace Alongside.Host.Capture.Linux;

/// <summary>
/// The screen of an X server:
/// 1. DAMAGE tells each rectangle once; the loop's thread hands it to the sink at once.
/// 2. The sink's owner decides when to grab. Grabbing first forgets the damage, then reads, on the same connection and so in
///    this order: what is drawn after the reading is told again, and nothing is told while nobody looks. While somebody looks whose line is too thin for
///    a grab, what has been told is forgotten as well, after 30 ms, so that a film goes on being told.
/// 3. Windows that move say so before the damage of it comes (<see cref="WindowPlaces"/>).
/// 4. XFIXES tells the pointer's picture, XInput its motion, RandR the monitors.
/// </summary>
public sealed class LinuxCapture : ICapture, IXClient
{
    /// <summary>Damage that has not been grabbed is told again when it is drawn again after this long, in microseconds.</summary>
    private const long TellTime = 30_000;

    /// <summary>So long after a grab somebody still looks, in microseconds.</summary>
    private const long LookTime = 2_000_000;

    private readonly InjectedPositions? ours;
    private readonly XLoop loop;
    private readonly ScreenLayout monitors = new();
    private readonly WindowPlaces windows = new();
    private readonly bool shared;
    private volatile DesktopLayout layout = new(1, 1, []);
    private ICaptureSink? sink;
    private XDisplay? display;
    private ScreenReader? reader;
    private nuint damage;
    private long grabbedAt = -LookTime;
    private long? toldAt;
    private int damageEvent;
    private int fixesEvent;
    private int randrEvent;
    private bool tellAll;
    private bool tellCursor;
    private bool tellPosition;
    private bool readLayout;
    private (int X, int Y) position = (-1, -1);

    /// <param name="displayName">Such as ":0"; null for what DISPLAY names.</param>
    /// <param name="ours">Positions of the pointer that are not worth telling.</param>
    /// <exception cref="DisplayException">The display can't be opened or lacks what is needed.</exception>
    public LinuxCapture(string? displayName, InjectedPositions? ours = null)
        : this(displayName, ours, shared: true)
    {
    }

    internal LinuxCapture(string? displayName, InjectedPositions? ours, bool shared)
    {
        this.ours = ours;
        this.shared = shared;
        loop = new XLoop("capture", displayName, this);
    }

    public DesktopLayout Layout => layout;

    internal long Wakeups => loop.Wakeups;

    public void Start(ICaptureSink sink)
    {
        this.sink = sink;
        tellAll = true;
        loop.Start();
    }

    public bool TryGrab(Frame target, ReadOnlySpan<PixelRect> areas) => loop.TryUse(new Grab(this, target, areas), static (display, grab) => grab.Do(display));

    public void Dispose() => loop.Dispose();

    void IXClient.Connected(XDisplay display)
    {
        this.display = display;
        if (LibXdamage.XDamageQueryExtension(display, out damageEvent, out _) == 0
            || LibXfixes.XFixesQueryExtension(display, out fixesEvent, out _) == 0
            || LibXrandr.XRRQueryExtension(display, out randrEvent, out _) == 0)
        {
            throw new DisplayException("The display lacks one of the extensions DAMAGE, XFIXES and RANDR.");
        }

        int major = 5, minor = 0;
        _ = LibXfixes.XFixesQueryVersion(display, ref major, ref minor);
        _ = LibXrandr.XRRQueryVersion(display, out _, out _);
        reader = new ScreenReader(display, shared);
        LibXrandr.XRRSelectInput(display, display.Root, LibXrandr.ScreenCrtcOutputMask);
        layout = monitors.TryRead(display) ?? throw new DisplayException("The display went away.");
        damage = LibXdamage.XDamageCreate(display, display.Root, LibXdamage.DeltaRectangles);
        LibXfixes.XFixesSelectCursorInput(display, display.Root, 1);
        _ = LibXi.TrySelect(display, display.Root, LibXi.AllMasterDevices, LibXi.RawMotion);
        windows.Connected(display);
        tellAll = true;
    }

    void IXClient.Handle(ref XEvent received)
    {
        if (received.Type == damageEvent)
        {
            var area = new PixelRect(received.DamageX, received.DamageY, received.DamageWidth, received.DamageHeight)
                .Intersect(new(0, 0, layout.Width, layout.Height));
            if (!area.IsEmpty && !tellAll)
            {
                sink!.Damaged(area);
            }

            toldAt ??= MonotonicClock.Now;
        }
        else if (windows.TryMove(received, out var motion))
        {
            if (!tellAll)
            {
                sink!.Moved(motion);
            }
        }
        else if (received.Type == fixesEvent + LibXfixes.CursorNotify)
        {
            tellCursor = true;
        }
        else if (received.Type == XEvent.GenericEvent)
        {
            tellPosition = true;
        }
        else if (received.Type == randrEvent || received.Type == randrEvent + 1)
        {
            _ = LibXrandr.XRRUpdateConfiguration(ref received);
            readLayout = true;
        }
    }

    int IXClient.Turn()
    {
        if (tellAll || readLayout)
        {
            TellLayout();
        }

        if (tellAll || tellCursor)
        {
            tellCursor = false;
            tellPosition = true;
            if (CursorReader.TryRead(display!) is { } cursor)
            {
                sink!.CursorChanged(cursor);
            }
        }

        if (tellPosition)
        {
            tellPosition = false;
            TellPosition();
        }

        if (tellAll)
        {
            tellAll = false;
            sink!.Damaged(new(0, 0, layout.Width, layout.Height));
        }

        return ForgetUngrabbed(MonotonicClock.Now);
    }

    void IXClient.Lost(string reason) => sink!.Lost(reason);

    void IXClient.Disconnecting(XDisplay display)
    {
        reader?.Dispose();
        reader = null;
        this.display = null;
    }

    private void TellLayout()
    {
        readLayout = false;
        DesktopLayout? now;
        try
        {
            now = monitors.TryRead(display!);
        }
        catch (DisplayException e)
        {
            // Grabs keep failing because no frame has this size; the next change of size is looked at again.
            layout = new(1, 1, []);
            sink!.Lost(e.Message);
            return;
        }

        if (now is not null && (tellAll || !ScreenLayout.AreSame(now, layout)))
        {
            bool resized = now.Width != layout.Width || now.Height != layout.Height;
            layout = now;
            sink!.LayoutChanged(now);
            if (resized)
            {
                sink.Damaged(new(0, 0, now.Width, now.Height));
            }
        }
    }

    private void TellPosition()
    {
        if (LibX11.XQueryPointer(display!, display!.Root, out _, out _, out int x, out int y, out _, out _, out _) != 0
            && (x, y) != position)
        {
            position = (x, y);
            if (ours?.Contains(x, y) != true)
            {
                sink!.CursorMoved(x, y);
            }
        }
    }

    /// <summary>What nobody grabs is forgotten after a while, so that it is told when it is drawn again.</summary>
    /// <returns>Milliseconds until that is due; -1: nothing waits for a grab, or nobody looks.</returns>
    private int ForgetUngrabbed(long now)
    {
        if (toldAt is not { } at || now - grabbedAt >= LookTime)
        {
            return -1;
        }

        if (now - at < TellTime)
        {
            return (int)((at + TellTime - now + 999) / 1000);
        }

        toldAt = null;
        LibXdamage.XDamageSubtract(display!, damage, LibX11.None, LibX11.None);
        return -1;
    }

    /// <summary>The arguments of one grab, on the caller's stack.</summary>
    private readonly ref struct Grab(LinuxCapture capture, Frame target, ReadOnlySpan<PixelRect> areas)
    {
        private readonly ReadOnlySpan<PixelRect> areas = areas;

        public bool Do(XDisplay display)
        {
            var size = capture.layout;
            if (capture.reader is not { } reader || target.Width != size.Width || target.Height != size.Height)
            {
                // The display has come back and is not set up yet, or has another size, of which the session will hear.
                return false;
            }

            LibXdamage.XDamageSubtract(display, capture.damage, LibX11.None, LibX11.None);
            capture.grabbedAt = MonotonicClock.Now;
            capture.toldAt = null;
            foreach (var area in areas)
            {
                if (!reader.TryRead(target, area))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
