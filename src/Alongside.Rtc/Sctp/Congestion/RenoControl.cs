namespace Alongside.Rtc.Sctp.Congestion;

/// <summary>The window of RFC 9260, section 7.2: doubles until a loss, halves at each, grows by a packet a round trip.</summary>
internal sealed class RenoControl(int packet, int max) : ICongestionControl
{
    private int threshold = int.MaxValue;
    private int partial;

    public int Window { get; private set; } = Math.Min(4 * packet, Math.Max(2 * packet, 4404));

    public bool IsSlowStart => Window <= threshold;

    public void OnAcknowledged(long now, int bytes, bool mayGrow, bool isFull, RtoEstimator times)
    {
        if (!mayGrow)
        {
            return;
        }

        if (IsSlowStart)
        {
            Window = Math.Min(max, Window + Math.Min(bytes, packet));
            return;
        }

        partial += bytes;
        if (partial >= Window)
        {
            partial -= Window;
            Window = Math.Min(max, Window + packet);
        }
    }

    public bool OnLoss(long now, int bytesInFlight, RtoEstimator times)
    {
        threshold = Math.Max(Window / 2, 4 * packet);
        Window = threshold;
        partial = 0;
        return true;
    }

    public void OnLostBytes(int bytes)
    {
    }

    public void OnTimeout(long now, int bytesInFlight)
    {
        threshold = Math.Max(Window / 2, 4 * packet);
        Window = packet;
        partial = 0;
    }
}
