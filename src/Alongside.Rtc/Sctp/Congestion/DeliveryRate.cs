namespace Alongside.Rtc.Sctp.Congestion;

/// <summary>What the path has delivered, bytes a second, counted a round trip at a time; the best of the last rounds, and the loss beside it.</summary>
internal sealed class DeliveryRate
{
    private const int Rounds = 8;

    private readonly double[] rates = new double[Rounds];
    private int round;
    private long roundStart = -1;
    private long delivered;
    private long lost;

    /// <summary>Bytes a second; 0 before the first whole round.</summary>
    public double Best { get; private set; }

    /// <summary>Of the last whole round: lost bytes of all, 0 to 1.</summary>
    public double LossShare { get; private set; }

    public void OnDelivered(long now, int bytes, long roundTrip)
    {
        if (roundStart < 0)
        {
            roundStart = now;
            return;
        }

        delivered += bytes;
        long elapsed = now - roundStart;
        if (elapsed < Math.Max(roundTrip, 1000))
        {
            return;
        }

        rates[round++ % Rounds] = delivered * 1e6 / elapsed;
        Best = 0;
        foreach (double rate in rates)
        {
            Best = Math.Max(Best, rate);
        }

        LossShare = (double)lost / Math.Max(1, lost + delivered);
        roundStart = now;
        delivered = lost = 0;
    }

    public void OnLost(int bytes) => lost += bytes;

    public void Forget()
    {
        Array.Clear(rates);
        Best = LossShare = 0;
        roundStart = -1;
        delivered = lost = 0;
    }
}
