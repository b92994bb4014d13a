using Alongside.Rtc.Sctp.Wire;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Sctp.Sending;

// What is lost: RACK by time of sending (RFC 8985), a probe when the tail of a flight is silent, and the timeout behind both (RFC 9260 6.3.3).
internal sealed partial class Sender
{
    /// <summary>How far a probe waits for an acknowledgement that waits for company, when the peer may hold one packet.</summary>
    private const long PeerDelay = 25_000;

    private const int MaxReorderSteps = 16;

    /// <summary>So many chunks of long packets lost since one came, of more than a round trip: the path carries them no longer. A buffer that ran over loses as many, in a moment.</summary>
    private const int ManyLong = 6;

    private long rackSentAt = -1;
    private uint rackTsn;
    private long rackRoundTrip;
    private int reorderSteps = 1;
    private int quietRecoveries;

    private long lossReactedAt = -1;
    private uint recoveryEnd;
    private bool isRecovering;

    /// <summary>Until this has arrived the window does not grow: something that left before was lost on a path that was full.</summary>
    private uint? heldEnd;

    /// <summary>More waited to be sent than the window let go, until what is being acknowledged came.</summary>
    private bool wasFull;

    private long timeoutAt = long.MaxValue;
    private long probeAt = long.MaxValue;
    private long reorderAt = long.MaxValue;
    private bool isProbing;
    private bool hasProbed;
    private bool hasRoundTrip;
    private bool isSecondTrip;

    /// <summary>When the last chunk left that came in a long packet.</summary>
    private long longSentAt = -1;
    private int longLost;
    private long longLostFrom;

    /// <summary>Timeouts since something last came back.</summary>
    public int TimeoutsInARow { get; private set; }

    public long NextTimeout
    {
        get
        {
            long next = Math.Min(Math.Min(timeoutAt, probeAt), reorderAt);
            return isPaced ? Math.Min(next, pacer.NextAt) : next;
        }
    }

    public void OnTimeout(long now)
    {
        if (now >= reorderAt)
        {
            FindLost(now);
        }

        if (now >= timeoutAt)
        {
            GiveUpFlight(now);
        }
        else if (now >= probeAt)
        {
            probeAt = long.MaxValue;
            isProbing = hasProbed = true;
        }
    }

    private void OnPut(long now)
    {
        if (timeoutAt == long.MaxValue)
        {
            timeoutAt = now + times.Rto;
        }

        SetProbe(now);
    }

    private void SetProbe(long now)
    {
        if (hasProbed || TimeoutsInARow > 0 || ring.Flight.Count == 0 || times.Smoothed == 0)
        {
            probeAt = long.MaxValue;
            return;
        }

        probeAt = now + (2 * times.Smoothed) + (ring.Flight.Count <= 2 ? PeerDelay : 2_000);
    }

    private void BeginAcknowledging()
    {
        ackedBytes = 0;
        hasRoundTrip = isSecondTrip = false;
        wasFull = (queue.HasMore || ring.Lost.Count > 0) && flightBytes + largestPiece > congestion.Window;
    }

    private void OnArrived(long now, uint tsn, in SentChunk chunk)
    {
        if (chunk.IsLong && chunk.SentAt >= longSentAt)
        {
            longSentAt = chunk.SentAt;
            longLost = 0;
        }

        long roundTrip = now - chunk.SentAt;
        if (chunk.Transmissions > 1 && roundTrip < times.Min)
        {
            // The answer to an earlier sending: it tells nothing of this one.
            return;
        }

        if (chunk.SentAt > rackSentAt || (chunk.SentAt == rackSentAt && SerialNumber.IsBefore(rackTsn, tsn)))
        {
            rackSentAt = chunk.SentAt;
            rackTsn = tsn;
            rackRoundTrip = roundTrip;
            hasRoundTrip |= chunk.Transmissions == 1;
            isSecondTrip |= chunk.Transmissions > 1;
        }
    }

    private void FinishAcknowledging(long now, bool isCumulative, int duplicates)
    {
        if (duplicates > 0 && isRecovering)
        {
            // Sent again in vain: packets overtake each other by more than was allowed for.
            reorderSteps = Math.Min(reorderSteps + 1, MaxReorderSteps);
            quietRecoveries = 0;
        }

        // Of what was sent again it is not certain which sending was answered. But who paces by the time of a queue that is empty by now never fills the window.
        if (hasRoundTrip || (isSecondTrip && rackRoundTrip < times.Smoothed))
        {
            times.Measure(now, rackRoundTrip);
        }

        if (ackedBytes > 0 || isCumulative)
        {
            times.Settle();
            TimeoutsInARow = 0;
            hasProbed = false;
            timeoutAt = ring.Count == 0 ? long.MaxValue : now + times.Rto;
            if (isRecovering && SerialNumber.IsBeforeOrAt(recoveryEnd, ring.Acknowledged))
            {
                isRecovering = false;
                if (++quietRecoveries >= 16)
                {
                    reorderSteps = 1;
                }
            }

            if (heldEnd is { } held && SerialNumber.IsBeforeOrAt(held, ring.Acknowledged))
            {
                heldEnd = null;
            }

            congestion.OnAcknowledged(now, ackedBytes, now <= limitedUntil && heldEnd is null, wasFull, times);
        }

        AdvanceOverAbandoned(now);
        FindLost(now);
        SetProbe(now);
    }

    /// <summary>Lost is what was sent before something that has arrived, by more than packets overtake each other.</summary>
    private void FindLost(long now)
    {
        reorderAt = long.MaxValue;
        if (rackSentAt < 0)
        {
            return;
        }

        long allowance = Math.Min(times.Min == long.MaxValue ? 0 : times.Min / 4 * reorderSteps, times.Smoothed);
        while (ring.Flight.Count > 0)
        {
            uint tsn = ring.Flight.First;
            ref var chunk = ref ring[tsn];
            if (chunk.SentAt > rackSentAt || (chunk.SentAt == rackSentAt && !SerialNumber.IsBefore(tsn, rackTsn))
                || (horizon is { } end && SerialNumber.IsBefore(end, tsn)))
            {
                return;
            }

            long at = chunk.SentAt + rackRoundTrip + allowance;
            if (now < at)
            {
                reorderAt = at;
                return;
            }

            MarkLost(now, tsn);
            congestion.OnLostBytes(chunk.Weight);
            if (chunk.SentAt > lossReactedAt)
            {
                lossReactedAt = now;
                recoveryEnd = ring.NextTsn - 1;
                isRecovering = true;
                heldEnd = congestion.OnLoss(now, flightBytes, times) ? recoveryEnd : heldEnd;
            }
        }
    }

    private void MarkLost(long now, uint tsn)
    {
        LeaveFlight(tsn);
        ref var chunk = ref ring[tsn];
        chunk.State = ChunkState.Lost;
        ring.Append(ref ring.Lost, tsn);

        // One that left before one that came met a full queue, whatever its length.
        if (!chunk.IsLong || chunk.SentAt <= longSentAt)
        {
            return;
        }

        longLostFrom = longLost == 0 ? chunk.SentAt : longLostFrom;
        if (++longLost >= ManyLong && chunk.SentAt - longLostFrom > times.Smoothed)
        {
            longLost = 0;
            mtu.Fall(now);
        }
    }

    private void GiveUpFlight(long now)
    {
        while (ring.Flight.Count > 0)
        {
            uint tsn = ring.Flight.First;
            congestion.OnLostBytes(ring[tsn].Weight);
            MarkLost(now, tsn);
        }

        congestion.OnTimeout(now, flightBytes);
        times.BackOff();
        TimeoutsInARow++;
        lossReactedAt = now;
        recoveryEnd = ring.NextTsn - 1;
        isRecovering = false;
        heldEnd = null;
        rackSentAt = -1;
        probeAt = reorderAt = long.MaxValue;
        isForwardDue = canAbandon && advanced != ring.Acknowledged;
        timeoutAt = ring.Count == 0 ? long.MaxValue : now + times.Rto;
    }

    /// <summary>Nothing new to probe with: the last chunk under way, once more.</summary>
    private void WriteProbe(long now, ref PacketWriter packet)
    {
        if (ring.Flight.Count == 0)
        {
            return;
        }

        uint tsn = ring.Flight.Last;
        if (packet.Room < DataHeader + ring[tsn].Length)
        {
            return;
        }

        LeaveFlight(tsn);
        Retransmitted++;
        Put(now, tsn, ref packet, immediate: true);
    }
}
