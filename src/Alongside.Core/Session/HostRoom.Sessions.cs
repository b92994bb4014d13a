using Alongside.Core.Input;
using Alongside.Core.Secure;
using Alongside.Core.Session.Feed;

namespace Alongside.Core.Session;

/// <summary>What the sessions of a room leave to it: coming back, questions, grants, input, the end.</summary>
public sealed partial class HostRoom : ISessionOwner
{
    void ISessionOwner.Secured(long now, HostSession session, SecuredDetails details)
    {
        bool wasIn = session.Feed is not null;
        newcomers.Proven(session.Member);
        input.Release(session.Number);
        LeaveFeed(session);
        if (details.Resumed && !session.WasSessionOf(details.Place))
        {
            if (sessions.Values.FirstOrDefault(s => s != session && s.WasSessionOf(details.Place)) is { } before)
            {
                input.Release(before.Number);
                LeaveFeed(before);
                session.TakeOver(before);
                asking = asking == before ? session : asking;
                ended.Add(before);
            }
            else
            {
                session.End(now, ByeReason.Closed, "There was nothing left to come back to.");
                return;
            }
        }

        if (!details.Resumed)
        {
            ForgetQuestion(session);
            foreach (string place in session.ForgetFormerPlaces())
            {
                book.Drop(place);
            }

            if (wasIn)
            {
                events.Enqueue(new(HostEventKind.Guests));
            }
        }

        book.Keep(details.ResumeCredential);
        if (session.Phase == SessionPhase.Live)
        {
            session.Say(now, ControlMessage.Granted.Of(session.Grant));
            BecomeLive(now, session);
            events.Enqueue(new(HostEventKind.Guests));
        }
        else if (asking == session)
        {
            session.Say(now, new ControlMessage.Asking());
        }
    }

    void ISessionOwner.Asked(long now, HostSession session, Grant wanted)
    {
        var missing = wanted with { View = wanted.View || session.Grant.View };
        if (Widen(session.Grant, missing) == session.Grant && session.Grant.View || session.Asked is null && now < session.AskAgainAt)
        {
            session.Say(now, ControlMessage.Granted.Of(session.Grant));
        }
        else if (options.Allow is { } allow)
        {
            session.Give(now, Widen(session.Grant, allow.Intersect(missing)));
        }
        else if (session.Asked is null)
        {
            session.Asked = missing;
            AskNext(now);
        }
    }

    void ISessionOwner.GrantChanged(long now, HostSession session, Grant before)
    {
        if (before.Control && !session.Grant.Control)
        {
            input.Release(session.Number);
            RefuseSizes(now, session.Number);
        }

        if (!before.View)
        {
            if (session.IsHere)
            {
                BecomeLive(now, session);
            }

            events.Enqueue(new(HostEventKind.Joined, session.Number, session.Member, Text: session.Name));
        }

        events.Enqueue(new(HostEventKind.Guests));
    }

    void ISessionOwner.Input(long now, HostSession session, InputMessage sent)
    {
        // Without a display, or while they come back, there is nothing their coordinates could mean.
        if (feed.AreaOf(session.Monitor) is not { } area || session.Feed is null)
        {
            return;
        }

        if (sent.Kind == InputKind.Pointer)
        {
            sent = sent with { X = area.X + Math.Min(sent.X, area.Width - 1), Y = area.Y + Math.Min(sent.Y, area.Height - 1) };
        }

        input.Handle(now, session.Number, sent);
        feed.InputDone(now);
        if (sent.Kind == InputKind.Pointer)
        {
            TellPointerMoved(sent.X, sent.Y, session.Number);
        }
    }

    void ISessionOwner.Copied(long now, HostSession session, ClipboardMessage copied)
    {
        events.Enqueue(new(HostEventKind.Clipboard, session.Number, Clipboard: copied));
        Spread(now, copied, session.Number);
    }

    void ISessionOwner.MonitorChosen(long now, HostSession session, int monitor)
    {
        if (feed.AreaOf(monitor) is not null && session.Feed is not null)
        {
            session.Monitor = monitor;
            Choose(now, session);
        }

        SayDesktop(now, session);
    }

    void ISessionOwner.Broken(long now, HostSession session, string resumePlace)
    {
        input.Release(session.Number);
        LeaveFeed(session);
        book.Lapse(now, resumePlace);
        events.Enqueue(new(HostEventKind.Guests));
    }

    void ISessionOwner.Ended(long now, HostSession session, string why, bool brokeRules)
    {
        input.Release(session.Number);
        sizes.Forget(session.Number, out _);
        LeaveFeed(session);
        foreach (string place in session.Places)
        {
            book.Drop(place);
        }

        ForgetQuestion(session);
        ended.Add(session);
        events.Enqueue(new(HostEventKind.Ended, session.Number, session.Member, Text: why));
        events.Enqueue(new(HostEventKind.Guests));
        if (brokeRules)
        {
            events.Enqueue(new(HostEventKind.Remove, session.Number, session.Member));
        }

        AskNext(now);
    }

    // -----------------------------------------------------------------------------------------------------------------------

    private static Grant Widen(Grant has, Grant with) => new(has.View || with.View, has.Control || with.Control, has.Clipboard || with.Clipboard);

    private IEnumerable<HostSession> Live() => sessions.Values.Where(s => s.Phase == SessionPhase.Live && s.IsHere);

    private void BecomeLive(long now, HostSession session)
    {
        if (feed.Layout is not null && feed.AreaOf(session.Monitor) is null)
        {
            // Their monitor went while they were away.
            session.Monitor = 0;
        }

        SayDesktop(now, session);
        session.ShowCursor(cursor);
        TellPointer(session);
        session.Feed = feed.Add(now, session.Outbox, session.Monitor, session.Codec);
    }

    private void SayDesktop(long now, HostSession session)
    {
        if (feed.Layout is { } layout)
        {
            session.Say(now, ControlMessage.Desktop.Of(source?.Name ?? options.Name, layout, session.Monitor, source));
        }
        else if (lost is not null)
        {
            session.Say(now, new ControlMessage.Lost(lost));
        }
    }

    private void TellPointer(HostSession session)
    {
        if (feed.AreaOf(session.Monitor) is { } area && area.Contains(pointer.X, pointer.Y))
        {
            session.MoveCursor(pointer.X - area.X, pointer.Y - area.Y);
        }
    }

    private void Choose(long now, HostSession session)
    {
        if (session.Feed is { } viewer)
        {
            feed.Choose(now, viewer, session.Monitor);
        }
    }

    private void LeaveFeed(HostSession session)
    {
        if (session.Feed is { } viewer)
        {
            session.Feed = null;
            session.Outbox.Clear();
            feed.Remove(viewer);
        }
    }

    private void Spread(long now, ClipboardMessage copied, int? from)
    {
        foreach (var session in Live().Where(s => s.Number != from && s.Grant.Clipboard && s.UnderstandsClipboard))
        {
            session.Offer(copied);
            session.Flush(now);
        }

        // What others call the primary selection has no place in their protocols.
        foreach (var guest in foreigners.Values.Where(g => copied.Selection == 0 && g.Number != from && g.IsIn && g.Grant.Clipboard))
        {
            guest.Viewer.Copied(now, copied.Text);
        }
    }

    /// <summary>One question at a time: the next is asked when the last has been answered.</summary>
    private void AskNext(long now)
    {
        if (asking is not null)
        {
            return;
        }

        // Whoever came first: guests are numbered as they come.
        var next = sessions.Values.Cast<IAskingGuest>().Concat(foreigners.Values).Where(g => g.Asked is not null && !g.HasEnded).MinBy(g => g.Number);
        if (next is not null)
        {
            asking = next;
            next.IsBeingAsked(now);
            events.Enqueue(new(HostEventKind.Ask, next.Number, Question: next.Question));
        }
    }

    private void ForgetQuestion(IAskingGuest guest)
    {
        if (asking == guest)
        {
            asking = null;
            events.Enqueue(new(HostEventKind.AskCancelled, guest.Number));
        }
    }

    private void EndAll(long now, string reason, string why)
    {
        foreach (var session in sessions.Values)
        {
            session.End(now, reason, why);
        }

        EndForeigners(now, why);
        Bury();
    }

    /// <summary>Sessions end deep inside calls on themselves; here nobody stands on them.</summary>
    private void Bury()
    {
        foreach (var session in ended)
        {
            if (sessions.TryGetValue(session.Member, out var current) && current == session)
            {
                sessions.Remove(session.Member);
            }

            path.Forget(session.Member);
            session.Dispose();
        }

        ended.Clear();
    }
}
