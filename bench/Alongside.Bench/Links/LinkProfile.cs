namespace Alongside.Bench.Links;

/// <summary>
/// A way between two machines, the same in both directions. <paramref name="BitsPerSecond"/> 0 is no limit; <paramref name="DelayMs"/> is one way;
/// <paramref name="QueueMs"/> is how long a packet may wait for its turn before the newest are dropped; <paramref name="LossPercent"/> of the packets vanish.
/// </summary>
internal sealed record LinkProfile(string Name, string Title, long BitsPerSecond, double DelayMs, double QueueMs, double LossPercent)
{
    public static readonly LinkProfile Loopback = new("loopback", "Loopback", 0, 0, 0, 0);

    public static readonly LinkProfile[] All =
    [
        Loopback,
        new("20mbit", "20 Mbit/s, 40 ms", 20_000_000, 20, 100, 0),
        new("5mbit", "5 Mbit/s, a queue of one second", 5_000_000, 10, 1000, 0),
        new("2mbit", "2 Mbit/s, 100 ms, 1 % loss", 2_000_000, 50, 200, 1),
    ];

    public bool IsLoopback => BitsPerSecond == 0;

    public long QueueBytes => (long)(BitsPerSecond / 8 * QueueMs / 1000);
}
