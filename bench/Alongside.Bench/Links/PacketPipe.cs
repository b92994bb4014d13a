namespace Alongside.Bench.Links;

/// <summary>
/// One direction of a link, without clock or socket: a bottleneck of a fixed rate with a queue of so many bytes (what does not fit is dropped), then the
/// delay of the distance, then loss. Times are microseconds.
/// </summary>
internal sealed class PacketPipe(LinkProfile profile, int seed)
{
    private readonly Queue<(long Due, byte[] Packet)> travelling = new();
    private readonly Random random = new(seed);
    private long free;

    public long Passed { get; private set; }

    public long Dropped { get; private set; }

    /// <summary>When <see cref="TryTake"/> will next have something; <see cref="long.MaxValue"/> when nothing travels.</summary>
    public long NextDue => travelling.TryPeek(out var first) ? first.Due : long.MaxValue;

    public void Add(long now, ReadOnlySpan<byte> packet)
    {
        long waits = Math.Max(0, free - now);
        if (waits * profile.BitsPerSecond / 8_000_000 + packet.Length > profile.QueueBytes || random.NextDouble() * 100 < profile.LossPercent)
        {
            Dropped++;
            return;
        }

        free = Math.Max(free, now) + (packet.Length * 8_000_000L / profile.BitsPerSecond);
        travelling.Enqueue((free + (long)(profile.DelayMs * 1000), packet.ToArray()));
    }

    public bool TryTake(long now, out byte[] packet)
    {
        packet = [];
        if (!travelling.TryPeek(out var first) || first.Due > now)
        {
            return false;
        }

        travelling.Dequeue();
        packet = first.Packet;
        Passed += packet.Length;
        return true;
    }
}
