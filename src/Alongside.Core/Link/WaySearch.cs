namespace Alongside.Core.Link;

/// <summary>
/// When the host looks for a direct way to one viewer: after the first picture, then less and less often, and sooner when somebody's addresses change. Times in microseconds.
/// <code>
/// (first picture) ─> due ─> trying ─open─> open ─dies─> due again after 2 s, doubling while ways live for less than a minute
///                              └─20 s──> due again after 60 s, doubling to 8 minutes
/// </code>
/// </summary>
internal sealed class WaySearch
{
    /// <summary>A way that is not open by then is given up.</summary>
    public const long Patience = 20_000_000;

    private const long FirstRetry = 60_000_000;
    private const long LastRetry = 480_000_000;
    private const long FirstReturn = 2_000_000;
    private const long LastReturn = 64_000_000;

    /// <summary>A way that lived for so long was worth it.</summary>
    private const long GoodLife = 60_000_000;

    /// <summary>Tries that news of an address cause are so far apart at least.</summary>
    private const long LeastPause = 10_000_000;

    private long dueAt = long.MaxValue;
    private long beganAt = -LeastPause;
    private long? openedAt;
    private long retry = FirstRetry;
    private long comeBack = FirstReturn;
    private bool isTrying;

    /// <summary>When to begin a way, or to give up the one that is tried; null: neither.</summary>
    public long? NextDeadline => isTrying ? openedAt is null ? beganAt + Patience : null : dueAt == long.MaxValue ? null : dueAt;

    /// <summary>A way is looked for, or there is one.</summary>
    public bool IsTrying => isTrying;

    /// <summary>There is one.</summary>
    public bool IsOpen => openedAt is not null;

    /// <summary>When one is looked for (again); null: one is looked for, or there is one, or there may be none yet.</summary>
    public long? LooksAgainAt => isTrying || dueAt == long.MaxValue ? null : dueAt;

    public bool IsDue(long now) => !isTrying && now >= dueAt;

    public bool HasTakenTooLong(long now) => isTrying && openedAt is null && now - beganAt >= Patience;

    /// <summary>From now on there may be ways.</summary>
    public void Allow(long now)
    {
        if (dueAt == long.MaxValue && !isTrying)
        {
            dueAt = now;
        }
    }

    public void Began(long now)
    {
        isTrying = true;
        beganAt = now;
        openedAt = null;
        dueAt = long.MaxValue;
    }

    public void Opened(long now)
    {
        openedAt ??= now;
        retry = FirstRetry;
    }

    public void Ended(long now)
    {
        isTrying = false;
        if (openedAt is { } at)
        {
            comeBack = now - at >= GoodLife ? FirstReturn : comeBack;
            dueAt = now + comeBack;
            comeBack = Math.Min(comeBack * 2, LastReturn);
        }
        else
        {
            dueAt = now + retry;
            retry = Math.Min(retry * 2, LastRetry);
        }

        openedAt = null;
    }

    /// <summary>An address is new, here or there: what did not work may work now.</summary>
    public void AddressesChanged(long now)
    {
        retry = FirstRetry;
        comeBack = FirstReturn;
        if (!isTrying && dueAt != long.MaxValue)
        {
            dueAt = Math.Min(dueAt, Math.Max(now, beganAt + LeastPause));
        }
    }
}
