using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Capture;
using Alongside.Host.Clipboard;
using Alongside.Host.Consent;

namespace Alongside.Host.Loop;

/// <summary>
/// The one thread on which a session lives: takes what comes, drives the <see cref="HostRoom"/>, and does what it says. Damage is grabbed,
/// encoded and sent within one turn, without another hop.
/// </summary>
/// <param name="server">What the person is told about where the viewers come from.</param>
internal sealed class HostLoop(HostRoom room, IDesktop desktop, Inbox inbox, string server) : ICaptureSink
{
    /// <summary>A grab that failed is not tried again at once: the capture will say what has become of the screen. In microseconds.</summary>
    private const long GrabPause = 100_000;

    private readonly InputGuard guard = new(desktop.Inject, desktop.Consent);
    private readonly DamageRegion damage = new();
    private readonly List<Motion> motions = [];
    private readonly Dictionary<int, CancellationTokenSource> questions = [];
    private long grabAgainAt;
    private bool stopped;

    /// <summary>What the room says that isn't the desktop's business: codes, members. Called on the loop's thread.</summary>
    public event Action<long, HostEvent>? Happened;

    /// <summary>Somebody is in, or nobody is any more.</summary>
    public event Action<IReadOnlyList<Guest>>? GuestsChanged;

    /// <summary>Runs until <see cref="Stop"/>; then everybody has been told, and everything is released.</summary>
    public void Run()
    {
        try
        {
            TakeTurns();
        }
        finally
        {
            // However it ends: nobody waits for a turn that won't come.
            inbox.Close();
        }
    }

    /// <summary>Ends the loop after everybody has been told that the program ends.</summary>
    public void Stop() => inbox.Post(now =>
    {
        room.Close(now);
        stopped = true;
    });

    void ICaptureSink.Damaged(PixelRect area) => inbox.PostDamage(area);

    void ICaptureSink.Moved(Motion motion) => inbox.PostMotion(motion);

    void ICaptureSink.LayoutChanged(DesktopLayout layout) => inbox.Post(now =>
    {
        inbox.ForgetDamage();
        grabAgainAt = 0;
        room.SetLayout(now, layout);
    });

    void ICaptureSink.SourceChanged(DesktopSource source) => inbox.Post(now => room.SetSource(now, source));

    void ICaptureSink.SizeAnswered(int number, SizeAnswer answer) => inbox.Post(now => room.SizeAnswered(now, number, answer));

    void ICaptureSink.CursorChanged(CursorImage cursor) => inbox.PostCursor(cursor);

    void ICaptureSink.CursorMoved(int x, int y) => inbox.PostPointer(x, y);

    void ICaptureSink.Lost(string reason) => inbox.Post(now =>
    {
        desktop.Consent.Say(reason);
        room.Lost(now, reason);
    });

    private void TakeTurns()
    {
        desktop.Consent.StopPressed += () => inbox.Post(room.StopAll);
        desktop.Consent.Narrowed += (guest, grant) => inbox.Post(now => room.Narrow(now, guest, grant));
        desktop.Clipboard.Start(
            (selection, text) => inbox.Post(now => room.Copied(now, (byte)selection, text)),
            bytes => inbox.Post(now => room.CopiedTooBig(now, bytes)));
        desktop.Capture.Start(this);
        long? deadline = null;
        while (!stopped)
        {
            inbox.Wait(deadline is { } due ? due - MonotonicClock.Now : null);
            long now = MonotonicClock.Now;
            TakeState(now);
            while (inbox.TryTake(out var item))
            {
                Handle(now, item);
                Act(now);
            }

            room.Tick(now);
            Serve(now);
            deadline = room.NextDeadline(now);
            if (deadline < grabAgainAt)
            {
                deadline = grabAgainAt;
            }
        }

        desktop.Inject.ReleaseAll();
        desktop.Consent.ShowGuests([]);
    }

    private void Handle(long now, Inbox.Item item)
    {
        if (item.Act is { } act)
        {
            act(now);
            return;
        }

        var bytes = item.Buffer.AsSpan(0, item.Length);
        if (item.Way == 0)
        {
            room.Handle(now, item.Member, bytes);
        }
        else
        {
            room.HandleDirect(now, item.Member, item.Way, bytes);
        }

        Inbox.Return(item);
    }

    private void TakeState(long now)
    {
        inbox.TakeState(damage, motions, out var cursor, out var pointer);
        foreach (var motion in motions)
        {
            room.Moved(motion);
        }

        foreach (var area in damage.Rects)
        {
            room.Damaged(now, area);
        }

        if (cursor is not null)
        {
            room.CursorChanged(cursor);
        }

        if (pointer is { } at)
        {
            room.CursorMoved(now, at.X, at.Y);
        }
    }

    /// <summary>Grabs and sends until nobody can be sent anything newer.</summary>
    private void Serve(long now)
    {
        Act(now);
        room.Pump(now);
        if (now < grabAgainAt || !room.WantsGrab(now))
        {
            // What was left of the last picture goes behind a newer one, which may be somebody's letter.
            Encode(ref now);
        }

        while (now >= grabAgainAt && room.WantsGrab(now))
        {
            if (!desktop.Capture.TryGrab(room.Target!, room.Damage))
            {
                grabAgainAt = now + GrabPause;
                Encode(ref now);
                break;
            }

            room.Grabbed(now);
            Encode(ref now);
        }

        Act(now);
    }

    /// <summary>Encoding takes its time, which is not that of the way to the viewers.</summary>
    private void Encode(ref long now)
    {
        if (room.Encode(now))
        {
            now = MonotonicClock.Now;
            room.Pump(now);
        }
    }

    private void Act(long now)
    {
        while (room.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case HostEventKind.Input:
                    guard.Do(e.Input);
                    break;
                case HostEventKind.Clipboard:
                    desktop.Clipboard.Set((ClipboardSelection)e.Clipboard.Selection, e.Clipboard.Text);
                    break;
                case HostEventKind.Size:
                    if (desktop.Capture.AskForSize(e.Size) is { } atOnce)
                    {
                        room.SizeAnswered(now, e.Size.Number, atOnce);
                    }

                    break;
                case HostEventKind.Guests:
                    var guests = room.Guests;
                    desktop.Consent.ShowGuests([.. guests.Select(g => new ConsentGuest(g.Number, g.Name, g.Grant))]);
                    GuestsChanged?.Invoke(guests);
                    break;
                case HostEventKind.Ask:
                    Ask(e.Question!);
                    break;
                case HostEventKind.AskCancelled:
                    if (questions.Remove(e.Guest, out var open))
                    {
                        open.Cancel();
                    }

                    break;
                default:
                    Happened?.Invoke(now, e);
                    break;
            }
        }
    }

    private void Ask(GuestQuestion question)
    {
        var cancel = new CancellationTokenSource();
        questions[question.Guest] = cancel;

        // From here on nothing of a viewer reaches the desktop until the person has answered (IConsent.IsAsking).
        guard.LetGo();
        desktop.Consent
            .AskAsync(new(question.Guest, question.Name, question.Via ?? server, question.CheckDigits, question.Asked, question.Has), cancel.Token)
            .ContinueWith(
                answer => inbox.Post(now =>
                {
                    cancel.Dispose();
                    if (questions.GetValueOrDefault(question.Guest) != cancel)
                    {
                        // Withdrawn. Its guest may have asked something else by now, to which this is no answer.
                        return;
                    }

                    questions.Remove(question.Guest);

                    // A question that could not be asked is a no.
                    room.Answer(now, question.Guest, answer.IsCompletedSuccessfully ? answer.Result : Grant.None);
                }),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
    }
}
