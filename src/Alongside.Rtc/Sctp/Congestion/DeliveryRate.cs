namespace Alongside.Rtc.Sctp.Congestion;

/// <summary>What the path has delivered, bytes a second, counted a round trip at a time; the best of the last rounds, and beside it what was lost in them and how quick the quickest answer was.</summary>
/// <param name="packet">Bytes of a packet: shares of fewer than a hundred mean nothing.</param>
internal sealed class DeliveryRate(int packet)
{
    private const int Rounds = 8;

    private readonly (double Rate, long Delivered, long Lost)[] rounds = new (double, long, long)[Rounds];
    private int round;
    private long roundStart = -1;
    private long delivered;
    private long lost;
    private bool isFullSoFar = true;
    private long quickest = long.MaxValue, quickestBefore = long.MaxValue;

    /// <summary>Bytes a second; 0 before the first whole round.</summary>
    public double Best { get; private set; }

    /// <summary>Of the last rounds: lost bytes of all, or of a hundred packets where that is more; 0 to 1.</summary>
    public double LossShare { get; private set; }

    /// <summary>In the last whole round there was always more to send than the window let go: what arrived says what the path carries, and not what there was.</summary>
    public bool IsOfPath { get; private set; }

    /// <summary>The shortest round trip of this round and the last, in microseconds.</summary>
    public long Quickest => Math.Min(quickest, quickestBefore);

    public void OnDelivered(long now, int bytes, bool isFull, RtoEstimator times)
    {
        quickest = Math.Min(quickest, times.Latest == 0 ? long.MaxValue : times.Latest);
        if (roundStart < 0)
        {
            roundStart = now;
            return;
        }

        delivered += bytes;
        isFullSoFar &= isFull;
        long elapsed = now - roundStart;
        if (elapsed < Math.Max(times.Smoothed, 1000))
        {
            return;
        }

        rounds[round++ % Rounds] = (delivered * 1e6 / elapsed, delivered, lost);
        IsOfPath = isFullSoFar;
        quickestBefore = quickest;
        roundStart = now;
        delivered = lost = 0;
        isFullSoFar = true;
        quickest = long.MaxValue;
        long allDelivered = 0, allLost = 0;
        Best = 0;
        foreach (var each in rounds)
        {
            Best = Math.Max(Best, each.Rate);
            allDelivered += each.Delivered;
            allLost += each.Lost;
        }

        LossShare = (double)allLost / Math.Max(allLost + allDelivered, 100L * packet);
    }

    public void OnLost(int bytes) => lost += bytes;

    public void Forget()
    {
        Array.Clear(rounds);
        Best = LossShare = 0;
        IsOfPath = false;
        roundStart = -1;
        delivered = lost = 0;
        isFullSoFar = true;
        quickest = quickestBefore = long.MaxValue;
    }
}
