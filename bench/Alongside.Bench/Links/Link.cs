using System.Diagnostics;
using System.Runtime.InteropServices;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Links;

/// <summary>
/// Two network namespaces, one for the server's programs and one for the viewer's, and a link of a <see cref="LinkProfile"/> between them. The kernel's
/// own TCP and UDP meet rate, queue, delay and loss packet by packet: a thread of ours carries them from one tun device to the other.
/// On loopback there are no namespaces, and no root is needed.
/// </summary>
internal sealed partial class Link : IDisposable
{
    private const int RoundRobin = 2;
    private const short Readable = 1;
    private readonly PacketPipe toViewer, toServer;
    private readonly Tun? server, viewer;
    private readonly Thread? carrier;
    private volatile bool ended;

    public Link(LinkProfile profile)
    {
        Profile = profile;
        (toViewer, toServer) = (new(profile, 1), new(profile, 2));
        if (profile.IsLoopback)
        {
            return;
        }

        RemoveAbandoned();
        string id = $"{Environment.ProcessId}";
        (ServerSpace, ViewerSpace) = ($"alongside-s{id}", $"alongside-v{id}");
        server = new Tun("as" + id);
        viewer = new Tun("av" + id);
        Settle(ServerSpace, "as" + id, "10.77.0.1", "10.77.0.2");
        Settle(ViewerSpace, "av" + id, "10.77.0.2", "10.77.0.1");
        carrier = new Thread(Carry) { IsBackground = true };
        carrier.Start();
    }

    public LinkProfile Profile { get; }

    public string? ServerSpace { get; }

    public string? ViewerSpace { get; }

    /// <summary>Where the viewer's programs find the server's.</summary>
    public string ServerAddress => ServerSpace is null ? "127.0.0.1" : "10.77.0.1";

    public long PacketsDropped => toViewer.Dropped + toServer.Dropped;

    public void Dispose()
    {
        ended = true;
        carrier?.Join();
        foreach (string? space in (string?[])[ServerSpace, ViewerSpace])
        {
            if (space is not null)
            {
                Programs.Run("ip", "netns", "delete", space);
            }
        }

        server?.Dispose();
        viewer?.Dispose();
    }

    /// <summary>Spaces of measurements that were ended before they could remove them.</summary>
    private static void RemoveAbandoned()
    {
        foreach (string line in Programs.Run("ip", "netns", "list").Split('\n'))
        {
            string space = line.Split(' ')[0];
            if ((space.StartsWith("alongside-s", StringComparison.Ordinal) || space.StartsWith("alongside-v", StringComparison.Ordinal))
                && !Directory.Exists($"/proc/{space["alongside-s".Length..]}"))
            {
                Programs.Run("ip", "netns", "delete", space);
            }
        }
    }

    private static void Settle(string space, string device, string address, string peer)
    {
        Programs.Run("ip", "netns", "add", space);
        Programs.Run("ip", "link", "set", device, "netns", space);
        Programs.Run("ip", "-n", space, "link", "set", "lo", "up");
        Programs.Run("ip", "-n", space, "address", "add", address, "peer", peer, "dev", device);

        // The queue is ours; the device's own only has to take what the kernel sends at once.
        Programs.Run("ip", "-n", space, "link", "set", device, "mtu", "1500", "txqueuelen", "1000", "up");
    }

    private void Carry()
    {
        // Waking late would be a delay of the link that nobody asked for. Refused without root: then it is only less exact.
        int priority = 10;
        _ = SetScheduler(0, RoundRobin, ref priority);
        byte[] buffer = new byte[2048];
        Span<Poll> waits = stackalloc Poll[2];
        while (!ended)
        {
            long now = Now();
            Move(server!, toViewer, viewer!, buffer, now);
            Move(viewer!, toServer, server!, buffer, now);
            long due = Math.Min(toViewer.NextDue, toServer.NextDue);
            waits[0] = new() { Handle = server!.Handle, Events = Readable };
            waits[1] = new() { Handle = viewer!.Handle, Events = Readable };
            var time = Timespec.From(Math.Clamp(due - Now(), 0, 50_000));
            _ = WaitFor(ref MemoryMarshal.GetReference(waits), 2, ref time, 0);
        }
    }

    private static void Move(Tun from, PacketPipe pipe, Tun to, byte[] buffer, long now)
    {
        while (from.TryRead(buffer, out int length))
        {
            pipe.Add(now, buffer.AsSpan(0, length));
        }

        while (pipe.TryTake(now, out byte[] packet))
        {
            to.Write(packet);
        }
    }

    // Not multiplied first: ticks of a machine that is up for three hours, times a million, are more than a long holds.
    private static long Now() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int WaitFor(ref Poll polls, nuint count, ref Timespec time, nint signals);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, ref int priority);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Handle;
        public short Events, Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds, Nanoseconds;

        public static Timespec From(long microseconds) => new() { Seconds = microseconds / 1_000_000, Nanoseconds = microseconds % 1_000_000 * 1000 };
    }
}
