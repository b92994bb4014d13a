namespace Alongside.Rtc.Sctp;

/// <summary>
/// How long a packet the path carries, found by trying (RFC 8899): begins with what every path does and goes up the lengths that networks have, one try after another. What is not
/// answered three times is the end of it for ten minutes. Falls back to the beginning when long packets are seen to vanish. Who sends a try: SctpAssociation.Output.cs; who sees it: Sender.Loss.cs.
/// Lengths are those of SCTP packets, times microseconds.
/// </summary>
internal sealed class PathMtu
{
    private const int MaxTries = 3;

    private const long ShortestWait = 300_000, LongestWait = 2_000_000;

    /// <summary>After so long the path may have become another (PMTU_RAISE_TIMER).</summary>
    private const long TryAgainAfter = 600_000_000;

    /// <summary>Before the tries after a fall: whatever makes packets vanish may not be over.</summary>
    private const long Pause = 1_000_000;

    private readonly int least;
    private readonly int most;
    private int rung;
    private int tries;
    private long dueAt = long.MaxValue;

    /// <summary>
    /// What an MTU leaves when IP, UDP and DTLS 1.2 have had theirs: 1400 and 1420 (tunnels) and 1500 with IPv6; 1500 with IPv4; and what peers read whose buffers hold 2,048 bytes, which are
    /// Chromium's and ours, where a network carries more.
    /// </summary>
    private static ReadOnlySpan<int> Rungs => [1312, 1332, 1412, 1432, 2008];

    public PathMtu(int least, int most) => (this.least, this.most, Current) = (least, most, least);

    /// <summary>Packets may be so long now.</summary>
    public int Current { get; private set; }

    /// <summary>When <see cref="Due"/> has something to say.</summary>
    public long NextTimeout => dueAt;

    /// <summary>The association stands, or the path is another one: nothing is known of it.</summary>
    public void Begin(long now)
    {
        Current = least;
        rung = -1;
        Climb(now);
    }

    /// <summary>The length to be tried now; 0: none.</summary>
    public int Due(long now, long roundTrip)
    {
        if (now < dueAt)
        {
            return 0;
        }

        if (tries == MaxTries)
        {
            tries = 0;
            dueAt = now + TryAgainAfter;
            return 0;
        }

        tries++;
        dueAt = now + Math.Clamp(3 * roundTrip, ShortestWait, LongestWait);
        return Rungs[rung];
    }

    /// <summary>A packet of this length has arrived.</summary>
    public void Arrived(long now, int length)
    {
        if (rung < Rungs.Length && length == Rungs[rung])
        {
            Current = length;
            Climb(now);
        }
    }

    /// <summary>Long packets arrive no longer.</summary>
    public void Fall(long now)
    {
        if (Current != least)
        {
            Begin(now + Pause);
        }
    }

    private void Climb(long now)
    {
        tries = 0;
        do
        {
            rung++;
        }
        while (rung < Rungs.Length && Rungs[rung] <= Current);
        dueAt = rung < Rungs.Length && Rungs[rung] <= most ? now : long.MaxValue;
    }
}
