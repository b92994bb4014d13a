using System.Buffers;

namespace Alongside.Testing.Network;

/// <summary>One direction of a way for datagrams under virtual time: the same seed and the same input give the same output.</summary>
public sealed class SimulatedLink(LinkTerms terms, SeededRandomSource random)
{
    /// <summary>Besides the datagram: IPv4, UDP and DTLS headers, which a line's rate carries too.</summary>
    private const int Overhead = 65;

    private readonly PriorityQueue<(byte[] Buffer, int Length), (long At, long Order)> underway = new();
    private long order;
    private double lineFreeAt;

    public LinkTerms Terms { get; set; } = terms;

    /// <summary>Nothing passes while it is down.</summary>
    public bool IsDown { get; set; }

    public long Sent { get; private set; }

    public long Dropped { get; private set; }

    /// <summary>When the next datagram arrives; <see cref="long.MaxValue"/> when none is under way.</summary>
    public long NextAt => underway.TryPeek(out _, out var priority) ? priority.At : long.MaxValue;

    public void Send(long now, ReadOnlySpan<byte> datagram)
    {
        Sent++;
        if (Terms.Longest > 0 && datagram.Length > Terms.Longest)
        {
            Dropped++;
            return;
        }

        double leaves = now;
        if (Terms.Rate > 0)
        {
            double waiting = Math.Max(0, lineFreeAt - now) * Terms.Rate / 1e6;
            if (waiting + datagram.Length > Terms.Queue)
            {
                Dropped++;
                return;
            }

            lineFreeAt = leaves = Math.Max(now, lineFreeAt) + ((datagram.Length + Overhead) * 1e6 / Terms.Rate);
        }

        if (IsDown || Happens(Terms.Loss))
        {
            Dropped++;
            return;
        }

        int copies = Happens(Terms.Duplicates) ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(datagram.Length);
            datagram.CopyTo(buffer);
            if (Happens(Terms.Corruption))
            {
                buffer[random.Next(datagram.Length)] ^= (byte)(1 << random.Next(8));
            }

            long jitter = Terms.Jitter > 0 ? random.Next((int)Terms.Jitter) : 0;
            underway.Enqueue((buffer, datagram.Length), ((long)leaves + Terms.Delay + jitter, order++));
        }
    }

    /// <summary>What has arrived by now, into <paramref name="into"/>; 0 when nothing has.</summary>
    public int Receive(long now, Span<byte> into)
    {
        if (underway.Count == 0 || NextAt > now)
        {
            return 0;
        }

        var (buffer, length) = underway.Dequeue();
        buffer.AsSpan(0, length).CopyTo(into);
        ArrayPool<byte>.Shared.Return(buffer);
        return length;
    }

    private bool Happens(double chance) => chance > 0 && random.Next(1_000_000) < chance * 1_000_000;
}
