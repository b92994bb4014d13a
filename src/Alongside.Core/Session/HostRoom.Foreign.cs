using Alongside.Core.Input;
using Alongside.Core.Pixels;

namespace Alongside.Core.Session;

/// <summary>Guests that speak another protocol: the same questions, grants, input and clipboard; pixels by a tap of their own.</summary>
public sealed partial class HostRoom
{
    private readonly Dictionary<int, ForeignGuest> foreigners = [];

    /// <summary>Pixels were grabbed that foreign viewers have not been offered.</summary>
    private bool owesForeigners;

    /// <summary>Somebody wants in by another road. The answer comes to the viewer itself. Returns the guest's number, 0 when there are too many.</summary>
    public int Admit(long now, IForeignViewer viewer, ForeignGuestDetails details)
    {
        if (foreigners.Count + sessions.Values.Count(session => session.IsHere) >= options.MaxViewers)
        {
            viewer.Ended(now, "There are too many viewers.");
            return 0;
        }

        var guest = new ForeignGuest(++lastNumber, viewer, details, ForeignGranted) { Since = now };
        foreigners.Add(guest.Number, guest);
        if (options.Allow is { } allow)
        {
            guest.Give(now, allow.Intersect(details.Asked));
        }
        else
        {
            AskNext(now);
        }

        return guest.Number;
    }

    /// <summary>What a foreign viewer's mouse and keyboard do, in pixels of the desktop.</summary>
    public void Use(long now, int number, InputMessage sent)
    {
        // Without a display there is nothing its coordinates could mean.
        if (!foreigners.TryGetValue(number, out var guest) || feed.AreaOf(0) is not { } area || !guest.Lets(now, sent))
        {
            return;
        }

        if (sent.Kind == InputKind.Pointer)
        {
            sent = sent with { X = Math.Min(sent.X, area.Width - 1), Y = Math.Min(sent.Y, area.Height - 1) };
        }

        input.Handle(now, number, sent);
        feed.InputDone(now);
        if (sent.Kind == InputKind.Pointer)
        {
            TellPointerMoved(sent.X, sent.Y, number);
        }
    }

    /// <summary>A foreign viewer's person copied.</summary>
    public void Copied(long now, int number, string text)
    {
        if (foreigners.TryGetValue(number, out var guest) && guest.MayCopy(now))
        {
            var copied = new ClipboardMessage(0, text);
            events.Enqueue(new(HostEventKind.Clipboard, number, Clipboard: copied));
            Spread(now, copied, number);
        }
    }

    /// <summary>A foreign viewer is gone by itself.</summary>
    public void Leave(long now, int number, string why)
    {
        if (foreigners.TryGetValue(number, out var guest))
        {
            EndForeign(now, guest, why, tell: false);
        }
    }

    private void ForeignGranted(long now, ForeignGuest guest, Grant before)
    {
        if (!guest.Grant.View)
        {
            EndForeign(now, guest, before.View ? "The person at the desktop stopped it." : "The person at the desktop said no.", tell: true);
            return;
        }

        if (before.Control && !guest.Grant.Control)
        {
            input.Release(guest.Number);
            RefuseSizes(now, guest.Number);
        }

        guest.Viewer.Granted(now, guest.Grant);
        if (!before.View)
        {
            guest.Viewer.LayoutChanged(now, feed.Layout);
            guest.Viewer.CursorChanged(cursor);
            feed.Add(guest.Viewer);
            events.Enqueue(new(HostEventKind.Joined, guest.Number, Text: guest.Name));
        }

        events.Enqueue(new(HostEventKind.Guests));
    }

    private void EndForeign(long now, ForeignGuest guest, string why, bool tell)
    {
        if (guest.HasEnded)
        {
            return;
        }

        guest.HasEnded = true;
        foreigners.Remove(guest.Number);
        feed.Remove(guest.Viewer);
        input.Release(guest.Number);
        sizes.Forget(guest.Number, out _);
        ForgetQuestion(guest);
        if (tell)
        {
            guest.Viewer.Ended(now, why);
        }

        events.Enqueue(new(HostEventKind.Ended, guest.Number, Text: why));
        events.Enqueue(new(HostEventKind.Guests));
        AskNext(now);
    }

    private void EndForeigners(long now, string why)
    {
        foreach (var guest in foreigners.Values.ToArray())
        {
            EndForeign(now, guest, why, tell: true);
        }
    }

    private void ForeignLayout(long now)
    {
        foreach (var guest in foreigners.Values)
        {
            guest.Viewer.LayoutChanged(now, feed.Layout);
        }
    }

    private void PumpForeigners(long now)
    {
        owesForeigners = false;
        foreach (var guest in foreigners.Values)
        {
            guest.Viewer.Pump(now, guest.IsIn ? feed.Newest : null, feed.Version);
        }
    }

    /// <summary>Everybody who looks is told, but for whoever moved it.</summary>
    private void TellPointerMoved(int x, int y, int? by)
    {
        pointer = feed.Focus = (x, y);
        foreach (var session in Live())
        {
            if (session.Number != by)
            {
                TellPointer(session);
            }
        }

        foreach (var guest in foreigners.Values)
        {
            if (guest.Number != by && guest.IsIn)
            {
                guest.Viewer.PointerMoved(x, y);
            }
        }
    }
}
