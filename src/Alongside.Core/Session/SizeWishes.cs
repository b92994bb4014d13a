namespace Alongside.Core.Session;

/// <summary>Somebody wants the whole desktop to have this size, in pixels.</summary>
/// <param name="Theirs">The guest's own number for it, which the answer carries back; null: the guest gave none.</param>
public readonly record struct SizeWish(int Guest, int Width, int Height, int? Theirs = null)
{
    /// <summary>Which asking of the desktop this is, from 1: an answer that comes late is not taken for one to the next. 0: it has not been asked.</summary>
    public int Number { get; init; }
}

/// <summary>
/// Wishes for the desktop's size, of several guests: of each the newest counts, one at a time is asked for, and with a pause between them, so that a window
/// that is dragged makes a few sizes a second and not hundreds. Time is in microseconds.
/// <code>
/// Add ─> waiting, one a guest ─TryBegin─> under way ─TryEnd, TryExpire, TryLose─> over
/// </code>
/// </summary>
/// <param name="patience">How long the desktop is given to answer.</param>
public sealed class SizeWishes(long patience)
{
    /// <summary>Between two wishes that are passed on, in microseconds: each is a new picture, and sixteen of the largest in ten seconds are enough.</summary>
    public const long Pause = 700_000;

    private readonly List<SizeWish> waiting = [];
    private SizeWish? underway;
    private long? begunAt;
    private int begun;

    /// <summary>When <see cref="TryBegin"/> or <see cref="TryExpire"/> is due; null: when something happens.</summary>
    public long? NextDeadline => underway is not null ? begunAt + patience : waiting.Count > 0 ? (begunAt + Pause) ?? 0 : null;

    /// <summary>A guest wants this, in place of what it wanted before and was not asked for yet.</summary>
    public void Add(SizeWish wish)
    {
        int at = waiting.FindIndex(other => other.Guest == wish.Guest);
        if (at < 0)
        {
            waiting.Add(wish);
        }
        else
        {
            waiting[at] = wish;
        }
    }

    /// <summary>The guest is gone, or may not any more. True: it waited for an answer, to <paramref name="newest"/>.</summary>
    public bool Forget(int guest, out SizeWish newest)
    {
        newest = default;
        bool waited = false;
        if (underway is { } asked && asked.Guest == guest)
        {
            // The desktop will answer all the same, and until then nothing else is asked.
            underway = asked with { Guest = 0 };
            (newest, waited) = (asked, true);
        }

        int at = waiting.FindIndex(wish => wish.Guest == guest);
        if (at >= 0)
        {
            (newest, waited) = (waiting[at], true);
            waiting.RemoveAt(at);
        }

        return waited;
    }

    /// <summary>Whoever came first, if the desktop can be asked now.</summary>
    public bool TryBegin(long now, out SizeWish wish)
    {
        wish = default;
        if (underway is not null || waiting.Count == 0 || now < begunAt + Pause)
        {
            return false;
        }

        wish = waiting[0] with { Number = ++begun };
        waiting.RemoveAt(0);
        underway = wish;
        begunAt = now;
        return true;
    }

    /// <summary>The desktop has answered the wish of this <see cref="SizeWish.Number"/>. False: that is not waited for (any more).</summary>
    public bool TryEnd(int number, out SizeWish wish)
    {
        wish = default;
        return underway is { } asked && asked.Number == number && TryLose(out wish);
    }

    /// <summary>Whatever was asked will not be answered any more. False: nothing was.</summary>
    public bool TryLose(out SizeWish wish)
    {
        bool wasAsked = underway is not null;
        wish = underway ?? default;
        underway = null;
        return wasAsked;
    }

    /// <summary>The desktop has not answered in time, and is not waited for any more.</summary>
    public bool TryExpire(long now, out SizeWish wish)
    {
        wish = default;
        return underway is not null && now >= begunAt + patience && TryLose(out wish);
    }
}
