namespace Alongside.Rtc.Sctp.Congestion;

/// <summary>
/// CUBIC's window (RFC 9438), with three changes that radio and long paths want (docs/adr/0017-sctp.md): doubling ends when the delay rises, before
/// anything is lost; a loss cuts to what the path has delivered within its shortest round trip, when that is more than CUBIC would leave; and where nothing
/// shows that the path was full, neither delay nor what it delivered, a loss changes nothing. A loss with a queue behind it thus empties the queue; a bad moment of the radio costs the packet.
/// </summary>
internal sealed class CubicControl(int packet, int max) : ICongestionControl
{
    private const double Steepness = 0.4;
    private const double Beta = 0.7;

    /// <summary>What grows as Reno would, whichever is more (RFC 9438 4.3).</summary>
    private const double RenoGain = 3 * (1 - Beta) / (1 + Beta);

    /// <summary>Above this share the losses are the path's answer to us, whatever the delay says.</summary>
    private const double MuchLoss = 0.05;

    /// <summary>A path that delivers so much of a window in its shortest round trip holds nothing of it back.</summary>
    private const double NearlyAll = 0.95;

    /// <summary>Within one machine, or one network by cable: microseconds.</summary>
    private const long ShortPath = 1_000;

    private readonly DeliveryRate rate = new(packet);
    private double window = 10.0 * packet;
    private double threshold = max;
    private double windowMax;
    private double renoWindow;
    private double plateauAfter;
    private long epoch = -1;

    private long roundEnd;
    private long roundMin = long.MaxValue;
    private int roundSamples;

    public int Window => (int)window;

    public bool IsSlowStart => window < threshold;

    public void OnAcknowledged(long now, int bytes, bool mayGrow, bool isFull, RtoEstimator times)
    {
        rate.OnDelivered(now, bytes, isFull, times);
        if (!mayGrow)
        {
            return;
        }

        if (IsSlowStart)
        {
            // What is answered tells of a window one round trip ago: where that is nothing to wait for, half as much more is soon enough.
            window = Math.Min(max, window + (times.Min < ShortPath ? bytes / 2 : bytes));
            WatchDelay(now, times);
            return;
        }

        if (epoch < 0)
        {
            epoch = now;
            windowMax = Math.Max(windowMax, window);
            plateauAfter = Math.Cbrt((windowMax - window) / packet / Steepness);
            renoWindow = window;
        }

        double at = ((now - epoch + times.Smoothed) / 1e6) - plateauAfter;
        double target = windowMax + (Steepness * at * at * at * packet);
        renoWindow += RenoGain * packet * bytes / window;
        double goal = Math.Clamp(Math.Max(target, renoWindow), window, 1.5 * window);
        window = Math.Min(max, window + ((goal - window) * bytes / window));
    }

    public bool OnLoss(long now, int bytesInFlight, RtoEstimator times)
    {
        double cut = Beta * window;
        double carried = times.Min == long.MaxValue ? 0 : rate.Best * times.Min / 1e6;
        bool isMuch = rate.LossShare >= MuchLoss;
        if (!IsSlowStart && !isMuch && !IsDelayed(times) && (!rate.IsOfPath || carried >= NearlyAll * window))
        {
            return false;
        }

        if (!isMuch && carried > cut)
        {
            cut = Math.Min(carried, window);
        }

        // Fast convergence: who got less than last time leaves room for who came later.
        windowMax = window < windowMax && cut < 0.9 * window ? window * (1 + Beta) / 2 : window;
        window = threshold = Math.Max(cut, 4.0 * packet);
        epoch = -1;
        return true;
    }

    public void OnLostBytes(int bytes) => rate.OnLost(bytes);

    public void OnTimeout(long now, int bytesInFlight)
    {
        windowMax = window;
        threshold = Math.Max(Beta * window, 4.0 * packet);
        window = packet;
        epoch = -1;
        rate.Forget();
    }

    /// <summary>
    /// Something stands on the way: also the quickest answers of the last rounds came later than the path's shortest, by what ends doubling on a longer path. A train of packets that only waits for
    /// its own head has a first one that does not.
    /// </summary>
    private bool IsDelayed(RtoEstimator times) => rate.Quickest != long.MaxValue && rate.Quickest > times.Min + Jitter(times);

    /// <summary>An eighth of the shortest round trip, 4 to 16 ms; a quarter of it where that is less.</summary>
    private static long Jitter(RtoEstimator times) => Math.Clamp(times.Min / 8, Math.Clamp(times.Min / 4, 50, 4_000), 16_000);

    /// <summary>
    /// Ends doubling when the quickest of a round's first answers came later than the path's shortest by more than a jitter (after HyStart++, RFC 9406). What fills on a
    /// short path is a socket's buffer, which is full long before 4 ms, and often
    /// within a round: all answers are looked at. Should it have been a jitter after all, the window soon grows where round trips are so short.
    /// </summary>
    private void WatchDelay(long now, RtoEstimator times)
    {
        const int Samples = 8;
        if (roundSamples >= Samples && now >= roundEnd)
        {
            roundEnd = times.Min < ShortPath ? now : now + times.Smoothed;
            roundMin = long.MaxValue;
            roundSamples = 0;
        }

        roundMin = Math.Min(roundMin, times.Latest);
        if (++roundSamples == Samples && times.Min != long.MaxValue && roundMin > times.Min + Jitter(times))
        {
            threshold = window;
        }
    }
}
