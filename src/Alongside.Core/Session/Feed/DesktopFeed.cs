using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;

namespace Alongside.Core.Session.Feed;

/// <summary>
/// Decides who gets which picture of the desktop when (docs/protocol/session.md, "Desktop").
/// <code>
/// Damaged ─> damage ─> WantsGrab ─> [the driver grabs into Target] ─> Grabbed ─> each stream's pending damage
///                                                                                │ everybody of the stream is ready: Encode
///                                    viewers <─ Pump <─ outboxes <─ sealed records <┘
/// </code>
/// Damage is state, not a queue: what was not encoded is skipped, the newest pixels win, what was encoded is delivered. A viewer is
/// brought up alone, then follows a stream; whoever makes the others of a stream wait is brought up alone again and follows a slower one. A viewer
/// that paints nothing is given nothing and makes nobody wait for longer than once. What is encoded when, and who shares a stream, are in the
/// other parts of this class.
/// </summary>
internal sealed partial class DesktopFeed(IPath path, IRandomSource random) : IDisposable
{
    /// <summary>Pictures a second at most, in microseconds between them.</summary>
    private const long FrameTime = 1_000_000 / 60;

    /// <summary>After a pause, damage is given this long to be whole: programs draw in several steps.</summary>
    private const long Settle = 1_000;

    /// <summary>The first damage this soon after input is its answer, for which somebody waits: it is grabbed at once, in microseconds.</summary>
    private const long AnswerTime = 100_000;

    /// <summary>Whoever used the desktop this recently is waited for: less stands on the way, in microseconds.</summary>
    private const long UseTime = 1_000_000;

    private readonly DamageRegion damage = new();
    private readonly List<IPixelTap> taps = [];
    private readonly RecordPool pool = new();
    private readonly List<FeedView> views = [];
    private DesktopLayout? layout;
    private Frame? desktop;
    private long settledAt;
    private long? inputAt;
    private long usedAt = -UseTime;
    private long nextFrameAt;
    private long grabbedAt;
    private bool wasGrabbed;
    private byte lastStream;

    /// <summary>Into which the driver grabs; null while there is no display.</summary>
    public Frame? Target => desktop;

    /// <summary>What is to be grabbed.</summary>
    public ReadOnlySpan<PixelRect> Damage => damage.Rects;

    public DesktopLayout? Layout => layout;

    /// <summary>Stream records that wait for somebody's window.</summary>
    public int WaitingRecords => pool.Out;

    /// <summary>The streams there are.</summary>
    public IEnumerable<DesktopStream> Streams => views.SelectMany(view => view.Streams).OfType<DesktopStream>();

    /// <summary>Damage is told when all that belongs together is drawn: it needs no time to settle.</summary>
    public bool ComesWhole { get; set; }

    /// <summary>Another number whenever <see cref="Newest"/> has other pixels.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>For simulations: hears of each update when its encoder's reference is what its viewers are to see.</summary>
    internal Action<UpdateEncoder>? Witness { get; set; }

    /// <summary>Updates encoded so far.</summary>
    public long Encoded { get; private set; }

    /// <summary>Where people look, most likely: the pointer, in pixels of the desktop.</summary>
    public (int X, int Y) Focus { get; set; }

    /// <summary>The display has this layout now; null: it is away.</summary>
    public void SetLayout(long now, DesktopLayout? changed)
    {
        layout = changed;
        wasGrabbed = false;
        damage.Clear();
        desktop = changed is null ? null
            : desktop is { } same && same.Width == changed.Width && same.Height == changed.Height ? same : new Frame(changed.Width, changed.Height);
        foreach (var view in views)
        {
            view.Place(AreaOf(view.Monitor) ?? default);
            foreach (var stream in view.Streams)
            {
                stream?.WaitingSince = null;
                stream?.Moved.Clear();
            }
        }

        if (desktop is not null)
        {
            Damaged(now, desktop.Bounds);
        }
    }

    public void Damaged(long now, PixelRect area)
    {
        if (desktop is null)
        {
            return;
        }

        if (damage.IsEmpty)
        {
            // Once an input, so that what is drawn in several steps is torn at most once.
            settledAt = ComesWhole || (inputAt is { } at && now - at <= AnswerTime) ? now : now + Settle;
            inputAt = null;
        }

        damage.Add(area.Intersect(desktop.Bounds));
        foreach (var view in views)
        {
            view.Damaged(area, now);
        }
    }

    /// <summary>The window system moved something, as it says: a hint for encoders of what the damage around it is.</summary>
    public void Moved(Motion motion)
    {
        foreach (var view in views)
        {
            var within = new Motion(motion.To with { X = motion.To.X - view.Area.X, Y = motion.To.Y - view.Area.Y }, motion.DeltaX, motion.DeltaY);
            foreach (var stream in view.Streams)
            {
                stream?.Moved.Add(within);
            }
        }
    }

    /// <summary>Somebody used the mouse or the keyboard of the desktop.</summary>
    public void InputDone(long now)
    {
        inputAt = now;
        usedAt = now;
    }

    /// <summary>Whether somebody could be sent new pixels now. If only the time isn't right, <see cref="NextDeadline"/> says when.</summary>
    public bool WantsGrab(long now) => GrabAt() is { } at && at <= now;

    /// <summary><see cref="Damage"/> has been grabbed into <see cref="Target"/>.</summary>
    public void Grabbed(long now)
    {
        foreach (var view in views)
        {
            view.Take(desktop!, damage.Rects);
        }

        foreach (var tap in taps)
        {
            tap.Grabbed(damage.Rects);
        }

        damage.Clear();
        Version++;
        wasGrabbed = true;
        grabbedAt = now;

        // Sixty a second for long, but two in a row: what follows a key press at once need not wait a whole turn.
        nextFrameAt = Math.Max(nextFrameAt + FrameTime, now - FrameTime);
    }

    public long? NextDeadline(long now)
    {
        long? next = GrabAt();
        foreach (var view in views)
        {
            foreach (var stream in view.Streams)
            {
                if (stream is null)
                {
                    continue;
                }

                if (stream.WaitingSince is { } since)
                {
                    next = Earlier(next, since + Speeds.Patience(stream.Level));
                }

                if (view.Newest is not null && stream.CouldTake)
                {
                    next = Earlier(next, DueAt(stream));
                }
            }

            foreach (var viewer in view.Viewers)
            {
                if (viewer.Stream is null && viewer.IsReady && view.Newest is not null && IsCurrent(viewer))
                {
                    next = Earlier(next, viewer.AgainAt);
                }
            }
        }

        return next is { } at ? Math.Max(at, now) : null;
    }

    /// <summary>The whole desktop's pixels; null before the first grab of a layout.</summary>
    public Frame? Newest => wasGrabbed ? desktop : null;

    /// <summary>Somebody takes the pixels themselves from now on, all of them at first.</summary>
    public void Add(IPixelTap tap)
    {
        taps.Add(tap);
        if (desktop is not null)
        {
            damage.Add(desktop.Bounds);
        }
    }

    public void Remove(IPixelTap tap) => taps.Remove(tap);

    /// <summary>Somebody may see the desktop from now on.</summary>
    /// <param name="codec">What their decoder knows of what the encoder writes (<see cref="UpdateEncoder.Shared"/>).</param>
    public FeedViewer Add(long now, Outbox outbox, int monitor, ushort[] codec)
    {
        var viewer = new FeedViewer(outbox) { View = ViewOf(monitor, codec), AloneSince = now };
        viewer.View.Viewers.Add(viewer);
        return viewer;
    }

    /// <summary>Somebody left, broke off or may see the desktop no longer; the outbox has been cleared or is of no more use.</summary>
    public void Remove(FeedViewer viewer)
    {
        foreach (var view in views)
        {
            foreach (var stream in view.Streams)
            {
                stream?.Forget(viewer);
            }
        }

        viewer.View.Viewers.Remove(viewer);
        viewer.Dispose();
        DropWhatNobodyUses();
    }

    /// <summary>Whether a monitor of this id can be shown.</summary>
    public PixelRect? AreaOf(int monitor)
    {
        if (layout is null)
        {
            return null;
        }

        return monitor == 0 ? new(0, 0, layout.Width, layout.Height)
            : layout.Monitors.FirstOrDefault(m => m.Id == monitor)?.Area is { IsEmpty: false } area
                && area.Intersect(new(0, 0, layout.Width, layout.Height)) == area ? area : null;
    }

    /// <summary>Shows another monitor to somebody. They keep the decoder, not the stream.</summary>
    public void Choose(long now, FeedViewer viewer, int monitor)
    {
        var view = ViewOf(monitor, viewer.View.Codec);
        if (viewer.View == view)
        {
            return;
        }

        StepOut(now, viewer);
        viewer.View.Viewers.Remove(viewer);
        viewer.View = view;
        view.Viewers.Add(viewer);
        DropWhatNobodyUses();
    }

    public void Dispose()
    {
        foreach (var view in views)
        {
            view.Viewers.ForEach(viewer => viewer.Dispose());
            view.Dispose();
        }
    }

    private static long? Earlier(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private long? GrabAt() => desktop is null || damage.IsEmpty || (!views.Any(CouldTake) && !taps.Exists(tap => tap.IsReady)) ? null : Math.Max(settledAt, nextFrameAt);

    private FeedView ViewOf(int monitor, ushort[] codec)
    {
        var view = views.Find(v => v.Monitor == monitor && v.Codec.AsSpan().SequenceEqual(codec));
        if (view is null)
        {
            view = new FeedView(monitor, codec);
            view.Place(AreaOf(monitor) ?? default);
            views.Add(view);

            // Its pixels come with the next grab.
            damage.Add(view.Area);
        }

        return view;
    }

    private void DropWhatNobodyUses()
    {
        for (int i = views.Count - 1; i >= 0; i--)
        {
            var view = views[i];
            for (int level = 0; level < Speeds.Count; level++)
            {
                if (view.Streams[level] is { Viewers.Count: 0 } empty)
                {
                    empty.Dispose();
                    view.Streams[level] = null;
                }
            }

            if (view.Viewers.Count == 0)
            {
                view.Dispose();
                views.RemoveAt(i);
            }
        }
    }

    private byte NewStreamId()
    {
        do
        {
            lastStream = lastStream == 255 ? (byte)1 : (byte)(lastStream + 1);
        }
        while (views.Any(view => view.Streams.Any(stream => stream?.Id == lastStream)));
        return lastStream;
    }
}
