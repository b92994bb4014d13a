namespace Alongside.Core.Relay;

/// <summary>When to try again after a break: at once, then 0.25, 0.5, 1, 2, 2 ... seconds, and every 15 s after two minutes.</summary>
public static class RelayRetry
{
    private const long Second = 1_000_000;

    /// <summary>Microseconds to wait before an attempt.</summary>
    /// <param name="attempt">How many attempts failed since the break.</param>
    /// <param name="away">Microseconds since the break.</param>
    /// <param name="slowDown">The server asked for fewer tries.</param>
    /// <param name="jitter">From 0 up to 1, so that a thousand hosts do not come back in the same instant.</param>
    public static long Delay(int attempt, long away, bool slowDown, double jitter)
    {
        var wait = slowDown || away > 120 * Second ? 15 * Second
            : attempt == 0 ? 0
            : Math.Min(2 * Second, (Second / 4) << Math.Min(attempt - 1, 8));
        return (long)(wait * (0.75 + (0.5 * jitter)));
    }
}

/// <summary>The tries of one client, from connection to connection. A server that takes it in and throws it out again at once is no reason to begin anew with the shortest waits.</summary>
public struct RelayTries
{
    /// <summary>Microseconds that a connection has to last in the room to count as one that held.</summary>
    public const long Held = 5_000_000;

    private int attempt;
    private long brokenAt;

    /// <summary>A connection has ended, or did not come about: microseconds until the next.</summary>
    /// <param name="now">Microseconds of any monotonic clock.</param>
    /// <param name="hereSince">Since when it was in the room; null: it did not get that far.</param>
    /// <param name="slowDown">The server asked for fewer tries.</param>
    /// <param name="jitter">As for <see cref="RelayRetry.Delay"/>.</param>
    public long Next(long now, long? hereSince, bool slowDown, double jitter)
    {
        if (hereSince is { } since)
        {
            attempt = now - since >= Held ? 0 : attempt;
            brokenAt = now;
        }

        return RelayRetry.Delay(attempt++, now - brokenAt, slowDown, jitter);
    }
}
