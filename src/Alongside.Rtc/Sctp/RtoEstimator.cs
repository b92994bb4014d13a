namespace Alongside.Rtc.Sctp;

/// <summary>Round trip and retransmission timeout (RFC 9260 6.3), and the shortest round trip seen. Microseconds.</summary>
internal sealed class RtoEstimator(SctpOptions options)
{
    /// <summary>How long the shortest round trip is believed before the next one takes over: paths change.</summary>
    private const long MinLifetime = 30_000_000;

    private long variance;
    private int backoff;
    private long minAt;

    /// <summary>0 before the first measurement.</summary>
    public long Smoothed { get; private set; }

    public long Latest { get; private set; }

    public long Min { get; private set; } = long.MaxValue;

    public long Rto => Math.Min(options.RtoMax, Plain << backoff);

    private long Plain => Smoothed == 0
        ? options.RtoInitial
        : Math.Clamp(Smoothed + Math.Max(4 * variance, options.SackDelay), options.RtoMin, options.RtoMax);

    public void Measure(long now, long roundTrip)
    {
        roundTrip = Math.Max(1, roundTrip);
        Latest = roundTrip;
        if (roundTrip <= Min || now - minAt > MinLifetime)
        {
            Min = roundTrip;
            minAt = now;
        }

        if (Smoothed == 0)
        {
            Smoothed = roundTrip;
            variance = roundTrip / 2;
        }
        else
        {
            variance += (Math.Abs(Smoothed - roundTrip) - variance) / 4;
            Smoothed = Math.Max(1, Smoothed + ((roundTrip - Smoothed) / 8));
        }
    }

    public void BackOff() => backoff = Math.Min(backoff + 1, 8);

    /// <summary>Something has come back: the path is alive.</summary>
    public void Settle() => backoff = 0;
}
