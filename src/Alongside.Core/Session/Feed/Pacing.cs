using Alongside.Core.Wire;

namespace Alongside.Core.Session.Feed;

/// <summary>
/// How much one viewer is sent before it has painted what it got. Delay-based: the time from an update's last byte to its acknowledgement,
/// compared with the shortest seen, tells how much waits on the way; the window is moved so that little does (FAST TCP's rule, a smooth
/// Vegas). A page that paints nothing acknowledges nothing and gets nothing more than its window.
/// </summary>
public sealed class Pacing
{
    /// <summary>Updates on the way at most, however small: at 60 a second this is half a second.</summary>
    public const int MaxUnpainted = 32;

    internal const int InitialWindow = 256 * 1024;
    internal const int MinWindow = 32 * 1024;
    internal const int MaxWindow = 8 * 1024 * 1024;

    /// <summary>What may wait on the way on purpose: enough to keep the path busy.</summary>
    private const int Surplus = 32 * 1024;

    /// <summary>A screen refreshes every 16 ms, so that an acknowledgement may be this late without anything waiting, in microseconds.</summary>
    private const long Jitter = 20_000;

    /// <summary>The shortest delay is forgotten after one to two of these, in microseconds: paths change.</summary>
    private const long Memory = 10_000_000;

    private readonly Queue<Sent> unpainted = new(MaxUnpainted);
    private long unpaintedBytes;
    private bool heldBack;
    private long shortest = long.MaxValue;
    private long shortestBefore = long.MaxValue;
    private long memoryUntil;

    /// <summary>Bytes that may be sent and not painted.</summary>
    public int Window { get; private set; } = InitialWindow;

    public int Unpainted => unpainted.Count;

    public long UnpaintedBytes => unpaintedBytes;

    /// <summary>The shortest time from last byte to acknowledgement lately, in microseconds; null before the first.</summary>
    public long? ShortestDelay => Math.Min(shortest, shortestBefore) is var delay and < long.MaxValue ? delay : null;

    /// <summary>The last time from last byte to acknowledgement, in microseconds.</summary>
    public long LastDelay { get; private set; }

    /// <summary>Whether an update may be encoded for this viewer now. Remembers a no: only a window that holds back may grow.</summary>
    public bool IsOpen
    {
        get
        {
            if (unpaintedBytes < Window && unpainted.Count < MaxUnpainted)
            {
                return true;
            }

            heldBack = true;
            return false;
        }
    }

    /// <summary>The last byte of an update has left.</summary>
    public void HasSent(long now, uint sequence, int bytes)
    {
        unpainted.Enqueue(new(now, sequence, bytes));
        unpaintedBytes += bytes;
    }

    /// <summary>The viewer has painted this update.</summary>
    /// <exception cref="ProtocolException">It was not the next one.</exception>
    public void HasPainted(long now, uint sequence)
    {
        if (!unpainted.TryDequeue(out var sent) || sent.Sequence != sequence)
        {
            throw new ProtocolException("A viewer acknowledged an update that was not its next.");
        }

        long before = unpaintedBytes;
        unpaintedBytes -= sent.Bytes;
        LastDelay = Math.Max(1, now - sent.At);
        Remember(now, LastDelay);

        double calm = (double)ShortestDelay!.Value / Math.Max(ShortestDelay.Value, LastDelay - Jitter);
        double target = (0.5 * Window) + (0.5 * ((calm * Window) + Surplus));

        // A window that was not used up proves nothing about a larger one.
        if (target > Window && !heldBack && before < Window / 2)
        {
            return;
        }

        heldBack = false;
        Window = (int)Math.Clamp(Math.Min(target, 2.0 * Window), MinWindow, MaxWindow);
    }

    /// <summary>After a break: nothing is on the way, and the path may be another.</summary>
    public void Forget()
    {
        unpainted.Clear();
        unpaintedBytes = 0;
        heldBack = false;
        shortest = shortestBefore = long.MaxValue;
        Window = InitialWindow;
    }

    private void Remember(long now, long delay)
    {
        if (now >= memoryUntil)
        {
            memoryUntil = now + Memory;
            shortestBefore = shortest;
            shortest = long.MaxValue;
        }

        shortest = Math.Min(shortest, delay);
    }

    private readonly record struct Sent(long At, uint Sequence, int Bytes);
}
