namespace Alongside.Core.Session;

/// <summary>A token bucket: so many at once, so many a second for long.</summary>
internal struct RateLimit(int burst, int perSecond)
{
    private const long Second = 1_000_000;

    // In millionths of a token, so that slow rates lose nothing to rounding.
    private long tokens = burst * Second;
    private long at = long.MinValue;

    public bool TryTake(long now)
    {
        if (at == long.MinValue)
        {
            at = now;
        }

        long elapsed = Math.Clamp(now - at, 0, 60 * Second);
        tokens = Math.Min(burst * Second, tokens + (elapsed * perSecond));
        at = now;
        if (tokens < Second)
        {
            return false;
        }

        tokens -= Second;
        return true;
    }
}
