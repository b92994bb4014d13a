namespace Alongside.Core.Link;

/// <summary>
/// Whether a way is worth taking: round trips over it beside those over the relay, in microseconds. The shortest of the last five to ten seconds counts: what only stands on a way for a while does
/// not make it long. A way that is a little slower is taken all the same, since nothing of it stands behind others at the server; one that is taken is left later than it would not have been taken.
/// </summary>
internal sealed class PathChoice
{
    /// <summary>So much a way may be slower, and a fifth; twice that before it is left.</summary>
    private const long Allowance = 10_000;

    /// <summary>The shortest round trip is forgotten after one to two of these.</summary>
    public const long Memory = 5_000_000;

    private long shortest = long.MaxValue;
    private long shortestBefore = long.MaxValue;
    private long memoryUntil = long.MaxValue;
    private long? relay;

    private long Way => Math.Min(shortest, shortestBefore);

    /// <summary>Also where one of them was never measured.</summary>
    public bool IsWorthTaking => relay is not { } took || Way == long.MaxValue || Way <= took + Allowance + (took / 5);

    /// <summary>All that was measured for five seconds or more was too slow.</summary>
    public bool IsTooSlow => relay is { } took && shortestBefore < long.MaxValue && Way > took + (2 * (Allowance + (took / 5)));

    /// <summary>Another way; what is known of the relay stays.</summary>
    public void Begin()
    {
        shortest = shortestBefore = long.MaxValue;
        memoryUntil = long.MaxValue;
    }

    public void WayTook(long now, long roundTrip)
    {
        if (memoryUntil == long.MaxValue)
        {
            memoryUntil = now + Memory;
        }
        else if (now >= memoryUntil)
        {
            memoryUntil = now + Memory;
            shortestBefore = shortest;
            shortest = long.MaxValue;
        }

        shortest = Math.Min(shortest, roundTrip);
    }

    /// <summary>While the relay is in use; null: nothing is known of it yet.</summary>
    public void RelayTook(long? roundTrip) => relay = roundTrip ?? relay;
}
