namespace Alongside.Rtc.Sctp.Sending;

/// <summary>
/// Spreads a window over its round trip, so that a shallow queue on the way is not hit by all of it at once. Lets <see cref="Burst"/> of time's worth
/// go together: drivers wake by the millisecond.
/// </summary>
internal sealed class Pacer
{
    private const long Burst = 2_000_000;

    /// <summary>Packets that go together however slow the path.</summary>
    private const int Packets = 10;

    /// <summary>When the next packet may leave: nanoseconds.</summary>
    private long next;

    public bool MaySend(long now) => next <= now * 1000;

    public long NextAt => (next + 999) / 1000;

    public void OnSent(long now, int bytes, int window, bool isSlowStart, long roundTrip)
    {
        if (roundTrip == 0)
        {
            return;
        }

        double gain = isSlowStart ? 2.0 : 1.25;
        double nanosecondsAByte = roundTrip * 1000.0 / (gain * window);
        long credit = Math.Max(Burst, (long)(Packets * bytes * nanosecondsAByte));
        next = Math.Max(next, (now * 1000) - credit) + (long)(bytes * nanosecondsAByte);
    }
}
