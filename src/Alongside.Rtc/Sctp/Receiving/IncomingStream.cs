namespace Alongside.Rtc.Sctp.Receiving;

/// <summary>One stream from the peer: which message is next, and the whole ones in the stash that wait for it.</summary>
internal sealed class IncomingStream
{
    private WaitingMessage[] waiting = [];
    private int count;

    public ushort NextSsn { get; set; }

    public void Wait(ushort ssn, uint first, uint last)
    {
        if (count == waiting.Length)
        {
            Array.Resize(ref waiting, Math.Max(4, count * 2));
        }

        int at = count;
        while (at > 0 && (short)(ssn - waiting[at - 1].Ssn) < 0)
        {
            waiting[at] = waiting[at - 1];
            at--;
        }

        waiting[at] = new WaitingMessage(ssn, first, last);
        count++;
    }

    /// <summary>The waiting message whose turn it is.</summary>
    public bool TryTake(out WaitingMessage message)
    {
        // What was taken in the order of TSNs, or skipped, waits no longer.
        while (count > 0 && (short)(waiting[0].Ssn - NextSsn) < 0)
        {
            Remove();
        }

        message = count > 0 ? waiting[0] : default;
        if (count == 0 || message.Ssn != NextSsn)
        {
            return false;
        }

        Remove();
        return true;
    }

    private void Remove()
    {
        count--;
        waiting.AsSpan(1, count).CopyTo(waiting);
    }
}

/// <summary>A whole message in the stash: its order in the stream, and its chunks.</summary>
internal readonly record struct WaitingMessage(ushort Ssn, uint First, uint Last);
