using Alongside.Core.Codec;
using Alongside.Core.Input;
using Alongside.Core.Link;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;
using Alongside.Core.Session.Feed;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <param name="Name">What the desktop is called.</param>
/// <param name="Allow">The person's answer in advance; null: they are asked.</param>
public sealed record HostRoomOptions(string Name, Grant? Allow)
{
    /// <summary>Viewers at once; more are not heard.</summary>
    public int MaxViewers { get; init; } = 16;
}

/// <summary>
/// The host's side of a room: all its viewers, what they may do, and the desktop they share. Pure: a driver brings what happens, with
/// the time in microseconds, and after each call drains <see cref="TryPollEvent"/>, grabs when <see cref="WantsGrab"/> says so, calls
/// <see cref="Encode"/> and <see cref="Pump"/>; it calls <see cref="Tick"/> at <see cref="NextDeadline"/>. One thread.
/// <code>
/// relay payload ─> HostSession ─> grant and rates ─> SharedInput ─> events (input, clipboard, questions)
/// damage, cursor, clipboard ─> DesktopFeed, sessions ─> outboxes ─> IPath
/// </code>
/// </summary>
public sealed partial class HostRoom : IDisposable
{
    /// <summary>After a no, the next question of the same viewer is answered with what they have for this long, in microseconds.</summary>
    private const long AskPause = 10_000_000;

    private readonly HostRoomOptions options;
    private readonly CodeBook book;
    private readonly SwitchedPath path;
    private readonly IDirectWays? ways;
    private readonly IRandomSource random;
    private readonly HandshakeLimit handshakes = new();
    private readonly Dictionary<ushort, HostSession> sessions = [];
    private readonly List<HostSession> ended = [];
    private readonly Queue<HostEvent> events = new();
    private readonly SharedInput input;
    private readonly DesktopFeed feed;
    private CursorImage cursor = CursorImage.Hidden;
    private (int X, int Y) pointer;
    private string? lost;
    private DesktopSource? source;
    private int lastNumber;
    private IAskingGuest? asking;

    /// <param name="direct">The channels of direct ways; null: everything stays on the relay.</param>
    public HostRoom(HostRoomOptions options, CodeBook book, IPath relay, IRandomSource random, IDirectWays? direct = null)
    {
        this.options = options;
        this.book = book;
        path = new(relay, direct, this, leads: true);
        ways = direct;
        this.random = random;
        input = new(i => events.Enqueue(new(HostEventKind.Input, Input: i)));
        feed = new(path, random);
        book.CodeFinished += good => events.Enqueue(new(good ? HostEventKind.CodeUsed : HostEventKind.CodeWrong));
    }

    /// <summary>Who is in. Those who broke off are not, until they come back.</summary>
    public IReadOnlyList<Guest> Guests => [.. Live().Select(s => new Guest(s.Number, s.Name, s.Grant)), .. foreigners.Values.Where(g => g.IsIn).Select(g => new Guest(g.Number, g.Name, g.Grant))];

    /// <summary>Into which the driver grabs.</summary>
    public Frame? Target => feed.Target;

    public ReadOnlySpan<PixelRect> Damage => feed.Damage;

    internal DesktopFeed Feed => feed;

    /// <summary>For tests: how many sessions are kept.</summary>
    internal int Count => sessions.Count;

    internal HostSession? Session(ushort member) => sessions.GetValueOrDefault(member);

    public bool TryPollEvent(out HostEvent e) => events.TryDequeue(out e);

    // ---- from the path ----------------------------------------------------------------------------------------------------

    public void Handle(long now, ushort member, ReadOnlySpan<byte> payload)
    {
        path.Now = now;
        book.Tick(now);
        bool isHello = !payload.IsEmpty && payload[0] == PayloadKind.ViewerHello;
        if (isHello && !newcomers.MayBegin(now, member))
        {
            return;
        }

        if (!sessions.TryGetValue(member, out var session))
        {
            // Only a Hello begins something. Handshakes have a limit of their own: whoever begins one and does not finish it takes nobody's place. Nor does who is away.
            if (!isHello || sessions.Values.Count(s => s.IsHere) >= options.MaxViewers)
            {
                return;
            }

            session = new HostSession(now, ++lastNumber, member, this, path, () => NewPeer(member));
            sessions.Add(member, session);
        }

        bool wasHere = session.IsHere;
        try
        {
            path.Of(member).HandleRelay(now, payload);
        }
        catch (ProtocolException wrong)
        {
            session.End(now, ByeReason.Protocol, wrong.Message);
        }

        if (!wasHere && session.IsHere)
        {
            MakeRoom(now);
        }

        Bury();
    }

    // ---- from the desktop -------------------------------------------------------------------------------------------------

    public void SetLayout(long now, DesktopLayout layout)
    {
        lost = null;
        feed.SetLayout(now, layout);
        foreach (var session in Live())
        {
            if (feed.AreaOf(session.Monitor) is null)
            {
                session.Monitor = 0;
            }

            Choose(now, session);
            SayDesktop(now, session);
        }

        ForeignLayout(now);
    }

    /// <summary>The desktop is another machine's: everybody is told what it is called, and that end-to-end encryption ends here.</summary>
    public void SetSource(long now, DesktopSource changed)
    {
        if (changed == source)
        {
            return;
        }

        source = changed;
        feed.ComesWhole = true;
        foreach (var session in Live())
        {
            SayDesktop(now, session);
        }
    }

    /// <summary>The display went away; <see cref="SetLayout"/> says that it is back.</summary>
    public void Lost(long now, string reason)
    {
        lost = Label.Of(reason, 512);
        feed.SetLayout(now, null);
        foreach (var session in Live())
        {
            input.Release(session.Number);
            session.Say(now, new ControlMessage.Lost(lost));
        }

        ForeignLayout(now);
        LoseSizes(now);
    }

    public void Damaged(long now, PixelRect area) => feed.Damaged(now, area);

    /// <summary>The window system says that it moved something; the damage is told besides.</summary>
    public void Moved(Motion motion) => feed.Moved(motion);

    public void CursorChanged(CursorImage image)
    {
        cursor = image;
        foreach (var session in Live())
        {
            session.ShowCursor(image);
        }

        foreach (var guest in foreigners.Values)
        {
            guest.Viewer.CursorChanged(image);
        }
    }

    public void CursorMoved(long now, int x, int y) => TellPointerMoved(x, y, input.MovedBy(now, x, y));

    /// <summary>The person at the desktop copied.</summary>
    public void Copied(long now, byte selection, string text) => Spread(now, new ClipboardMessage(selection, text), from: null);

    /// <summary>Somebody copied more than can be sent: at the desktop, or for one that takes less.</summary>
    public void CopiedTooBig(long now, long bytes)
    {
        string text = $"What was copied is too big to be sent ({Math.Max(1, bytes / 1_000_000)} MB; the limit is 4 MB, 1 MB to a VNC server).";
        foreach (var session in Live().Where(s => s.Grant.Clipboard))
        {
            session.Say(now, new ControlMessage.Notice("clipboard-too-big", text));
        }
    }

    // ---- from the person --------------------------------------------------------------------------------------------------

    /// <summary>The answer to a question. Widens by what was asked for at most.</summary>
    public void Answer(long now, int guest, Grant answer)
    {
        if (asking is not { } guestAsked || guestAsked.Number != guest)
        {
            return;
        }

        asking = null;
        if (guestAsked.Asked is { } wanted && !guestAsked.HasEnded)
        {
            var given = answer.Intersect(wanted);
            if (given.Intersect(wanted) != wanted)
            {
                guestAsked.AskAgainAt = now + AskPause;
            }

            guestAsked.Give(now, Widen(guestAsked.Grant, given));
        }

        Bury();
        AskNext(now);
    }

    /// <summary>The person took something away. Never widens.</summary>
    public void Narrow(long now, int guest, Grant grant)
    {
        if (sessions.Values.FirstOrDefault(s => s.Number == guest && s.Phase == SessionPhase.Live) is { } session)
        {
            session.Give(now, grant.Intersect(session.Grant));
        }
        else if (foreigners.TryGetValue(guest, out var foreigner) && foreigner.IsIn)
        {
            foreigner.Give(now, grant.Intersect(foreigner.Grant));
        }

        Bury();
    }

    /// <summary>Stop: everybody leaves at once.</summary>
    public void StopAll(long now) => EndAll(now, ByeReason.Stopped, "The person at the desktop stopped it.");

    /// <summary>The program ends.</summary>
    public void Close(long now) => EndAll(now, ByeReason.Closed, "The host was closed.");

    // ---- time and pixels --------------------------------------------------------------------------------------------------

    public bool WantsGrab(long now) => feed.WantsGrab(now);

    public void Grabbed(long now)
    {
        feed.Grabbed(now);
        owesForeigners = foreigners.Count > 0;
    }

    /// <summary>Encodes for everybody who is ready. True: <see cref="Pump"/> is to be called, with the time that it is then.</summary>
    public bool Encode(long now) => feed.Encode(now) || owesForeigners;

    /// <summary>Sends what can be sent now.</summary>
    public void Pump(long now)
    {
        path.Tick(now);
        foreach (var session in sessions.Values)
        {
            session.Flush(now);
            if (session.Feed is null)
            {
                session.Outbox.Pump(now);
            }
        }

        Bury();
        feed.Pump(now);
        PumpForeigners(now);
    }

    public void Tick(long now)
    {
        book.Tick(now);
        path.Tick(now);
        foreach (var session in sessions.Values)
        {
            session.Tick(now);
        }

        PutOutWhoIsLate(now);
        LookForWays(now);
        TellOfLines(now);
        TickSizes(now);
        Bury();
    }

    /// <summary>When <see cref="Tick"/> and <see cref="Pump"/> are due; null: only when something happens.</summary>
    public long? NextDeadline(long now)
    {
        long? next = feed.NextDeadline(now);
        if (newcomers.NextDeadline is { } proveDue && (next is null || proveDue < next))
        {
            next = proveDue;
        }

        if (path.NextDeadline is { } linkDue && (next is null || linkDue < next))
        {
            next = linkDue;
        }

        if (sizes.NextDeadline is { } sizeDue && (next is null || sizeDue < next))
        {
            next = sizeDue;
        }

        foreach (var session in sessions.Values)
        {
            if (WayDeadline(session) is { } wayDue && (next is null || wayDue < next))
            {
                next = wayDue;
            }

            if (session.NextDeadline is { } due && (next is null || due < next))
            {
                next = due;
            }
        }

        foreach (var guest in foreigners.Values)
        {
            if (guest.Viewer.NextDeadline is { } due && (next is null || due < next))
            {
                next = due;
            }
        }

        return next;
    }

    public void Dispose()
    {
        foreach (var session in sessions.Values)
        {
            session.Dispose();
        }

        feed.Dispose();
    }
}
