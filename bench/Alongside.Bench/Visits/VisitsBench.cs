using System.Globalization;
using Alongside.Bench.Screens;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Testing;

namespace Alongside.Bench.Visits;

/// <summary>
/// What sessions leave behind in host and server: <c>visits [--sessions 1000] [--at-once 4]</c>. Each visitor comes by the link, sees the desktop, moves to a direct path, and leaves. What the
/// processes hold after so many is compared with what they held after the first fifty, when pools have what they keep. 1 is returned when it is more.
/// </summary>
internal static class VisitsBench
{
    public const string Usage = "visits [--sessions 1000] [--at-once 4]";

    /// <summary>Far fewer than sessions, far more than a thread pool or a garbage collector needs to be late.</summary>
    private const int Slack = 12;
    private const int WarmUp = 50;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);

    public static int Run(string[] args)
    {
        int sessions = NumberOption.Of(args, "--sessions", 1_000), atOnce = NumberOption.Of(args, "--at-once", 4);
        using var programs = new Programs();
        var (link, server, host) = programs.StartAlongside(
            programs.StartScreen("1280x800"), direct: true, "--rooms-per-source", "100000", "--joins-per-source", "100000", "--joins-per-room", "100000", "--sockets-per-source", "100000");
        if (!RoomCode.TryParse(link, out var invitation, out _))
        {
            throw new InvalidOperationException($"{link} is no link to a room.");
        }

        var address = new Uri(new Uri(link).GetLeftPart(UriPartial.Authority));
        Visit(address, invitation, WarmUp, atOnce);
        (int Id, string Name)[] processes = [(host, "host"), (server, "server")];
        Belongings[] before = [.. processes.Select(process => Settled(process.Id, null))];
        Visit(address, invitation, sessions, atOnce);
        Console.Error.WriteLine();
        Console.WriteLine($"What {sessions:N0} sessions leave behind, each with a direct path, {atOnce} at once, after {WarmUp} that are not counted.\n");
        Console.WriteLine($"  {"",-20} {"sockets",9} {"handles",9} {"threads",9} {"MB",9}");
        bool same = true;
        for (int i = 0; i < processes.Length; i++)
        {
            var after = Settled(processes[i].Id, before[i]);
            Row($"{processes[i].Name}, before", before[i]);
            Row($"{processes[i].Name}, after", after);
            same &= after.IsNoMoreThan(before[i], Slack);
        }

        Console.WriteLine(same ? "\n  Nothing is left behind." : "\n  SOMETHING IS LEFT BEHIND.");
        return same ? 0 : 1;
    }

    private static void Visit(Uri address, Invitation invitation, int sessions, int atOnce)
    {
        int begun = 0, done = 0;
        Task.WaitAll([.. Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref begun) <= sessions)
            {
                await VisitOnceAsync(address, invitation);
                Console.Error.Write($"\r{Interlocked.Increment(ref done)} of {sessions} sessions ");
            }
        }))]);
    }

    private static async Task VisitOnceAsync(Uri address, Invitation invitation)
    {
        await using var viewer = new LiveViewer(address, invitation, "Visitor", Grant.All, direct: true);
        await viewer.JoinAsync();
        viewer.Await("the desktop is there", (session, _) => session.IsLive && session.Picture is not null);
        viewer.Await("the path is direct", (session, _) => session.IsDirect, seconds: 60);
    }

    /// <summary>When what has ended is gone: as little as before, or else no less for as long as anything may linger.</summary>
    private static Belongings Settled(int process, Belongings? before)
    {
        Belongings now;
        long end = Environment.TickCount64 + (long)(before is null ? TimeSpan.FromSeconds(10) : Settling).TotalMilliseconds;
        do
        {
            Thread.Sleep(1000);
            now = Belongings.Of(process);
        }
        while (Environment.TickCount64 < end && (before is not { } aim || !now.IsNoMoreThan(aim, slack: 0)));

        return now;
    }

    private static void Row(string name, Belongings what) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-20} {what.Sockets,9} {what.Handles,9} {what.Threads,9} {what.Megabytes,9:0}"));
}
