namespace Alongside.Rtc.Stun;

/// <summary>
/// When a request over UDP is sent again (RFC 8489, 6.2.1): after RTO, then twice that, up to three seconds, seven times in all; then it has failed. A stream
/// loses nothing: there it is sent once, and has 39.5 seconds. Times in microseconds.
/// </summary>
public struct Retransmission
{
    public const long Rto = 500_000;
    private const long MaxRto = 3_000_000;
    private const int Tries = 7;
    private const long StreamPatience = 39_500_000;

    private long wait;
    private int sent;

    /// <summary>When <see cref="Next"/> is due; <see cref="long.MaxValue"/> when nothing waits.</summary>
    public long Due { get; private set; } = long.MaxValue;

    public Retransmission()
    {
    }

    public readonly bool IsRunning => Due != long.MaxValue;

    /// <summary>The first request leaves now.</summary>
    public void Begin(long now, bool isStream, long rto = Rto)
    {
        sent = isStream ? Tries : 1;
        wait = isStream ? StreamPatience : rto;
        Due = now + wait;
    }

    /// <summary>Called when due.</summary>
    /// <returns>Whether it is sent once more; false: it has failed.</returns>
    public bool Next(long now)
    {
        if (sent >= Tries)
        {
            Stop();
            return false;
        }

        sent++;
        wait = Math.Min(wait * 2, MaxRto);
        Due = now + wait;
        return true;
    }

    public void Stop() => Due = long.MaxValue;
}
