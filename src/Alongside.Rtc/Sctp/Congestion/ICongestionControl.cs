namespace Alongside.Rtc.Sctp.Congestion;

/// <summary>How many bytes may be under way. Told what happens, asked for a window; times in microseconds.</summary>
internal interface ICongestionControl
{
    /// <summary>Bytes that may be under way, chunk headers included.</summary>
    int Window { get; }

    /// <summary>Whether the window is still doubling: the pacer then leaves it more room.</summary>
    bool IsSlowStart { get; }

    /// <summary>
    /// Bytes have arrived. <paramref name="mayGrow"/>: the window was full within the last round trip, and no loss that was taken for a full path waits to be made up for. <paramref name="isFull"/>: it was full until these came.
    /// </summary>
    void OnAcknowledged(long now, int bytes, bool mayGrow, bool isFull, RtoEstimator times);

    /// <summary>Something is lost for the first time since the last such call was answered: at most once a round trip. True: it is taken for a sign that the path was full.</summary>
    bool OnLoss(long now, int bytesInFlight, RtoEstimator times);

    /// <summary>Bytes found lost, every time.</summary>
    void OnLostBytes(int bytes);

    /// <summary>Nothing came back for a whole timeout.</summary>
    void OnTimeout(long now, int bytesInFlight);
}
