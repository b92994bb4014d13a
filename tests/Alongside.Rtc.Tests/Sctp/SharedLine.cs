using Alongside.Rtc.Sctp;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Sctp;

/// <summary>Several associations whose data shares one line and its queue; answers come back over a line of their own, where nothing waits. Virtual time.</summary>
internal sealed class SharedLine
{
    private readonly List<(SctpAssociation From, SctpAssociation To)> flows = [];
    private readonly byte[] packet = new byte[65536];
    private readonly SimulatedLink there, back;

    public SharedLine(ulong seed, LinkTerms terms, params CongestionPolicy[] policies)
    {
        var random = new SeededRandomSource(seed);
        (there, back) = (new(terms, random), new(terms with { Rate = 0, Loss = 0 }, random));
        foreach (var policy in policies)
        {
            // Known by their port.
            ushort port = (ushort)(5000 + flows.Count);
            var options = SctpPair.Options with { Congestion = policy, LocalPort = port, RemotePort = port };
            flows.Add((new(options, random), new(options, random)));
            Carried.Add(0);
        }
    }

    public long Now { get; private set; } = 1_000_000;

    /// <summary>Bytes that arrived since the last <see cref="Run"/> began, a flow each.</summary>
    public List<long> Carried { get; } = [];

    public double LossShare => (double)there.Dropped / there.Sent;

    /// <summary>Each flow has always more to send.</summary>
    /// <param name="late">The last one begins so much later, in microseconds.</param>
    public SharedLine Run(long microseconds, long late = 0)
    {
        byte[] message = new byte[16 * 1024];
        long end = Now + microseconds, lateAt = Now + late;
        for (int i = 0; i < flows.Count; i++)
        {
            Carried[i] = 0;
        }

        while (Now < end)
        {
            long next = end;
            for (int i = 0; i < flows.Count; i++)
            {
                var (from, to) = flows[i];
                if (i == flows.Count - 1 && Now < lateAt)
                {
                    next = Math.Min(next, lateAt);
                    continue;
                }

                if (from.State == SctpState.Closed)
                {
                    from.Connect(Now);
                }

                while (from.Buffered < 1024 * 1024 && from.TrySend(Now, 0, 53, default, message))
                {
                }

                Drain(from, there);
                Drain(to, back);
                next = Math.Min(next, Math.Min(from.NextTimeout, to.NextTimeout));
            }

            Now = Math.Max(Now, Math.Min(next, Math.Min(there.NextAt, back.NextAt)));
            Arrive();
        }

        return this;
    }

    private void Drain(SctpAssociation from, SimulatedLink link)
    {
        while (from.Poll(Now, packet) is > 0 and var length)
        {
            link.Send(Now, packet.AsSpan(0, length));
        }
    }

    private void Arrive()
    {
        while (there.Receive(Now, packet) is > 0 and var length)
        {
            int flow = Flow();
            flows[flow].To.Handle(Now, packet.AsSpan(0, length));
            while (flows[flow].To.TryRead(out var whole))
            {
                Carried[flow] += whole.Length;
            }
        }

        while (back.Receive(Now, packet) is > 0 and var length)
        {
            flows[Flow()].From.Handle(Now, packet.AsSpan(0, length));
        }
    }

    private int Flow() => ((packet[2] << 8) | packet[3]) - 5000;
}
