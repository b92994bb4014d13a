using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Dtls;
using Alongside.Rtc.Dtls.OpenSsl;
using Alongside.Rtc.Sctp;
using Alongside.Testing;

namespace Alongside.Bench.Sctp;

/// <summary>What an idle peer weighs: DTLS session, association and one open channel, after a message went each way.</summary>
internal static class IdleWeight
{
    public static object Measure(int pairs)
    {
        var random = new SeededRandomSource(7);
        var kept = new List<object>();
        kept.AddRange(Pair(random));
        long managed = GC.GetTotalMemory(forceFullCollection: true), resident = Resident();
        for (int i = 0; i < pairs; i++)
        {
            kept.AddRange(Pair(random));
        }

        long managedAfter = GC.GetTotalMemory(forceFullCollection: true), residentAfter = Resident();
        GC.KeepAlive(kept);
        return new
        {
            associations = 2 * pairs,
            managedKilobytesEach = Math.Round((managedAfter - managed) / 1024.0 / (2 * pairs), 1),
            residentKilobytesEach = Math.Round((residentAfter - resident) / 1024.0 / (2 * pairs), 1),
        };
    }

    private static object[] Pair(SeededRandomSource random)
    {
        var (leftIdentity, rightIdentity) = (DtlsIdentity.Create(random), DtlsIdentity.Create(random));
        var left = new DataTransport(new OpenSslDtls(leftIdentity, rightIdentity.Fingerprint, isClient: true), new SctpAssociation(new SctpOptions(), random), isDtlsClient: true);
        var right = new DataTransport(new OpenSslDtls(rightIdentity, leftIdentity.Fingerprint, isClient: false), new SctpAssociation(new SctpOptions(), random), isDtlsClient: false);
        long now = 1;
        left.Channels.Open(now, new ChannelTerms { Label = "idle" });
        left.Start(now);
        right.Start(now);
        byte[] datagram = new byte[2048];
        for (int i = 0; i < 30; i++, now += 25_000)
        {
            Pass(left, right);
            Pass(right, left);
        }

        if (!left.IsOpen || !right.IsOpen || right.Channels.Channels.Count != 1)
        {
            throw new InvalidOperationException("A pair did not meet.");
        }

        return [leftIdentity, rightIdentity, left, right];

        void Pass(DataTransport from, DataTransport to)
        {
            while (from.Poll(now, datagram) is > 0 and var length)
            {
                to.Handle(now, datagram.AsSpan(0, length));
                while (to.Channels.TryPoll(now, out _))
                {
                }
            }
        }
    }

    private static long Resident()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }
}
