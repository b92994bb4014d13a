namespace Alongside.Server.Limits;

/// <summary>So many things a minute: a bucket that holds a minute's worth and refills steadily. Not thread-safe.</summary>
public struct Budget(int perMinute)
{
    private static readonly double PerMinute = 60;
    private double used;
    private long since;

    /// <summary>Whether there is one.</summary>
    public bool Has(TimeProvider time)
    {
        Refill(time);
        return used + 1 <= perMinute;
    }

    /// <summary>Takes one, if there is one.</summary>
    public bool TryTake(TimeProvider time)
    {
        if (!Has(time))
        {
            return false;
        }

        used++;
        return true;
    }

    /// <summary>Nothing has been taken that is not back.</summary>
    public bool IsFull(TimeProvider time)
    {
        Refill(time);
        return used == 0;
    }

    private void Refill(TimeProvider time)
    {
        var now = time.GetTimestamp();
        used = since == 0 ? used : Math.Max(0, used - (time.GetElapsedTime(since, now).TotalSeconds / PerMinute * perMinute));
        since = now;
    }
}
