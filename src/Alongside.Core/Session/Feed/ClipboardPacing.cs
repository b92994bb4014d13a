namespace Alongside.Core.Session.Feed;

/// <summary>
/// How much of a clipboard is on the way to one viewer, so that a letter that is typed meanwhile finds a short queue. Marks (pings) behind its pieces come back when
/// those have arrived:
/// <code>
/// piece, piece, mark ──> viewer        as quick as ever: twice as much may be underway
///           mark back <── viewer       later than what stands on purpose: half as much, and from then on only a little more each time
/// </code>
/// What the desktop sends beside it is paced by <see cref="Pacing"/>, and goes first.
/// </summary>
internal sealed class ClipboardPacing
{
    /// <summary>At least two pieces, in bytes: a way of 2 Mbit/s carries them in 65 ms.</summary>
    private const int Least = 16 * 1024;

    /// <summary>Less than what the relay's window always leaves, so that the desktop is never kept from it.</summary>
    private const int Most = 96 * 1024;

    /// <summary>This much may stand on the way on purpose, in microseconds.</summary>
    private const long Standing = 40_000;

    /// <summary>What is tried beyond what was too much once, in bytes.</summary>
    private const int Step = 2 * 1024;

    /// <summary>Beyond the numbers of other pings.</summary>
    private const long FirstMark = 1L << 40;

    private int window = Least;
    private int underway;
    private int marked;
    private long mark = FirstMark;
    private long? markedAt;
    private long shortest = long.MaxValue;
    private bool wasLate;
    private bool hasMoved;

    /// <summary>Whether a piece may leave.</summary>
    public bool IsOpen => underway < window;

    /// <summary>Whether a mark is due: half of what may be is underway, and none is on the way.</summary>
    public bool WantsMark => markedAt is null && underway * 2 >= window;

    /// <summary>A piece has left.</summary>
    public void HasSent(int bytes) => underway += bytes;

    /// <summary>A mark leaves behind what is underway. Returns its number.</summary>
    public long Mark(long now)
    {
        (markedAt, marked) = (now, underway);
        return ++mark;
    }

    /// <summary>A ping came back. False: it was not the mark that is underway.</summary>
    public bool HasReturned(long now, long number)
    {
        if (number != mark || markedAt is not { } at)
        {
            return false;
        }

        if (hasMoved)
        {
            // How long it took is that of two ways.
            hasMoved = false;
            underway -= marked;
            markedAt = null;
            return true;
        }

        long delay = now - at;
        shortest = Math.Min(shortest, delay);
        bool isLate = delay > shortest + Standing;
        wasLate |= isLate;
        window = isLate ? Math.Max(Least, window / 2) : Math.Min(Most, wasLate ? window + Step : window * 2);
        underway -= marked;
        markedAt = null;
        return true;
    }

    /// <summary>How long the new path is has to be learnt; what is underway arrives by the old one.</summary>
    public void PathChanged()
    {
        (shortest, wasLate) = (long.MaxValue, false);
        hasMoved = markedAt is not null;
    }

    /// <summary>After a break: nothing is on the way, and the path may be another.</summary>
    public void Forget()
    {
        (window, underway, marked, markedAt, shortest, wasLate, hasMoved) = (Least, 0, 0, null, long.MaxValue, false, false);
        mark++;
    }
}
