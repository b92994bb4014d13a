using Alongside.Testing;

namespace Alongside.Bench.Sctp;

/// <summary>
/// What an idle peer weighs: ICE, DTLS session, association and one open channel, some seconds after a message went each way. Managed memory, what OpenSSL has
/// allocated, and by how much the process grew, which has the holes between them too.
/// </summary>
internal static class IdleWeight
{
    public static object Measure(int pairs)
    {
        var random = new SeededRandomSource(7);
        var kept = new List<object> { IdlePeer.Pair(random) };
        var before = Weigh();
        for (int i = 0; i < pairs; i++)
        {
            kept.Add(IdlePeer.Pair(random));
        }

        var after = Weigh();
        GC.KeepAlive(kept);
        return new
        {
            associations = 2 * pairs,
            managedKilobytesEach = Each(after.Managed - before.Managed),
            nativeKilobytesEach = Each(after.Native - before.Native),
            residentKilobytesEach = Each(after.Resident - before.Resident),
            aim = "managed and native together under 64 KB",
        };

        double Each(long bytes) => Math.Round(bytes / 1024.0 / (2 * pairs), 1);
    }

    private static (long Managed, long Native, long Resident) Weigh() => (GC.GetTotalMemory(forceFullCollection: true), NativeMemory.InUse, NativeMemory.Resident());
}
