using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Sending;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Bench.Sctp;

/// <summary>Goodput of one association over a simulated line, of 100 Mbit/s but for one, in virtual time: the same on every machine.</summary>
internal static class LineGoodput
{
    private const long Wide = 12_500_000, Thin = 250_000;
    private const long Warm = 2_000_000, Measured = 20_000_000;
    private const int Message = 64 * 1024;

    public static object Measure()
    {
        var lines = new List<object>();
        foreach (var (rate, roundTrip, loss) in new[] { (Wide, 20, 0.0), (Wide, 100, 0.0), (Wide, 40, 0.01), (Wide, 100, 0.02), (Wide, 20, 0.001), (Thin, 100, 0.01) })
        {
            double standard = 0;
            foreach (var policy in new[] { CongestionPolicy.Reno, CongestionPolicy.Cubic })
            {
                var (goodput, delay, dropped) = Run(rate, roundTrip * 500, loss, policy);
                standard = policy == CongestionPolicy.Reno ? goodput : standard;
                lines.Add(new
                {
                    lineMegabits = rate * 8 / 1_000_000,
                    roundTripMs = roundTrip,
                    lossPercent = loss * 100,
                    policy = policy.ToString(),
                    megabits = Math.Round(goodput * 8 / 1e6, 1),
                    shareOfLine = Math.Round(goodput / rate, 3),
                    addedDelayMs = Math.Round(delay / 1000.0, 1),
                    dropped,
                    timesTheStandards = Math.Round(goodput / standard, 1),
                    aim = (policy, roundTrip, loss) switch
                    {
                        (CongestionPolicy.Cubic, 20, 0) => "0.9 of the line",
                        (CongestionPolicy.Cubic, 40, _) => "twice the standard's",
                        _ => null,
                    },
                });
            }
        }

        return lines;
    }

    private static (double Goodput, double Delay, long Dropped) Run(long rate, long oneWay, double loss, CongestionPolicy policy)
    {
        var random = new SeededRandomSource(42);
        var options = new SctpOptions { Congestion = policy };
        var (left, right) = (new SctpAssociation(options, random), new SctpAssociation(options, random));

        // A queue of one round trip, as a good router has, and packets as long as Ethernet's.
        var terms = new LinkTerms { Delay = oneWay, Loss = loss, Rate = rate, Longest = 1435, Queue = (int)(rate * Math.Max(2 * oneWay, 20_000) / 1_000_000) };
        var (toRight, toLeft) = (new SimulatedLink(terms, random), new SimulatedLink(terms with { Loss = 0 }, random));
        byte[] packet = new byte[2048], message = new byte[Message];
        long now = 1_000_000, end = now + Warm + Measured, received = 0;
        double delay = 0;
        int delays = 0;
        left.Connect(now);
        while (now < end)
        {
            while (left.Buffered < 4 * 1024 * 1024 && left.TrySend(now, 0, 53, default(SendTerms), message))
            {
            }

            Drain(left, toRight);
            Drain(right, toLeft);
            now = Math.Max(now, Math.Min(Math.Min(left.NextTimeout, right.NextTimeout), Math.Min(toLeft.NextAt, toRight.NextAt)));
            Arrive(toRight, right);
            Arrive(toLeft, left);
            while (right.TryRead(out var whole))
            {
                received += now > 1_000_000 + Warm ? whole.Length : 0;
            }

            if (left.Statistics.RoundTrip > 0)
            {
                delay += left.Statistics.RoundTrip - (2 * oneWay);
                delays++;
            }
        }

        return (received * 1e6 / Measured, delay / Math.Max(1, delays), toRight.Dropped);

        void Drain(SctpAssociation from, SimulatedLink link)
        {
            while (from.Poll(now, packet) is > 0 and var length)
            {
                link.Send(now, packet.AsSpan(0, length));
            }
        }

        void Arrive(SimulatedLink link, SctpAssociation to)
        {
            while (link.Receive(now, packet) is > 0 and var length)
            {
                to.Handle(now, packet.AsSpan(0, length));
            }
        }
    }
}
