namespace Alongside.Rtc.Sctp.Congestion;

/// <summary>How many bytes may be under way. Told what happens, asked for a window; times in microseconds.</summary>
internal interface ICongestionControl
{
    /// <summary>Bytes that may be under way, chunk headers included.</summary>
    int Window { get; }

    /// <summary>Whether the window is still doubling: the pacer then leaves it more room.</summary>
    bool IsSlowStart { get; }

    /// <summary>Bytes have arrived. <paramref name="isLimited"/>: the window was full, so that more might have fitted.</summary>
    void OnAcknowledged(long now, int bytes, bool isLimited, RtoEstimator times);

    /// <summary>Something is lost for the first time since the last such call was answered: at most once a round trip.</summary>
    void OnLoss(long now, int bytesInFlight, RtoEstimator times);

    /// <summary>Bytes found lost, every time.</summary>
    void OnLostBytes(int bytes);

    /// <summary>Nothing came back for a whole timeout.</summary>
    void OnTimeout(long now, int bytesInFlight);
}
