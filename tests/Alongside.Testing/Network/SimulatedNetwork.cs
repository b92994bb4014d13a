using Alongside.Rtc.Wire;

namespace Alongside.Testing.Network;

/// <summary>What happens to packets on one machine's line, each way. Times in microseconds.</summary>
/// <param name="Delay">One way.</param>
/// <param name="Jitter">Up to so much more, each packet for itself: they overtake each other.</param>
/// <param name="LossPercent">0 to 100.</param>
/// <param name="DuplicatePercent">0 to 100.</param>
/// <param name="BytesPerSecond">0: as many as there are. What would wait longer than half a second is lost.</param>
public sealed record Line(long Delay, long Jitter = 0, int LossPercent = 0, int DuplicatePercent = 0, long BytesPerSecond = 0);

/// <summary>An internet in a box: realms, routers, machines with lines, servers. One clock, one source of chance: the same seed gives the same run, bit for bit.</summary>
public sealed class SimulatedNetwork
{
    private const long MostWait = 500_000;
    private ulong digest = 14695981039346656037;

    public SimulatedNetwork(ulong seed)
    {
        Random = new(seed);
        Internet = new(this);
    }

    public VirtualTime Time { get; } = new();

    public SeededRandomSource Random { get; }

    public Realm Internet { get; }

    /// <summary>Packets that came nowhere.</summary>
    public long Lost { get; set; }

    /// <summary>Of every packet that came to a machine, and when.</summary>
    public ulong Digest => digest;

    /// <summary>Lets a packet travel along a line, and says when it is at its end; once, twice or not at all.</summary>
    public void Travel(Line line, ref long freeAt, int length, Action arrives)
    {
        if (Random.Next(100) < line.LossPercent)
        {
            Lost++;
            return;
        }

        long start = Time.Now;
        if (line.BytesPerSecond > 0)
        {
            start = Math.Max(start, freeAt);
            if (start - Time.Now > MostWait)
            {
                Lost++;
                return;
            }

            freeAt = start + (length * 1_000_000L / line.BytesPerSecond);
        }

        Time.At(start + line.Delay + Some(line.Jitter), arrives);
        if (Random.Next(100) < line.DuplicatePercent)
        {
            Time.At(start + line.Delay + Some(line.Jitter), arrives);
        }
    }

    public void Note(TransportAddress from, TransportAddress to, ReadOnlySpan<byte> packet)
    {
        Mix(Time.Now);
        Mix((long)from.Mix(1));
        Mix((long)to.Mix(2));
        foreach (byte next in packet)
        {
            digest = (digest ^ next) * 1099511628211;
        }
    }

    private void Mix(long value) => digest = (digest ^ (ulong)value) * 1099511628211;

    private long Some(long most) => most <= 0 ? 0 : Random.Next((int)Math.Min(most, int.MaxValue));
}
