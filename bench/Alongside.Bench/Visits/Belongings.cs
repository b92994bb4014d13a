namespace Alongside.Bench.Visits;

/// <summary>What a process holds of the system at one moment.</summary>
/// <param name="Handles">Open files that are no sockets.</param>
/// <param name="Megabytes">Resident, of 10^6 bytes.</param>
internal readonly record struct Belongings(int Sockets, int Handles, int Threads, double Megabytes)
{
    public static Belongings Of(int process)
    {
        string[] open = [.. Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget ?? "")];
        int sockets = open.Count(target => target.StartsWith("socket:", StringComparison.Ordinal));
        return new(sockets, open.Length - sockets, Directory.EnumerateDirectories($"/proc/{process}/task").Count(), ResidentMemory.BytesOf(process) / 1e6);
    }

    /// <summary>Whether it is no more than that was, but for what any process opens and closes.</summary>
    public bool IsNoMoreThan(Belongings before, int slack) =>
        Sockets <= before.Sockets + slack && Handles <= before.Handles + slack && Threads <= before.Threads + slack;
}
